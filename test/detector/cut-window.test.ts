import { expect, it } from 'vitest';
import { cutWindow } from '../../src/detector/cut-window.ts';
import type { PixelImage } from '../../src/io/image.ts';

it.each([3, 4] as const)('cuts and mirrors pixels, not channels; %d of them', (channels) => {
  const picture: PixelImage = { width: 5, height: 3, channels, data: Uint8Array.from({ length: 15 * channels }, (_, i) => i) };
  const pixels = (image: PixelImage): number[] => Array.from({ length: image.width * image.height }, (_, i) => image.data[channels * i]! / channels);
  expect(cutWindow(picture, [0, 0, 5, 3], false)).toBe(picture);
  expect(pixels(cutWindow(picture, [1, 1, 4, 3], false))).toEqual([6, 7, 8, 11, 12, 13]);
  expect(pixels(cutWindow(picture, [1, 1, 4, 3], true))).toEqual([8, 7, 6, 13, 12, 11]);
  expect(pixels(cutWindow(picture, [0, 0, 5, 3], true)).slice(0, 5)).toEqual([4, 3, 2, 1, 0]);
  const mirrored = cutWindow(picture, [0, 0, 5, 3], true);
  expect(mirrored.data.subarray(0, channels)).toEqual(picture.data.subarray(4 * channels, 5 * channels));
});
