import { expect, it } from 'vitest';
import type { PortraitScore } from '../../src/dense/evaluate-portrait.ts';
import { cumulativeErrors, failedScore, figureOf, summarizePortraits } from '../../src/dense/summarize-portraits.ts';

const score = (nme: number, changes: Partial<PortraitScore> = {}): PortraitScore =>
  ({ file: 'a', nme, nmeInner: nme / 2, nmeTightBox: 2 * nme, nmeInnerTightBox: nme, nmeEyes: 4 * nme, nmeInnerEyes: 2 * nme, colorDifference: 0.05, coverage: 0.99, seconds: 3, ...changes });

it('gives medians with their intervals, quantiles, and the share that missed the face', () => {
  const scores = Array.from({ length: 50 }, (_, i) => score(0.002 * (i + 1))), { count, median, interval95, quantile90, over8, undercovered } = summarizePortraits(scores);
  expect([count, over8, undercovered]).toEqual([50, 0.2, 0]);
  expect(median.nme).toBeCloseTo(0.051, 12);
  expect(quantile90.nme).toBeCloseTo(0.0902, 12);
  expect([median.nmeInner, median.nmeTightBox, median.nmeInnerTightBox, median.nmeEyes, median.nmeInnerEyes].map((x) => x / median.nme)).toEqual([0.5, 2, 1, 4, 2].map((x): unknown => expect.closeTo(x, 12)));
  // Order statistics 18 and 33 of 50 hold the median with 95 %.
  expect(Math.abs(interval95.nme[0] - 0.036)).toBeLessThan(0.005);
  expect(Math.abs(interval95.nme[1] - 0.066)).toBeLessThan(0.005);
  expect(interval95.coverage).toEqual([0.99, 0.99]);
  expect(() => summarizePortraits([])).toThrow(/at least one/);
});

it('counts the colours of a fit that leaves part of the face out, and all of one that failed, as 1', () => {
  const cheat = score(0.02, { coverage: 0.89, colorDifference: 0.01 }), { median, undercovered, over8 } = summarizePortraits([cheat, score(0.02), failedScore('b', 2)]);
  expect([figureOf(cheat, 'colorDifference'), figureOf(cheat, 'nme')]).toEqual([1, 0.02]);
  expect([median.colorDifference, median.nme, undercovered, over8]).toEqual([1, 0.02, 2, 1 / 3]);
});

it('accumulates from nothing to those within a tenth', () => {
  const curve = cumulativeErrors([score(0.03), score(0.05), score(0.5)]), at = (error: number) => curve.find((point) => Math.abs(point.error - error) < 1e-9)!;
  expect([curve.length, curve[0]!.error, curve.at(-1)!.error]).toEqual([201, 0, 0.1]);
  expect([at(0.0295), at(0.0305), at(0.1)].map(({ all }) => Math.round(3 * all))).toEqual([0, 1, 2]);
  expect([at(0.0145), at(0.0155), at(0.0255)].map(({ inner }) => Math.round(3 * inner))).toEqual([0, 1, 2]);
});
