import { expect, it } from 'vitest';
import { boxOverlap } from '../../src/detector/box-overlap.ts';

const BOXES = [0, 0, 10, 20, 5, 10, 15, 30, 10, 0, 20, 20, 0, 0, 0, 0, 2, 4, 6, 8];
const of = (i: number, j: number, extra?: number): number => boxOverlap(BOXES, i, BOXES, j, extra);

it('is the shared area over the joint area, the same either way', () => {
  expect(of(0, 0)).toBe(1);
  expect(of(0, 1)).toBeCloseTo(50 / 350, 12);
  expect(of(1, 0)).toBe(of(0, 1));
  expect(of(0, 4)).toBeCloseTo(16 / 200, 12);
});

it('is 0 for boxes that touch, and for boxes without area, never NaN', () => {
  expect([of(0, 2), of(0, 3), of(3, 3)]).toEqual([0, 0, 0]);
});

it('counts the last pixel where that is asked for', () => {
  expect(of(0, 1, 1)).toBeCloseTo((6 * 11) / (2 * 11 * 21 - 66), 12);
  expect(of(0, 2, 1)).toBeCloseTo(21 / (2 * 11 * 21 - 21), 12);
});
