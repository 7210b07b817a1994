import { basename, dirname, join } from 'node:path';
import { ArgumentError } from '../core/errors.ts';
import type { SceneRecord } from '../dense/scene-record.ts';
import type { PixelImage } from '../io/image.ts';
import { readInside } from '../viewer/server/open-inside-node.ts';
import { advise, type CommandContext, isTyped } from './context.ts';
import type { PagePhoto } from './page-input.ts';
import { fieldsIn, parse } from './parse-kept-fit.ts';
import { EXAMPLE } from './reconstruct.ts';

/**
 * The photograph that a scene was made from: the one that is given; or that of its name beside the scene; or, for it need not lie there, the one inside the `viewer.html` beside it.
 * A scene names its photograph without folders: nothing else is read, and nothing that a link leads out of the folder to.
 *
 * @returns `null`, and a note, where there is none of its size.
 * @throws {@link ArgumentError} if the one that is given is of another size.
 */
export async function photoOfScene(context: CommandContext, { photo: size, options }: SceneRecord, folder: string, given: string | undefined): Promise<PagePhoto | null> {
  const { decodeImage, readImageFile } = await import('../io/node-image.ts'), asPhoto = (pixels: PixelImage): PagePhoto => ({ key: 'photo', ...size, pixels: async () => pixels });
  const fits = ({ width, height }: { readonly width: number; readonly height: number }): boolean => width === size.width && height === size.height;
  if (given !== undefined) {
    const pixels = await advise('give a photo as JPEG, PNG, WebP, AVIF, TIFF or GIF', () => readImageFile(given));
    if (!fits(pixels)) throw new ArgumentError('--photo', given, `the ${size.width} x ${size.height} pixels of the photo that the scene was made from`, `${pixels.width} x ${pixels.height}`);
    return asPhoto(pixels);
  }
  const decode = async (bytes: Uint8Array | null): Promise<PixelImage | null> => (bytes ? decodeImage(bytes).catch((error: unknown) => { if (isTyped(error)) return null; throw error; }) : null);
  const name = typeof options.photo === 'string' ? options.photo : '', [place, file] = name === 'example' ? [dirname(EXAMPLE.photo), basename(EXAMPLE.photo)] : [folder, name];
  const beside = file !== '' && basename(file) === file ? await decode(await readInside(place, file)) : null;
  if (beside && fits(beside)) return asPhoto(beside);
  const page = await photoOfPage(folder), inside = page && fits(page) ? await decode(page.bytes) : null;
  // It may have been made smaller: then its edges are still in proportion.
  if (inside && Math.abs(inside.width * size.height - inside.height * size.width) <= Math.max(size.width, size.height)) return asPhoto(inside);
  context.note(`shown without a photograph: ${name === '' ? 'the scene names none' : `there is no ${name} of ${size.width} x ${size.height} pixels beside it`}; give it as --photo`);
  return null;
}

const DATA = /<script type="application\/json" id="data">([^<]*)<\/script>/, JPEG = /^data:image\/jpeg;base64,([A-Za-z0-9+/]+=*)$/;

/** The first photograph inside a viewer.html, and the size that it says the whole has. */
async function photoOfPage(folder: string): Promise<{ readonly width: number; readonly height: number; readonly bytes: Uint8Array } | null> {
  const bytes = await readInside(folder, 'viewer.html', 1 << 28), data = fieldsIn(parse(DATA.exec(bytes ? new TextDecoder().decode(bytes) : '')?.[1] ?? ''));
  const { url, width, height } = fieldsIn(fieldsIn(Array.isArray(data.faces) ? data.faces[0] : data).photo), text = typeof url === 'string' ? JPEG.exec(url)?.[1] : undefined;
  return text !== undefined && Number.isInteger(width) && Number.isInteger(height) ? { width: width as number, height: height as number, bytes: new Uint8Array(Buffer.from(text, 'base64')) } : null;
}

/** Finds a portrait by its file's name. */
export type PortraitPhotos = (file: string) => Promise<PagePhoto | null>;

/**
 * The photographs of a folder of portraits, or of its `images`; `undefined`: none.
 *
 * @throws {@link ArgumentError} if there is no such folder.
 */
export async function portraitPhotos(folder: string | undefined): Promise<PortraitPhotos> {
  if (folder === undefined) return async () => null;
  const { stat } = await import('node:fs/promises'), { decodeImage, imageSize } = await import('../io/node-image.ts'), isFolder = async (path: string): Promise<boolean> => stat(path).then((found) => found.isDirectory(), () => false);
  if (!await isFolder(folder)) throw new ArgumentError('--portraits', folder, 'a folder with photographs', 'none there');
  const place = await isFolder(join(folder, 'images')) ? join(folder, 'images') : folder, known = new Map<string, PagePhoto | null>();
  const find = async (file: string): Promise<PagePhoto | null> => {
    const bytes = basename(file) === file ? await readInside(place, file) : null, size = bytes && await imageSize(bytes).catch(() => null);
    return size && { key: file, ...size, pixels: async () => decodeImage(await readInside(place, file) ?? new Uint8Array(), file) };
  };
  return async (file) => {
    if (!known.has(file)) known.set(file, await find(file));
    return known.get(file)!;
  };
}
