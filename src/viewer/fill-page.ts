import { ArgumentError } from '../core/errors.ts';
import type { ViewData } from './view-data.ts';

/** What the built page holds where data and title belong. */
export const DATA_PLACE = '/*retinamesh:data*/', TITLE_PLACE = 'retinamesh:title';

/**
 * The viewer page: the built page with its data inside, one file that needs no network where the data names no addresses.
 *
 * The data becomes a JSON block, in which every `<` is written as an escape: no text in it, such as a file's name, can end the
 * block or start another element.
 *
 * @param template - The page as `npm run build:viewer` made it.
 * @throws {@link ArgumentError} if the template has no place for the data, or a photograph's URL is neither a `data:` URL of an image nor a path on the page's own server.
 */
export function fillViewerPage(template: string, data: ViewData): string {
  for (const { photo } of data.faces) {
    if (photo && !/^(data:image\/|\/[^/\\])/.test(photo.url)) throw new ArgumentError('fillViewerPage', 'photo.url', "a data: URL of an image, or a path on the page's own server", photo.url.slice(0, 40));
  }
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  // Cut first, then joined: neither what is inserted nor `$&` and its like in it is searched again.
  const [head, rest] = cut(template, TITLE_PLACE), [middle, tail] = cut(rest, DATA_PLACE);
  return head + escapeHtml(data.title) + middle + json + tail;
}

function cut(page: string, place: string): [string, string] {
  const at = page.indexOf(place);
  if (at < 0) throw new ArgumentError('fillViewerPage', 'template', `a place ${place}`, `none in ${page.length} characters`);
  return [page.slice(0, at), page.slice(at + place.length)];
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => ENTITIES[c]!);
