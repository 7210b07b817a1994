import type { PixelImage } from './image.ts';

/** Mean chroma, of 255, below which a photograph is grey: tones of a scanner and of JPEG stay below it, the palest colour photograph of the portraits has 23. */
const LEAST_CHROMA = 8;

/** Whether a photograph shows no colour: the mean over its pixels of the largest less the least of R, G and B is below 8 of 255. */
export function isGreyImage({ width, height, channels, data }: PixelImage): boolean {
  let sum = 0;
  for (let p = 0; p < data.length; p += channels) sum += Math.max(data[p]!, data[p + 1]!, data[p + 2]!) - Math.min(data[p]!, data[p + 1]!, data[p + 2]!);
  return sum < LEAST_CHROMA * width * height;
}
