import { ArgumentError } from '../core/errors.ts';
import { assertPixelImage, type PixelImage } from './image.ts';

/** Which input samples an output sample is the weighted mean of: `count` from `start` on. */
interface Taps {
  readonly start: Int32Array;
  readonly count: number;
  /** `[out, count]` */
  readonly weights: Float32Array;
}

/**
 * An image at another size: bilinear where an axis grows, the mean over the footprint of a triangle filter where it shrinks, so that nothing aliases.
 * Pixel centres at +0.5: the edges of both images meet. One row of intermediate results a filter tap is held, not a second image.
 *
 * @throws {@link ArgumentError} if a size is no whole number from 1 to 65,536.
 */
export function resizeImage(image: PixelImage, width: number, height: number): PixelImage {
  assertPixelImage('resizeImage', image);
  for (const [what, size] of [['width', width], ['height', height]] as const) {
    if (!(Number.isInteger(size) && size >= 1 && size <= 65_536)) throw new ArgumentError('resizeImage', what, 'a whole number from 1 to 65536', String(size));
  }
  const { channels, data } = image, across = triangleTaps(image.width, width), down = triangleTaps(image.height, height), rowSize = width * channels;
  const out = new Uint8Array(rowSize * height), ring = new Float32Array(rowSize * down.count), sum = new Float32Array(rowSize);
  let ready = 0;
  for (let y = 0; y < height; y++) {
    const first = down.start[y]!;
    // 1. Rows of the input that this one needs and that are not in the ring yet, resized across.
    for (ready = Math.max(ready, first); ready < first + down.count; ready++) resizeRow(data, ready * image.width * channels, across, channels, ring, (ready % down.count) * rowSize);
    // 2. Their weighted sum.
    sum.fill(0.5);
    for (let k = 0; k < down.count; k++) {
      const weight = down.weights[y * down.count + k]!, from = ((first + k) % down.count) * rowSize;
      if (weight !== 0) for (let i = 0; i < rowSize; i++) sum[i]! += weight * ring[from + i]!;
    }
    for (let i = 0, o = y * rowSize; i < rowSize; i++) out[o + i] = sum[i]!;
  }
  return { width, height, channels, data: out };
}

function resizeRow(data: Uint8Array, from: number, { start, count, weights }: Taps, channels: number, out: Float32Array, to: number): void {
  for (let x = 0, t = 0; x < start.length; x++) {
    let red = 0, green = 0, blue = 0, alpha = 0;
    for (let k = 0, i = from + start[x]! * channels; k < count; k++, i += channels, t++) {
      const weight = weights[t]!;
      red += weight * data[i]!;
      green += weight * data[i + 1]!;
      blue += weight * data[i + 2]!;
      if (channels === 4) alpha += weight * data[i + 3]!;
    }
    const o = to + x * channels;
    out[o] = red;
    out[o + 1] = green;
    out[o + 2] = blue;
    if (channels === 4) out[o + 3] = alpha;
  }
}

/** Taps of a triangle filter of radius `max(1, input / output)`, cut at the edges and of sum 1. */
function triangleTaps(input: number, output: number): Taps {
  const scale = input / output, radius = Math.max(1, scale), count = Math.min(input, 2 * Math.ceil(radius) + 1);
  const start = new Int32Array(output), weights = new Float32Array(output * count);
  for (let o = 0; o < output; o++) {
    const center = (o + 0.5) * scale - 0.5, first = Math.min(input - count, Math.max(0, Math.ceil(center - radius)));
    start[o] = first;
    let total = 0;
    for (let k = 0; k < count; k++) total += weights[o * count + k] = Math.max(0, 1 - Math.abs(first + k - center) / radius);
    for (let k = 0; k < count; k++) weights[o * count + k]! /= total;
  }
  return { start, count, weights };
}
