import { expect, it } from 'vitest';
import { boxVoting } from '../../src/detector/box-voting.ts';
import type { Candidates } from '../../src/detector/candidates.ts';

const CANDIDATES: Candidates = {
  boxes: Float32Array.of(200, 200, 300, 300, 0, 0, 100, 90, 4, 8, 100, 100, 0, 0, 100, 38), scores: Float32Array.of(0.125, 0.75, 0.25, 0.5),
  landmarks: Float32Array.of(1, 2, 10, 20, 30, 60, 7, 8),
};

it('takes the mean of what overlaps the best, weighted by score, and its score; and keeps a lone box as it is', () => {
  // 0.75 and 0.25 vote; the last overlaps the best by 39 / 91 = .43 and votes too at .4, not at .5
  expect(boxVoting(CANDIDATES, { threshold: 0.5 })).toEqual({
    boxes: Float32Array.of(1, 2, 100, 92.5, 0, 0, 100, 38, 200, 200, 300, 300), scores: Float32Array.of(0.75, 0.5, 0.125), landmarks: Float32Array.of(15, 30, 7, 8, 1, 2),
  });
  const { boxes, scores } = boxVoting(CANDIDATES);
  expect(scores).toEqual(Float32Array.of(0.75, 0.125));
  expect(boxes[3]).toBeCloseTo((0.75 * 90 + 0.25 * 100 + 0.5 * 38) / 1.5, 5);
});

it('drops lone boxes as the official code does, where that is asked for', () => {
  expect(boxVoting(CANDIDATES, { keepSingles: false }).scores).toEqual(Float32Array.of(0.75));
  expect(boxVoting(CANDIDATES, { keepSingles: false, threshold: 1 }).scores.length).toBe(0);
});

it('keeps so many, and bears an empty list and scores of zero', () => {
  expect(boxVoting(CANDIDATES, { keepTopK: 1 }).scores).toEqual(Float32Array.of(0.75));
  const none = { boxes: new Float32Array(0), scores: new Float32Array(0), landmarks: new Float32Array(0) };
  expect(boxVoting(none)).toEqual(none);
  expect(boxVoting({ ...CANDIDATES, scores: new Float32Array(4) }).boxes.every(Number.isFinite)).toBe(true);
});

it('counts the last pixel unless told not to', () => {
  const small = { boxes: Float32Array.of(0, 0, 9, 9, 5, 0, 14, 9), scores: Float32Array.of(0.5, 0.5), landmarks: new Float32Array(0) };
  expect(boxVoting(small, { threshold: 0.31 }).boxes).toEqual(Float32Array.of(2.5, 0, 11.5, 9));
  expect(boxVoting(small, { threshold: 0.31, endInclusive: false }).boxes.length).toBe(8);
});

it('names what is wrong', () => {
  expect(() => boxVoting({ ...CANDIDATES, boxes: new Float32Array(3) })).toThrow(/boxVoting: expected boxes to have 4 numbers for each of 4 scores, got 3 in all/);
  expect(() => boxVoting(CANDIDATES, { threshold: NaN })).toThrow(/boxVoting: expected threshold to have a number in \[0, 1\], got NaN/);
});
