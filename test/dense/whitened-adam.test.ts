import { expect, it } from 'vitest';
import { WhitenedAdam } from '../../src/dense/whitened-adam.ts';
import { Cholesky } from '../../src/sparse/cholesky.ts';

it('descends a valley that is a million times as curved across as along, as fast as a round one', () => {
  // Half of x^T A x, A with the axes (1, 1) and (1, -1) and curvatures 1e6 and 1.
  const a = (1e6 + 1) / 2, b = (1e6 - 1) / 2, A = [a, b, b, a], x = Float32Array.of(2.003, -2), adam = new WhitenedAdam(new Cholesky(A, 2), 2);
  for (let step = 0; step < 60; step++) adam.update(x, Float32Array.of(a * x[0]! + b * x[1]!, b * x[0]! + a * x[1]!), 0.5 * (1 - step / 60));
  expect(Math.abs(x[0]! - x[1]!)).toBeLessThan(0.2);
  expect(Math.abs(x[0]! + x[1]!)).toBeLessThan(2e-4);
});

it('takes a first step of one deviation in every whitened coordinate', () => {
  const x = new Float32Array(2), factor = new Cholesky([4, 0, 0, 100], 2);
  new WhitenedAdam(factor, 2).update(x, Float32Array.of(3, -0.01), 1);
  expect(x[0]).toBeCloseTo(-0.5, 5);
  expect(x[1]).toBeCloseTo(0.1, 5);
});
