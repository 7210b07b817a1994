import { expect, it } from 'vitest';
import { applyAffine, cropToPhoto } from '../../src/dense/crop-frame.ts';
import { photoOverlay } from '../../src/dense/photo-overlay.ts';
import type { PixelImage } from '../../src/io/image.ts';

const photo: PixelImage = { width: 60, height: 40, channels: 4, data: new Uint8Array(60 * 40 * 4).fill(100) };
/** Red, with a slope of green along x; alpha is whole but for the last row of pixels. */
const render = (size: number, red = 200): PixelImage => ({ width: size, height: size, channels: 4, data: Uint8Array.from({ length: 4 * size * size }, (_, i) => [red, 4 * (Math.floor(i / 4) % size), 0, Math.floor(i / 4 / size) === size - 1 ? 0 : 255][i % 4]!) });
const at = ({ width, data }: PixelImage, x: number, y: number): number[] => [...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)];

it('lays a render where its map says, and leaves the photo around it', () => {
  const toPhoto = [[1, 0, 20], [0, 1, 10]] as const, over = photoOverlay(photo, [{ render: render(16), toPhoto }]);
  expect([over.width, over.height, over.channels, new Set(photo.data).size]).toEqual([60, 40, 3, 1]);
  expect(at(over, 20, 10)).toEqual([200, 0, 0]);
  expect(at(over, 25, 12)).toEqual([200, 20, 0]);
  for (const [x, y] of [[19, 12], [36, 12], [25, 9], [25, 26], [25, 25]] as const) expect(at(over, x, y)).toEqual([100, 100, 100]); // row 25 has no alpha
});

it('samples between pixels, turned and scaled', () => {
  const toPhoto = cropToPhoto({ center: [30, 20], side: 24, roll: 0.5 }, 32), over = photoOverlay(photo, [{ render: render(32), toPhoto }]);
  const [x, y] = applyAffine(toPhoto, [20, 12]).map(Math.floor) as [number, number], green = at(over, x, y)[1]!;
  // Along the crop's x axis the slope is 4 a pixel of the crop.
  expect(Math.abs(green - 4 * (20 - 0.5))).toBeLessThan(4);
  expect(at(over, 30, 3)).toEqual([100, 100, 100]);
});

it('puts the later over the earlier, and bears what reaches over the edge', () => {
  const over = photoOverlay(photo, [{ render: render(16), toPhoto: [[1, 0, 20], [0, 1, 10]] }, { render: render(16, 50), toPhoto: [[1, 0, 28], [0, 1, 10]] }, { render: render(16, 9), toPhoto: [[1, 0, -8], [0, 1, -8]] }]);
  expect([at(over, 26, 12)[0], at(over, 30, 12)[0], at(over, 2, 2)[0]]).toEqual([200, 50, 9]);
});

it('refuses a render without alpha', () => {
  expect(() => photoOverlay(photo, [{ render: { width: 2, height: 2, channels: 3, data: new Uint8Array(12) }, toPhoto: [[1, 0, 0], [0, 1, 0]] }])).toThrow(/photoOverlay: expected render to have as many rows as columns, and 4 channels, got 2 x 2, 3 channels/);
});
