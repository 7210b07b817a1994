import { expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';

it('the same seed gives the same bits', () => {
  const draw = (seed: number) => { const r = createRandom(seed); return [r.uniform(), r.normal(), r.integer(10)]; };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

it('a fork does not depend on what was drawn before', () => {
  const a = createRandom(3), b = createRandom(3);
  a.uniform();
  expect(a.fork('light').uniform()).toBe(b.fork('light').uniform());
  expect(a.fork('light').uniform()).not.toBe(a.fork('pose').uniform());
});

it('normal draws have mean 0 and deviation 1', () => {
  const r = createRandom(1), n = 20_000;
  const xs = Array.from({ length: n }, () => r.normal());
  const mean = xs.reduce((s, x) => s + x, 0) / n;
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(Math.abs(xs.reduce((s, x) => s + (x - mean) ** 2, 0) / n - 1)).toBeLessThan(0.03);
});
