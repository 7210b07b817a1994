import type { PixelImage } from './image.ts';

/** Mean chroma, of 255, below which a photograph may be grey: tones of a scanner and of JPEG stay below it, the palest colour photograph of the portraits has 23. */
const LEAST_CHROMA = 8;

/** Chroma that no tone of a grey photograph reaches, and the share of pixels from which it is a colour: a pale face before white fills more. */
const COLORED = { chroma: 12, share: 0.01 } as const;

/** Whether a photograph shows no colour: the largest less the least of R, G and B is below 8 of 255 on average, and below 12 on all but a hundredth of its pixels. */
export function isGreyImage({ width, height, channels, data }: PixelImage): boolean {
  let sum = 0, colored = 0;
  for (let p = 0; p < data.length; p += channels) {
    const chroma = Math.max(data[p]!, data[p + 1]!, data[p + 2]!) - Math.min(data[p]!, data[p + 1]!, data[p + 2]!);
    sum += chroma;
    if (chroma >= COLORED.chroma) colored++;
  }
  return sum < LEAST_CHROMA * width * height && colored < COLORED.share * width * height;
}
