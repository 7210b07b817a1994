import { expect, it } from 'vitest';
import { DIFFERENCE_GAIN, overlayImage } from '../../src/dense/overlay-image.ts';
import type { PixelImage } from '../../src/io/image.ts';

const image = (width: number, height: number, ...data: number[]): PixelImage => ({ width, height, channels: 4, data: Uint8Array.from(data) });

it('lays photo, mesh over photo and difference side by side', () => {
  const crop = image(1, 2, 100, 50, 10, 0, 9, 8, 7, 255), render = image(1, 2, 110, 40, 200, 255, 1, 2, 3, 0);
  expect(overlayImage(crop, render)).toEqual({
    width: 3, height: 2, channels: 3,
    data: Uint8Array.of(100, 50, 10, 110, 40, 200, 10 * DIFFERENCE_GAIN, 10 * DIFFERENCE_GAIN, 255, 9, 8, 7, 9, 8, 7, 0, 0, 0),
  });
});

it('refuses images of two sizes or without alpha', () => {
  expect(() => overlayImage(image(1, 1, 0, 0, 0, 0), image(2, 1, 0, 0, 0, 0, 0, 0, 0, 0))).toThrow(/1 x 1 pixels, got 4 and 2 x 1/);
  expect(() => overlayImage({ width: 1, height: 1, channels: 3, data: new Uint8Array(3) }, image(1, 1, 0, 0, 0, 0))).toThrow(/4 channels/);
});
