import { expect, it } from 'vitest';
import { oklabFromSrgb, srgbFromOklab } from '../../src/viewer/oklab.ts';

it('has the values of its paper: white, and the primaries', () => {
  expect(oklabFromSrgb(1, 1, 1)).toEqual([expect.closeTo(1, 4), expect.closeTo(0, 4), expect.closeTo(0, 4)]);
  expect(oklabFromSrgb(1, 0, 0)).toEqual([expect.closeTo(0.628, 3), expect.closeTo(0.2249, 3), expect.closeTo(0.1258, 3)]);
  expect(oklabFromSrgb(0, 0, 1)).toEqual([expect.closeTo(0.452, 3), expect.closeTo(-0.0324, 3), expect.closeTo(-0.3115, 3)]);
});

it('comes back, and is cut where the screen does not reach', () => {
  for (const color of [[0.1, 0.5, 0.9], [0.72, 0.51, 0.43], [0, 0, 0]] as const) expect(srgbFromOklab(oklabFromSrgb(color[0], color[1], color[2]))).toEqual(color.map((x) => expect.closeTo(x, 5)));
  expect(Math.max(...srgbFromOklab([0.9, 0.4, 0]))).toBeCloseTo(1, 12);
});
