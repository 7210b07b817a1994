import { expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';
import type { PixelImage } from '../../src/io/image.ts';
import { resizeImage } from '../../src/io/resize-image.ts';

const random = createRandom(3);
const noise = (width: number, height: number, channels: 3 | 4 = 3): PixelImage => ({ width, height, channels, data: Uint8Array.from({ length: width * height * channels }, () => random.integer(256)) });
/** A plane through the colours: linear maps of it are known. */
const ramp = (width: number, height: number): PixelImage => ({
  width, height, channels: 3, data: Uint8Array.from({ length: width * height * 3 }, (_, i) => [200 * ((Math.floor(i / 3) % width + 0.5) / width), 200 * ((Math.floor(i / 3 / width) + 0.5) / height), 77][i % 3]! + 0.5),
});

it('leaves an image of the same size as it is', () => {
  const image = noise(7, 5, 4);
  expect(resizeImage(image, 7, 5)).toEqual(image);
});

it('is the weighted mean of the pixels by the equation, each axis by itself', () => {
  const image = noise(9, 14), [width, height] = [4, 19], resized = resizeImage(image, width, height);
  const axis = (input: number, output: number, o: number): number[] => {
    const center = ((o + 0.5) * input) / output - 0.5, radius = Math.max(1, input / output), w = Array.from({ length: input }, (_, i) => Math.max(0, 1 - Math.abs(i - center) / radius)), sum = w.reduce((a, b) => a + b);
    return w.map((x) => x / sum);
  };
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) for (let c = 0; c < 3; c++) {
    const wx = axis(9, width, x), wy = axis(14, height, y);
    let value = 0;
    wy.forEach((a, j) => wx.forEach((b, i) => { value += a * b * image.data[3 * (9 * j + i) + c]!; }));
    expect(Math.abs(resized.data[3 * (width * y + x) + c]! - value)).toBeLessThan(0.51);
  }
});

it.each([[13, 31], [200, 11], [40, 64], [1, 1], [7, 300]])('keeps a plane a plane at %d x %d: nothing is shifted', (width, height) => {
  const resized = resizeImage(ramp(50, 40), width, height), there = ramp(width, height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
    // Beyond the outer pixel centres the edge repeats, and footprints end there.
    if (x < Math.max(1, width / 25) || y < Math.max(1, height / 20) || x >= width - Math.max(1, width / 25) || y >= height - Math.max(1, height / 20)) continue;
    for (let c = 0; c < 3; c++) expect(Math.abs(resized.data[3 * (width * y + x) + c]! - there.data[3 * (width * y + x) + c]!)).toBeLessThanOrEqual(1);
  }
});

it('averages stripes away instead of aliasing', () => {
  const stripes: PixelImage = { width: 90, height: 60, channels: 3, data: Uint8Array.from({ length: 90 * 60 * 3 }, (_, i) => (Math.floor(i / 3) % 2) * 255) };
  for (const x of resizeImage(stripes, 20, 13).data) expect(Math.abs(x - 127.5)).toBeLessThan(15);
});

it('bears a single pixel, and names a size that is none', () => {
  expect(new Set(resizeImage({ width: 1, height: 1, channels: 3, data: Uint8Array.of(7, 7, 7) }, 6, 4).data)).toEqual(new Set([7]));
  for (const size of [0, -1, 1.5, NaN, 70_000]) expect(() => resizeImage(noise(2, 2), 4, size)).toThrow(/resizeImage: expected height to have a whole number from 1 to 65536, got/);
});
