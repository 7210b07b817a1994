import { ArgumentError } from '../core/errors.ts';
import { assertPixelImage, type PixelImage } from '../io/image.ts';
import { type Affine, applyAffine, invertAffine } from './crop-frame.ts';

/** A picture of a face that goes over a photo. */
export interface PhotoLayer {
  /** Square, 4 channels: the render with the face mask as its alpha. */
  readonly render: PixelImage;
  /** Its pixels to photo pixels. */
  readonly toPhoto: Affine;
}

/**
 * The photo with renders laid over it where they belong, the first lowest: each photo pixel takes a bilinear sample, weighted by its alpha.
 *
 * @returns Another image, of 3 channels.
 * @throws {@link ArgumentError} if a render is not square or has no alpha.
 */
export function photoOverlay(photo: PixelImage, layers: readonly PhotoLayer[]): PixelImage {
  assertPixelImage('photoOverlay', photo);
  const { width, height, channels } = photo, data = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++) for (let c = 0; c < 3; c++) data[3 * i + c] = photo.data[channels * i + c]!;
  for (const layer of layers) layOver({ width, height, channels: 3, data }, layer);
  return { width, height, channels: 3, data };
}

function layOver({ width, height, data }: PixelImage, { render, toPhoto }: PhotoLayer): void {
  assertPixelImage('photoOverlay', render);
  const size = render.width, pixels = render.data;
  if (render.channels !== 4 || render.height !== size) throw new ArgumentError('photoOverlay', 'render', 'as many rows as columns, and 4 channels', `${size} x ${render.height}, ${render.channels} channels`);
  const [[a, b, c], [d, e, f]] = invertAffine(toPhoto), corners = [[0, 0], [size, 0], [0, size], [size, size]].map((corner) => applyAffine(toPhoto, corner as [number, number]));
  const reach = (k: 0 | 1, limit: number): [number, number] => [Math.max(0, Math.floor(Math.min(...corners.map((p) => p[k])))), Math.min(limit, Math.ceil(Math.max(...corners.map((p) => p[k]))))];
  const [left, right] = reach(0, width), [top, bottom] = reach(1, height);
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      // 1. The place in the render; index space has pixel centres at whole numbers.
      const u = a * (x + 0.5) + b * (y + 0.5) + c - 0.5, v = d * (x + 0.5) + e * (y + 0.5) + f - 0.5;
      if (!(u >= 0 && v >= 0 && u <= size - 1 && v <= size - 1)) continue;
      // 2. Bilinear, colours weighted by alpha.
      const u0 = Math.min(size - 2, Math.floor(u)), v0 = Math.min(size - 2, Math.floor(v)), fu = u - u0, fv = v - v0, at = 4 * (v0 * size + u0);
      let alpha = 0, red = 0, green = 0, blue = 0;
      for (let k = 0; k < 4; k++) {
        const i = at + 4 * (k & 1) + (k > 1 ? 4 * size : 0), weight = (k & 1 ? fu : 1 - fu) * (k > 1 ? fv : 1 - fv) * pixels[i + 3]! / 255;
        alpha += weight;
        red += weight * pixels[i]!;
        green += weight * pixels[i + 1]!;
        blue += weight * pixels[i + 2]!;
      }
      const o = 3 * (y * width + x);
      data[o] = Math.round(red + (1 - alpha) * data[o]!);
      data[o + 1] = Math.round(green + (1 - alpha) * data[o + 1]!);
      data[o + 2] = Math.round(blue + (1 - alpha) * data[o + 2]!);
    }
  }
}
