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
