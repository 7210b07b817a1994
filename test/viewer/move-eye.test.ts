import { expect, it } from 'vitest';
import { eyeDistance, moveEye } from '../../src/viewer/move-eye.ts';
import { depthOf, normalizeProjection } from '../../src/viewer/view-matrix.ts';
import { EGG_FRAME } from '../support/view-data.ts';

const PIVOT = [6, -10, 15], projection = normalizeProjection(EGG_FRAME.projection, PIVOT);
const pixel = (rows: readonly (readonly number[])[], p: readonly number[]): number[] => {
  const [u, v, w] = rows.map((row) => row[0]! * p[0]! + row[1]! * p[1]! + row[2]! * p[2]! + row[3]!);
  return [u! / w!, v! / w!];
};

it('keeps what lies at the depth of the pivot, and changes the perspective of the rest', () => {
  const far = moveEye(projection, PIVOT, 3), beside = [46, 30, 15], before = [46, 30, 75];
  expect(pixel(far, PIVOT)).toEqual(pixel(projection, PIVOT).map((x) => expect.closeTo(x, 9)));
  expect(pixel(far, beside)).toEqual(pixel(projection, beside).map((x) => expect.closeTo(x, 9)));
  const spread = (rows: typeof far): number => Math.hypot(...pixel(rows, before).map((x, k) => x - pixel(rows, PIVOT)[k]!));
  expect(spread(far)).toBeLessThan(spread(projection));
  expect(depthOf(far, PIVOT)).toBeCloseTo(3 * depthOf(projection, PIVOT), 9);
});

it('measures from the eye', () => {
  expect(eyeDistance(projection, [0, 0, 0])).toBeCloseTo(900, 6);
  expect(eyeDistance(moveEye(projection, PIVOT, 2), PIVOT)).toBeCloseTo(2 * eyeDistance(projection, PIVOT), 6);
});
