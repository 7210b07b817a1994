import { EVENTS_PATH, type ViewRoute } from '../viewer/server/view-server-node.ts';
import type { ViewData } from '../viewer/view-data.ts';
import type { PageInput, PagePhoto } from './page-input.ts';
import type { ViewSource } from './view-source.ts';

/**
 * Fills the routes of a page: `/`, `/model`, `/wasm` and `/photo-N`, the page made anew for every request, for a run may have gone on.
 *
 * @param routes - Receives a further photograph's route whenever a page names one; nothing else is ever added.
 * @throws As `source.page` does, now, rather than at the first request.
 */
export async function servedPage(source: ViewSource, routes: Map<string, ViewRoute>, isFollowed: boolean): Promise<void> {
  const [{ fillViewerPage }, { readViewerPage, readWasmBinary }] = await Promise.all([import('../viewer/fill-page.ts'), import('../viewer/page-node.ts')]), template = readViewerPage(), wasm = await readWasmBinary();
  const urls = new Map<string, string>();
  const urlOf = ({ key, pixels }: PagePhoto): string => {
    const url = urls.get(key) ?? `/photo-${urls.size}`;
    urls.set(key, url);
    routes.set(url, { type: 'image/jpeg', read: async () => (await import('../io/node-image.ts')).encodeJpeg(await pixels()) });
    return url;
  };
  const data = ({ title, faces }: PageInput): ViewData => ({
    version: 1, title, model: { url: '/model' }, wasm: { url: '/wasm' }, events: isFollowed ? EVENTS_PATH : null,
    faces: faces.map(({ photo, ...face }) => ({ ...face, photo: photo && { url: urlOf(photo), width: photo.width, height: photo.height }, mesh: null })),
  });
  await source.page();
  routes.set('/', { type: 'text/html; charset=utf-8', read: async () => fillViewerPage(template, data(await source.page())) });
  routes.set('/model', { type: 'application/octet-stream', read: source.model });
  routes.set('/wasm', { type: 'application/wasm', read: async () => wasm });
}
