/** What of a request is looked at before it is answered. */
export interface RequestHead {
  readonly method: string;
  /** As it was sent, with its query. */
  readonly target: string;
  /** Names and values as they were sent, one after the other. */
  readonly rawHeaders: readonly string[];
}

/** Why a request is not answered. */
export interface Refusal {
  readonly status: 400 | 403 | 405 | 421;
  readonly reason: string;
}

/** The page itself: all other routes are its data. */
export const PAGE_PATH = '/';

const NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Whether a request to a server on loopback is refused: `null` for one that a page of its own, or a person at this machine, makes.
 *
 * - `Host` must be this machine's own name with the server's port: a foreign name that was made to lead here (DNS rebinding) is told apart by it.
 * - Nothing but GET and HEAD, and no body.
 * - Other pages of the same browser get nothing: their requests say so in `Origin` or `Sec-Fetch-Site`. They may link to the page, no more.
 *
 * @param port - The one that the server listens at.
 */
export function refuseRequest({ method, target, rawHeaders }: RequestHead, port: number): Refusal | null {
  const values = (name: string): string[] => rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]!.toLowerCase() === name);
  const own = [...NAMES.map((name) => `${name}:${port}`), ...(port === 80 ? NAMES : [])], hosts = values('host');
  if (hosts.length !== 1) return { status: 400, reason: 'one Host header is needed' };
  if (!own.includes(hosts[0]!.toLowerCase())) return { status: 421, reason: 'this server answers to localhost only' };
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, reason: 'only GET and HEAD' };
  if (values('content-length').some((length) => length !== '0') || values('transfer-encoding').length > 0) return { status: 400, reason: 'no body is read here' };
  if (values('origin').some((origin) => !own.some((host) => origin.toLowerCase() === `http://${host}`))) return { status: 403, reason: 'another origin' };
  const sites = values('sec-fetch-site'), isLink = pathOf(target) === PAGE_PATH && values('sec-fetch-mode').join() === 'navigate' && values('sec-fetch-dest').join() === 'document';
  if (!isLink && sites.some((site) => site !== 'same-origin' && site !== 'none')) return { status: 403, reason: 'another site' };
  return null;
}

/** The target without its query, as it was sent: nothing is decoded or resolved, for it is only ever compared with the routes. */
export const pathOf = (target: string): string => target.split('?', 1)[0]!;
