import fc from 'fast-check';
import { expect, it } from 'vitest';
import { balanceWeights } from '../../src/data/balance-weights.ts';

const repeated = (...groups: readonly (readonly [value: number, times: number])[]): number[] => groups.flatMap(([value, times]) => new Array<number>(times).fill(value));

it('lets each bin count alike', () => {
  const { weights, bin, counts, edges } = balanceWeights(repeated([0, 10], [25, 20], [50, 40], [75, 20], [100, 10]), { tail: 0 });
  expect(counts).toEqual([10, 20, 40, 20, 10]);
  expect(edges).toEqual([20, 40, 60, 80]);
  expect([0, 10, 30, 70, 99].map((i) => [bin[i], weights[i]])).toEqual([[0, 2], [1, 1], [2, 0.5], [3, 1], [4, 2]]);
});

it('holds rare bins at the limit and shares the rest evenly, passing over empty ones', () => {
  const { weights, counts } = balanceWeights(repeated([0, 2], [50, 38], [100, 60]), { tail: 0 });
  expect(counts).toEqual([2, 0, 38, 0, 60]);
  expect([weights[0], weights[2]! * 38, weights[40]! * 60]).toEqual([4, expect.closeTo(46, 10), expect.closeTo(46, 10)]);
});

it('counts what lies beyond the range to the outer bins', () => {
  const values = [...Array.from({ length: 98 }, (_, i) => i / 97), 1000, -1000];
  expect(Math.max(...balanceWeights(values).edges)).toBeLessThan(1);
  expect(balanceWeights(values).bin.slice(98)).toEqual(Int32Array.from([4, 0]));
  expect(balanceWeights(values, { tail: 0 }).counts).toEqual([1, 0, 98, 0, 1]);
});

it('weighs one on average, never more than the limit, and a rarer bin never less', () => {
  fc.assert(fc.property(fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 8 }), fc.double({ min: 1, max: 10, noNaN: true }), (values, bins, maxWeight) => {
    const { weights, bin, counts } = balanceWeights(values, { bins, maxWeight });
    expect(weights.reduce((a, b) => a + b, 0) / values.length).toBeCloseTo(1, 9);
    expect(Math.max(...weights)).toBeLessThanOrEqual(maxWeight);
    for (const i of bin.keys()) for (const j of bin.keys()) if (counts[bin[i]!]! < counts[bin[j]!]!) expect(weights[i]!).toBeGreaterThanOrEqual(weights[j]! - 1e-12);
  }));
});

it('refuses what cannot be weighed', () => {
  expect(() => balanceWeights([])).toThrow(/values to have at least one number/);
  expect(() => balanceWeights([1, NaN])).toThrow(/values\[1\] to have a finite number, got NaN/);
  expect(() => balanceWeights([1], { bins: 0 })).toThrow(/bins .*at least 1/);
  expect(() => balanceWeights([1], { maxWeight: 0.5 })).toThrow(/maxWeight .*at least 1/);
  expect(() => balanceWeights([1], { tail: 0.5 })).toThrow(/tail .*below a half/);
});
