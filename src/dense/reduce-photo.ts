import { ArgumentError } from '../core/errors.ts';
import { imageFromFloats, type PixelImage } from '../io/image.ts';
import { resampleCrop } from './resample.ts';

/**
 * A photograph at a smaller scale, each pixel the mean of what it covers: as a camera further away would have taken it.
 *
 * @param factor - New edge over old, in (0, 1].
 * @returns 3 channels.
 * @throws {@link ArgumentError} for another factor, or if nothing is left.
 */
export function reducePhoto(photo: PixelImage, factor: number): PixelImage {
  const width = Math.round(photo.width * factor), height = Math.round(photo.height * factor);
  if (!(factor > 0 && factor <= 1) || width < 1 || height < 1) throw new ArgumentError('reducePhoto', 'factor', 'a value from 1 / the shorter edge to 1', String(factor));
  const size = Math.max(width, height), { pixels } = resampleCrop(photo, [[1 / factor, 0, 0], [0, 1 / factor, 0]], size), out = new Float32Array(3 * width * height);
  for (let y = 0; y < height; y++) out.set(pixels.subarray(3 * y * size, 3 * (y * size + width)), 3 * y * width);
  return imageFromFloats(out, width, height);
}
