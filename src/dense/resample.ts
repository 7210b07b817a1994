import { ArgumentError } from '../core/errors.ts';
import { assertPixelImage, type PixelImage } from '../io/image.ts';
import type { Affine } from './crop-frame.ts';

/** A square window on a photograph. */
export interface Crop {
  readonly size: number;
  /** `[size * size * 3]` sRGB in [0,1]; beyond the photograph its nearest pixel. */
  readonly pixels: Float32Array;
  /** `[size * size]` share of each crop pixel that lies inside the photograph. */
  readonly inside: Float32Array;
}

/**
 * Samples a crop from a photograph: each crop pixel is the mean of the photograph over its footprint (area resampling),
 * or a bilinear sample where the crop is finer than the photograph.
 *
 * The footprint is covered by n x n bilinear samples, n = the photograph pixels along a crop pixel, rounded up.
 *
 * @param toPhoto - Crop pixels -> photograph pixels, a similarity; pixel centres at +0.5.
 * @throws {@link ArgumentError} if the map is not finite or the size not a whole number from 1 to 4096.
 */
export function resampleCrop(photo: PixelImage, toPhoto: Affine, size: number): Crop {
  assertPixelImage('resampleCrop', photo);
  return resamplePixels(photo, 255, toPhoto, size);
}

/** Pixels of any numbers, row 0 on top, channels interleaved. */
export interface PixelArray {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** `[height * width * channels]`, the first three sRGB. */
  readonly data: ArrayLike<number>;
}

/** {@link resampleCrop} of pixels in which `white` stands for 1. */
export function resamplePixels({ width, height, channels, data }: PixelArray, white: number, toPhoto: Affine, size: number): Crop {
  if (!toPhoto.flat().every(Number.isFinite)) throw new ArgumentError('resampleCrop', 'toPhoto', 'finite numbers', JSON.stringify(toPhoto));
  if (!Number.isInteger(size) || size < 1 || size > 4096) throw new ArgumentError('resampleCrop', 'size', 'a whole number from 1 to 4096', String(size));
  const [[a, b, c], [d, e, f]] = toPhoto;
  const n = Math.max(1, Math.ceil(Math.hypot(a, d) - 1e-9));
  const pixels = new Float32Array(size * size * 3), inside = new Float32Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let col = 0; col < size; col++) {
      let red = 0, green = 0, blue = 0, within = 0;
      for (let j = 0; j < n; j++) {
        for (let i = 0; i < n; i++) {
          // 1. The sample in photograph pixels; index space has pixel centres at whole numbers.
          const u = col + (i + 0.5) / n, v = row + (j + 0.5) / n;
          const px = a * u + b * v + c, py = d * u + e * v + f;
          if (px >= 0 && px <= width && py >= 0 && py <= height) within++;
          const x = Math.min(width - 1, Math.max(0, px - 0.5)), y = Math.min(height - 1, Math.max(0, py - 0.5));
          // 2. Bilinear.
          const x0 = Math.floor(x), y0 = Math.floor(y), fx = x - x0, fy = y - y0;
          const right = x0 + 1 < width ? channels : 0, below = y0 + 1 < height ? channels * width : 0;
          const at = channels * (y0 * width + x0);
          const w00 = (1 - fx) * (1 - fy), w10 = fx * (1 - fy), w01 = (1 - fx) * fy, w11 = fx * fy;
          red += w00 * data[at]! + w10 * data[at + right]! + w01 * data[at + below]! + w11 * data[at + right + below]!;
          green += w00 * data[at + 1]! + w10 * data[at + right + 1]! + w01 * data[at + below + 1]! + w11 * data[at + right + below + 1]!;
          blue += w00 * data[at + 2]! + w10 * data[at + right + 2]! + w01 * data[at + below + 2]! + w11 * data[at + right + below + 2]!;
        }
      }
      const at = row * size + col, scale = 1 / (white * n * n);
      pixels[3 * at] = scale * red;
      pixels[3 * at + 1] = scale * green;
      pixels[3 * at + 2] = scale * blue;
      inside[at] = within / (n * n);
    }
  }
  return { size, pixels, inside };
}

/**
 * The same crop at half the resolution: means of 2 x 2 pixels.
 *
 * @throws {@link ArgumentError} if the size is odd.
 */
export function halveCrop({ size, pixels, inside }: Crop): Crop {
  if (size % 2 !== 0) throw new ArgumentError('halveCrop', 'crop', 'an even size', String(size));
  return { size: size / 2, pixels: halve(pixels, size, 3), inside: halve(inside, size, 1) };
}

function halve(values: Float32Array, size: number, channels: number): Float32Array {
  const half = size / 2, out = new Float32Array(half * half * channels);
  for (let y = 0; y < half; y++) {
    for (let x = 0; x < half; x++) {
      for (let k = 0; k < channels; k++) {
        const at = channels * (2 * y * size + 2 * x) + k, below = at + channels * size;
        out[channels * (y * half + x) + k] = (values[at]! + values[at + channels]! + values[below]! + values[below + channels]!) / 4;
      }
    }
  }
  return out;
}
