import { expect, it } from 'vitest';
import { reducePhoto } from '../../src/dense/reduce-photo.ts';

it('keeps means and places', () => {
  const width = 12, height = 8, data = Uint8Array.from({ length: 3 * width * height }, (_, i) => 20 * (Math.floor(i / 3) % width) + (i % 3));
  const small = reducePhoto({ width, height, channels: 3, data }, 0.5);
  expect([small.width, small.height, small.channels]).toEqual([6, 4, 3]);
  for (let x = 0; x < 6; x++) expect(small.data[3 * (6 * 2 + x) + 1]).toBe(40 * x + 10 + 1);
});

it('refuses to enlarge, and to leave nothing', () => {
  const photo = { width: 4, height: 2, channels: 3 as const, data: new Uint8Array(24) };
  expect(() => reducePhoto(photo, 1.5)).toThrow('reducePhoto: expected factor to have a value from 1 / the shorter edge to 1, got 1.5');
  expect(() => reducePhoto(photo, 0.1)).toThrow('reducePhoto: expected factor');
});
