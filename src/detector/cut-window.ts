import type { PixelImage } from '../io/image.ts';
import type { DetectionPass } from './detection-passes.ts';

/** The part of a picture that a pass looks at, perhaps mirrored. The whole of it is the picture itself, not a copy. */
export function cutWindow(picture: PixelImage, [left, top, right, bottom]: DetectionPass['window'], flip: boolean): PixelImage {
  const { channels, data } = picture, width = right - left, height = bottom - top;
  if (!flip && width === picture.width && height === picture.height) return picture;
  const out = new Uint8Array(width * height * channels), size = width * channels;
  for (let y = 0; y < height; y++) {
    const from = channels * ((top + y) * picture.width + left), to = y * size;
    if (!flip) out.set(data.subarray(from, from + size), to);
    else for (let x = 0; x < width; x++) for (let c = 0; c < channels; c++) out[to + x * channels + c] = data[from + (width - 1 - x) * channels + c]!;
  }
  return { width, height, channels, data: out };
}
