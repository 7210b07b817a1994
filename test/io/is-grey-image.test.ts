import { expect, it } from 'vitest';
import type { PixelImage } from '../../src/io/image.ts';
import { isGreyImage } from '../../src/io/is-grey-image.ts';

const image = (channels: 3 | 4, pixel: (p: number) => number[]): PixelImage => ({ width: 5, height: 2, channels, data: Uint8Array.from(Array.from({ length: 10 }, (_, p) => pixel(p)).flat()) });

it('tells grey and toned photographs from coloured ones, with or without alpha', () => {
  expect(isGreyImage(image(3, (p) => [20 * p, 20 * p, 20 * p]))).toBe(true);
  expect(isGreyImage(image(3, (p) => [20 * p + 6, 20 * p + 2, 20 * p]))).toBe(true);
  expect(isGreyImage(image(4, (p) => [20 * p, 20 * p, 20 * p, 255 - p]))).toBe(true);
  expect(isGreyImage(image(3, (p) => [20 * p + 30, 20 * p + 10, 20 * p]))).toBe(false);
  expect(isGreyImage(image(4, (p) => [20 * p, 20 * p + 9, 20 * p, 255]))).toBe(false);
});

it('sees a small face before white or black, however pale or dark', () => {
  const small = (face: number[], behind: number[]): PixelImage => ({ width: 20, height: 20, channels: 3, data: Uint8Array.from(Array.from({ length: 400 }, (_, p) => (p < 12 ? face : behind)).flat()) });
  expect(isGreyImage(small([250, 236, 228], [255, 255, 255]))).toBe(false);
  expect(isGreyImage(small([42, 32, 27], [0, 0, 0]))).toBe(false);
  expect(isGreyImage(small([42, 36, 33], [0, 0, 0]))).toBe(true);
});
