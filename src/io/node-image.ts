import sharp, { type Sharp } from 'sharp';
import { ArgumentError, FormatError, UnsupportedError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import { assertPixelImage, type PixelImage } from './image.ts';
import { READ_FILE_DEFAULTS, readFileBytes, writeFileAtomic } from './node.ts';

/** Limits on an image file, checked before any pixel is decoded. */
export interface ReadImageOptions {
  /** Width x height as the file's header states them. */
  readonly maxPixels: number;
  /** Size of the file. */
  readonly maxBytes: number;
  /** An image with transparency keeps it, as a fourth channel, instead of being laid on white. */
  readonly keepAlpha: boolean;
}

export const READ_IMAGE_DEFAULTS: ReadImageOptions = { maxPixels: 100_000_000, maxBytes: READ_FILE_DEFAULTS.maxBytes, keepAlpha: false };

/**
 * Reads a photograph as 8-bit sRGB with 3 channels, or 4 with its transparency, upright by its EXIF orientation.
 *
 * JPEG, PNG, WebP, AVIF, GIF, TIFF and SVG are read, whatever their depth: grey is repeated in three channels, 16 bits are
 * reduced to 8, CMYK and other profiles are converted to sRGB, transparency is laid on white, unless it is kept.
 *
 * @returns The image; its width and height are those of the upright photograph.
 * @throws {@link ArgumentError} if the file is missing, unreadable or larger than a limit; {@link FormatError} if it is
 *   empty, no image or truncated; {@link UnsupportedError} if it is animated.
 */
export async function readImageFile(path: string, options: Partial<ReadImageOptions> = {}): Promise<PixelImage> {
  const { maxPixels, maxBytes, keepAlpha } = resolveOptions('readImageFile', READ_IMAGE_DEFAULTS, options);
  return decodeImage(await readFileBytes(path, { maxBytes }), path, { maxPixels, keepAlpha });
}

/** {@link readImageFile} on bytes that are already here; `where` names them in errors. */
export async function decodeImage(bytes: Uint8Array, where = 'decodeImage', options: Partial<Omit<ReadImageOptions, 'maxBytes'>> = {}): Promise<PixelImage> {
  const { maxPixels, keepAlpha } = resolveOptions('decodeImage', READ_IMAGE_DEFAULTS, options);
  if (bytes.length === 0) throw new FormatError(where, 'the image', 'at least one byte', 'an empty file', 'byte 0');
  // The limit is ours, so that the error can state it; sharp's own would refuse with less to go by.
  const input = (): Sharp => sharp(bytes, { limitInputPixels: false, failOn: 'truncated' });
  const header = await input().metadata().catch((error: Error) => {
    throw new FormatError(where, 'the image', 'the header of a JPEG, PNG, WebP, AVIF, GIF or TIFF file', firstLine(error), 'byte 0');
  });
  const { width, height, pages = 1 } = header;
  if (pages > 1) throw new UnsupportedError(where, `an image of ${pages} frames or pages`, 'save the one you want as PNG or JPEG');
  if (width * height > maxPixels) throw new ArgumentError(where, 'the image', `at most ${maxPixels} pixels`, `${width} x ${height} = ${width * height}`);
  try {
    const upright = input().autoOrient().toColourspace('srgb'), laid = keepAlpha && header.hasAlpha ? upright : upright.flatten({ background: '#ffffff' });
    const { data, info } = await laid.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    if (keepAlpha && info.channels === 4) return { width: info.width, height: info.height, channels: 4, data: new Uint8Array(data) };
    return { width: info.width, height: info.height, channels: 3, data: toThreeChannels(data, info.channels) };
  } catch (error) {
    throw new FormatError(where, 'the image', `${width} x ${height} whole pixels`, firstLine(error as Error), `some byte before ${bytes.length}`);
  }
}

/**
 * Width and height of an image file's upright picture, of which only the header is read.
 *
 * @throws {@link FormatError} if it is no image.
 */
export async function imageSize(bytes: Uint8Array, where = 'imageSize'): Promise<{ readonly width: number; readonly height: number }> {
  const { autoOrient: { width, height } } = await sharp(bytes, { limitInputPixels: false }).metadata().catch((error: Error) => {
    throw new FormatError(where, 'the image', 'the header of a JPEG, PNG, WebP, AVIF, GIF or TIFF file', firstLine(error), 'byte 0');
  });
  return { width, height };
}

function toThreeChannels(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return new Uint8Array(data.buffer, data.byteOffset, data.length);
  const out = new Uint8Array((3 * data.length) / channels);
  for (let i = 0, o = 0; i < data.length; i += channels) for (let c = 0; c < 3; c++) out[o++] = data[i + (channels >= 3 ? c : 0)]!;
  return out;
}

const firstLine = (error: Error): string => error.message.split('\n')[0]!.trim();

/**
 * The PNG file of an image. The same pixels give the same bytes on one machine.
 *
 * @param software - What drew it: kept in the file, for {@link isDrawnBy}.
 */
export async function encodePng(image: PixelImage, software?: string): Promise<Uint8Array> {
  assertPixelImage('encodePng', image);
  const { width, height, channels, data } = image, picture = sharp(data, { raw: { width, height, channels } });
  return new Uint8Array(await (software ? picture.withExif({ IFD0: { Software: software } }) : picture).png({ compressionLevel: 9 }).toBuffer());
}

/** Whether an image file says that `software` drew it. Reads its header alone; `false` for what is no image. */
export async function isDrawnBy(path: string, software: string): Promise<boolean> {
  const { exif } = await sharp(path, { limitInputPixels: false }).metadata().catch(() => ({ exif: undefined }));
  return exif?.includes(`${software}\0`) ?? false;
}

/**
 * Writes an image as PNG; a reader finds the old file or the whole new one.
 *
 * @throws {@link ArgumentError} if the folder is missing or not writable.
 */
export async function writePng(path: string, image: PixelImage): Promise<void> {
  await writeFileAtomic(path, await encodePng(image));
}

/** How a photograph is made smaller for a page. */
export interface EncodeJpegOptions {
  /** Pixels of the longer edge; a larger image is reduced to it, none is enlarged. */
  readonly maxEdge: number;
  /** 1 to 100. */
  readonly quality: number;
}

export const ENCODE_JPEG_DEFAULTS: EncodeJpegOptions = { maxEdge: 2048, quality: 88 };

/** The JPEG file of an image of 3 channels, perhaps reduced. */
export async function encodeJpeg(image: PixelImage, options: Partial<EncodeJpegOptions> = {}): Promise<Uint8Array> {
  const { maxEdge, quality } = resolveOptions('encodeJpeg', ENCODE_JPEG_DEFAULTS, options);
  assertPixelImage('encodeJpeg', image);
  const { width, height, channels, data } = image;
  if (channels !== 3) throw new ArgumentError('encodeJpeg', 'image', '3 channels: JPEG has no transparency', String(channels));
  return new Uint8Array(await sharp(data, { raw: { width, height, channels } })
    .resize({ width: maxEdge, height: maxEdge, fit: 'inside', withoutEnlargement: true }).jpeg({ quality }).toBuffer());
}
