import { expect, it } from 'vitest';
import { equivalentRank } from '../../src/decoder/equivalent-rank.ts';
import { colorErrors, summarizeErrors, vertexErrors } from '../../src/decoder/mesh-errors.ts';

it('interpolates between ranks in logarithms and stays within them', () => {
  const ranks = [2, 8, 32], errors = [4, 2, 1];
  expect(equivalentRank(2, ranks, errors)).toBeCloseTo(8);
  expect(equivalentRank(Math.SQRT2, ranks, errors)).toBeCloseTo(16);
  expect(equivalentRank(9, ranks, errors)).toBe(2);
  expect(equivalentRank(0.5, ranks, errors)).toBe(32);
  expect(() => equivalentRank(1, [], [])).toThrow('equivalentRank: expected errors to have one for each of 0 ranks, at least one, got 0');
});

it('measures distances in mm and colours of 255', () => {
  expect([...vertexErrors(Float32Array.of(3, 4, 0, 0, 0, 1), new Float32Array(6))]).toEqual([5, 1]);
  expect(colorErrors(Float32Array.of(1, 0, 0.5), Float32Array.of(0, 0, 0.5))[0]).toBeCloseTo(85);
  const summary = summarizeErrors(Float32Array.from({ length: 100 }, (_, i) => 100 - i));
  expect(summary).toEqual({ mean: 50.5, percentile95: 95, max: 100 });
});
