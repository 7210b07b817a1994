import { imageFromFloats, type PixelImage } from '../io/image.ts';

/**
 * A picture with a mask as its straight alpha: the colours stay whole where the mask is 0.
 *
 * @param colors - `[height * width * 3]` sRGB in [0, 1].
 * @param mask - `[height * width]` in [0, 1].
 * @throws ArgumentError if a length does not fit or a value is not a number.
 */
export function cutOut(colors: ArrayLike<number>, mask: ArrayLike<number>, width: number, height: number): PixelImage {
  const values = new Float32Array(4 * mask.length);
  for (let i = 0; i < mask.length; i++) {
    for (let k = 0; k < 3; k++) values[4 * i + k] = colors[3 * i + k]!;
    values[4 * i + 3] = mask[i]!;
  }
  return imageFromFloats(values, width, height, 4);
}
