import { ArgumentError } from '../core/errors.ts';

/** An 8-bit sRGB image, row 0 on top, pixels row by row, channels interleaved. A fourth channel is straight (not premultiplied) alpha. */
export interface PixelImage {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  /** `[height * width * channels]`. */
  readonly data: Uint8Array;
}

/**
 * Asserts that `image` is what it says: whole positive sizes and as many bytes as they need.
 *
 * @throws {@link ArgumentError} naming the first field at fault.
 */
export function assertPixelImage(where: string, image: PixelImage): void {
  const { width, height, channels, data } = image;
  if (!Number.isInteger(width) || width < 1 || !Number.isInteger(height) || height < 1) {
    throw new ArgumentError(where, 'image', 'a whole width and height of at least 1', `${width} x ${height}`);
  }
  if (channels !== 3 && channels !== 4) throw new ArgumentError(where, 'image.channels', '3 or 4', String(channels));
  const bytes = width * height * channels;
  if (data.length !== bytes) throw new ArgumentError(where, 'image.data', `${bytes} bytes (${width} x ${height} x ${channels})`, String(data.length));
}

/**
 * An 8-bit image from floats in [0,1], rounded to the nearest level; what lies outside is cut, as an image file must.
 *
 * @param values - `[height * width * channels]`.
 * @throws {@link ArgumentError} if the length does not fit or a value is not a number.
 */
export function imageFromFloats(values: ArrayLike<number>, width: number, height: number, channels: 3 | 4 = 3): PixelImage {
  const data = new Uint8Array(values.length);
  for (let i = 0; i < data.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) throw new ArgumentError('imageFromFloats', `values[${i}]`, 'a number', 'NaN');
    data[i] = Math.round(255 * Math.min(1, Math.max(0, value)));
  }
  const image: PixelImage = { width, height, channels, data };
  assertPixelImage('imageFromFloats', image);
  return image;
}

/**
 * Images side by side and below each other on a grid of equal cells, in reading order, on black: a contact sheet.
 *
 * @param images - 3-channel images; smaller ones sit at the top left of their cell.
 * @param columns - Images in a row.
 * @throws {@link ArgumentError} if there is none or one has an alpha channel.
 */
export function tileImages(images: readonly PixelImage[], columns: number): PixelImage {
  if (images.length === 0) throw new ArgumentError('tileImages', 'images', 'at least one image', 'none');
  for (const image of images) {
    assertPixelImage('tileImages', image);
    if (image.channels !== 3) throw new ArgumentError('tileImages', 'images', '3 channels each', String(image.channels));
  }
  const cellWidth = Math.max(...images.map((i) => i.width)), cellHeight = Math.max(...images.map((i) => i.height));
  const across = Math.min(columns, images.length), width = cellWidth * across, height = cellHeight * Math.ceil(images.length / across);
  const data = new Uint8Array(width * height * 3);
  images.forEach((image, i) => {
    const left = (i % across) * cellWidth, top = Math.floor(i / across) * cellHeight;
    for (let y = 0; y < image.height; y++) {
      data.set(image.data.subarray(3 * y * image.width, 3 * (y + 1) * image.width), 3 * ((top + y) * width + left));
    }
  });
  return { width, height, channels: 3, data };
}
