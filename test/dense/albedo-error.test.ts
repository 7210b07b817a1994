import fc from 'fast-check';
import { expect, it } from 'vitest';
import { albedoError } from '../../src/dense/albedo-error.ts';
import { summarizeAlbedos, summarizeBaked, summarizeSwaps } from '../../src/dense/summarize-albedo.ts';

it('forgives the strength and the colour of the light where channels are scaled, and nothing else', () => {
  const truth = [0.4, 0.6, 0.8, 0.2, 0.3, 0.4, 0, 0, 0], fitted = [0.2, 0.6, 1.6, 0.1, 0.3, 0.8, 1, 1, 1];
  const { plain, scaled, scale } = albedoError(fitted, truth, [0, 1]);
  expect(plain).toBeCloseTo((0.2 + 0.8 + 0.1 + 0.4) / 6, 12);
  expect(scaled).toBeCloseTo(0, 12);
  expect(scale).toEqual([expect.closeTo(2, 12), expect.closeTo(1, 12), expect.closeTo(0.5, 12)]);
  expect(albedoError(fitted, truth, [0, 1, 2]).scaled).toBeGreaterThan(0.1); // the third vertex is black in truth
});

it('finds the scale of least squares', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.double({ min: 0.01, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 2, maxLength: 20 }), (pairs) => {
    const fitted = pairs.flatMap(([a]) => [a, a, a]), truth = pairs.flatMap(([, t]) => [t, t, t]), [scale] = albedoError(fitted, truth, [...pairs.keys()]).scale as [number];
    const squares = (s: number): number => pairs.reduce((sum, [a, t]) => sum + (s * a - t) ** 2, 0);
    expect(squares(scale)).toBeLessThanOrEqual(Math.min(squares(scale + 1e-3), squares(scale - 1e-3)) + 1e-12);
  }));
});

it('refuses lists of two lengths and no vertices', () => {
  expect(() => albedoError([1, 2, 3], [1], [0])).toThrow(/albedoError: expected fitted to have the 1 numbers of the true albedo, got 3/);
  expect(() => albedoError([1, 2, 3], [1, 2, 3], [])).toThrow(/vertices to have at least one vertex, got none/);
});

it('sums up heads, by thirds of the side light whatever its sign', () => {
  const scores = [0.5, -0.1, 0.3, 0, -0.6, 0.2].map((side, index) => ({ index, side, fittedSide: side, plain: Math.abs(side), scaled: Math.abs(side) / 2, scale: [2, 0.5, 1] }));
  const summary = summarizeAlbedos(scores)!;
  expect(summary).toMatchObject({ count: 6, plain: { median: 0.25 }, scaled: { median: 0.125 }, factor: { median: expect.closeTo(2 ** (2 / 3), 12) } });
  expect(summary.thirds).toEqual([[0, 0.1], [0.2, 0.3], [0.5, 0.6]].map((side) => ({ side, count: 2, plain: expect.closeTo((side[0]! + side[1]!) / 2, 12), scaled: expect.closeTo((side[0]! + side[1]!) / 4, 12) })));
  expect(summarizeAlbedos([])).toBeNull();
});

it('sums up swapped lights: the mean of both fits against the bar', () => {
  const swap = (first: number, second: number, side: number) => ({ side, asymmetry: [first, second] as const, litAsymmetry: 0.1, difference: 0.01, litSideExcess: side / 10, trueAsymmetry: 0.02 });
  expect(summarizeSwaps([swap(0.01, 0.03, 0.4), swap(0.02, 0.06, -0.4), swap(0.01, 0.01, 0.4)])).toMatchObject({
    count: 3, side: { median: 0.4 }, asymmetry: { median: expect.closeTo(0.02, 12) }, worst: expect.closeTo(0.04, 12), above: 1, met: true, trueAsymmetry: { median: 0.02 }, litSideExcess: { median: expect.closeTo(0.04, 12) },
  });
  const { trueAsymmetry: _, ...photo } = swap(0.05, 0.05, 0.3);
  expect(summarizeSwaps([photo])).toMatchObject({ met: false, above: 1, trueAsymmetry: null });
  expect(summarizeSwaps([])).toBeNull();
});

it('sums up fits as they are, all of them and the tenth that is most side-lit', () => {
  const fits = Array.from({ length: 20 }, (_, i) => ({ side: (i % 2 ? -1 : 1) * i / 20, asymmetry: 0.002 * i, litAsymmetry: 0.1, litSideExcess: 0.01 }));
  expect(summarizeBaked(fits)).toMatchObject({
    all: { count: 20, side: { median: 0.475 }, asymmetry: { median: expect.closeTo(0.019, 12) }, above: 4 }, sideLit: { count: 2, side: { median: expect.closeTo(0.925, 12) }, asymmetry: { median: expect.closeTo(0.037, 12) }, above: 2, litSideExcess: { median: 0.01 } },
  });
  expect(summarizeBaked([])).toBeNull();
});
