import type { Resource } from '../../view-data.ts';

/** The bytes of a resource, fetched anew each time where it is not in the page. */
export async function fetchBytes(resource: Resource): Promise<Uint8Array<ArrayBuffer>> {
  if ('base64' in resource) return Uint8Array.from(atob(resource.base64), (c) => c.charCodeAt(0));
  const response = await fetch(resource.url, { cache: 'no-store' });
  if (!response.ok) throw new Error(`${resource.url}: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}
