import { expect, it } from 'vitest';
import { latentNorm, mixLatents, randomLatent } from '../../src/viewer/mix-latents.ts';

it('draws the same head for the same seed, of about the length that such heads have', () => {
  expect(randomLatent(3, 128)).toEqual(randomLatent(3, 128));
  expect(randomLatent(3, 128)).not.toEqual(randomLatent(4, 128));
  const mean = Array.from({ length: 40 }, (_, seed) => latentNorm(randomLatent(seed, 128))).reduce((a, b) => a + b) / 40;
  expect(mean).toBeGreaterThan(10.8);
  expect(mean).toBeLessThan(11.8);
});

it('mixes along the straight line', () => {
  expect([...mixLatents([1, -2], [3, 4], 0.25)]).toEqual([1.5, -0.5]);
  expect(latentNorm([3, 4])).toBe(5);
});
