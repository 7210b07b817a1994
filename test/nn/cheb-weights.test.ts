import { expect, it } from 'vitest';
import { chebWeightsFromComa, chebWeightsFromPyg, chebWeightsToComa, chebWeightsToPyg } from '../../src/nn/cheb-weights.ts';

// K = 2, I = 3, O = 2; the entry of polynomial k, input i, output o is 100 k + 10 i + o.
const ours = Float32Array.of(0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121);

it('PyTorch Geometric keeps one [O, I] matrix per polynomial', () => {
  const matrices = chebWeightsToPyg(ours, 2, 2);
  expect(matrices.map((m) => [...m])).toEqual([[0, 10, 20, 1, 11, 21], [100, 110, 120, 101, 111, 121]]);
  expect(chebWeightsFromPyg(matrices, 2)).toEqual(ours);
});

it('CoMA has row i K + k', () => {
  const coma = chebWeightsToComa(ours, 2, 2);
  expect([...coma]).toEqual([0, 1, 100, 101, 10, 11, 110, 111, 20, 21, 120, 121]);
  expect(chebWeightsFromComa(coma, 2, 2)).toEqual(ours);
});

it('sizes that do not fit throw', () => {
  expect(() => chebWeightsToPyg(ours, 5, 2)).toThrow('chebWeightsToPyg: expected weights to have a length divisible by 5 x 2, got 12');
  expect(() => chebWeightsFromPyg([ours, ours.slice(1)], 2)).toThrow('chebWeightsFromPyg: expected matrices[1] to have length 12, got 11');
  expect(() => chebWeightsFromPyg([], 2)).toThrow('got none');
});
