import { ArgumentError } from '../core/errors.ts';
import type { ViewerData } from './viewer-data.ts';

/** What the built page holds where data and title belong. */
export const DATA_PLACE = '/*retinamesh:data*/', TITLE_PLACE = 'retinamesh:title';

/**
 * The viewer page of one reconstruction: the built page with its data inside, one file that needs no network.
 *
 * The data becomes a JSON block, in which every `<` is written as an escape: no text in it, such as a file's name, can end the
 * block or start another element.
 *
 * @param template - The page as `npm run build:viewer` made it.
 * @throws {@link ArgumentError} if the template has no place for the data, or `photo.url` is not a `data:` URL.
 */
export function fillViewerPage(template: string, data: ViewerData): string {
  if (!data.photo.url.startsWith('data:image/')) throw new ArgumentError('fillViewerPage', 'photo.url', 'a data: URL of an image', data.photo.url.slice(0, 40));
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
