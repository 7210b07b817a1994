import fc from 'fast-check';
import { expect, it } from 'vitest';
import { detectorAnchors } from '../../src/detector/anchors.ts';
import { boxOverlap } from '../../src/detector/box-overlap.ts';
import { takeCandidates } from '../../src/detector/candidates.ts';
import { DETECTOR_PRESETS } from '../../src/detector/config.ts';
import { nonMaximumSuppression } from '../../src/detector/non-maximum-suppression.ts';
import { selectCandidates } from '../../src/detector/select-candidates.ts';
import { goldenPredictions } from '../support/golden-predictions.ts';
import { goldensWithDumps, NO_RETINAFACE_GOLDEN } from '../support/retinaface-golden.ts';

const BOXES = [0, 0, 100, 100, 0, 0, 100, 90, 200, 200, 300, 300, 0, 0, 100, 39, 201, 201, 300, 300];

it('keeps the best of each heap, best first', () => {
  expect([...nonMaximumSuppression(BOXES, [0.8, 0.9, 0.5, 0.4, 0.7])]).toEqual([1, 4]);
  expect([...nonMaximumSuppression(BOXES, [0.8, 0.9, 0.5, 0.4, 0.7], { threshold: 0.44 })]).toEqual([1, 4, 3]);
  expect([...nonMaximumSuppression(BOXES, [0.8, 0.9, 0.5, 0.4, 0.7], { threshold: 1 })]).toEqual([1, 0, 4, 2, 3]);
  expect([...nonMaximumSuppression(BOXES, [0.8, 0.9, 0.5, 0.4, 0.7], { keepTopK: 1 })]).toEqual([1]);
  expect(nonMaximumSuppression([], []).length).toBe(0);
});

it('counts the last pixel unless told not to', () => {
  const small = [0, 0, 9, 9, 5, 0, 14, 9]; // 4 / 14 of each other, or 5 / 15
  expect([...nonMaximumSuppression(small, [0.9, 0.8], { threshold: 0.31 })]).toEqual([0]);
  expect([...nonMaximumSuppression(small, [0.9, 0.8], { threshold: 0.31, endInclusive: false })]).toEqual([0, 1]);
});

it('leaves no two that overlap, and takes none away without a better one beside it', () => {
  const box = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 9 }));
  fc.assert(fc.property(fc.array(box, { maxLength: 40 }), (rows) => {
    const boxes = rows.flatMap(([x, y, w, h]) => [x, y, x + w, y + h]), scores = rows.map((row) => row[4] / 10), kept = [...nonMaximumSuppression(boxes, scores)];
    const overlap = (i: number, j: number): number => boxOverlap(boxes, i, boxes, j, 1);
    kept.forEach((i, n) => kept.slice(0, n).forEach((j) => {
      expect(overlap(i, j)).toBeLessThanOrEqual(0.4);
      expect(scores[j]).toBeGreaterThanOrEqual(scores[i]!);
    }));
    rows.forEach((_, i) => { if (!kept.includes(i)) expect(kept.some((j) => overlap(i, j) > 0.4 && scores[j]! >= scores[i]!)).toBe(true); });
  }));
});

it('names what is wrong', () => {
  expect(() => nonMaximumSuppression([1, 2, 3], [1])).toThrow(/expected boxes to have 4 numbers for each of 1 scores, got 3 in all/);
  expect(() => nonMaximumSuppression([], [], { threshold: 1.5 })).toThrow(/nonMaximumSuppression: expected threshold to have a number in \[0, 1\], got 1.5/);
  expect(() => nonMaximumSuppression([], [], { keepTopK: 0 })).toThrow(/keepTopK to have a whole number of at least 1, got 0/);
  expect(() => nonMaximumSuppression([], [], { iou: 0.4 } as object)).toThrow(/only the keys threshold, keepTopK, endInclusive, got iou/);
});

it.each(goldensWithDumps())(`leaves of $name what the published post-processing leaves${NO_RETINAFACE_GOLDEN}`, ({ name, width, height, detections, landmarks }) => {
  const config = DETECTOR_PRESETS['mobilenet0.25'], all = selectCandidates(goldenPredictions(name), detectorAnchors(config, height, width), config, { threshold: 0.02, topK: 5000 });
  const kept = takeCandidates(all, nonMaximumSuppression(all.boxes, all.scores));
  expect(kept.scores.length).toBe(detections.length);
  detections.forEach(([x1, y1, x2, y2, score], n) => {
    [x1, y1, x2, y2].forEach((x, k) => { expect(Math.abs(kept.boxes[4 * n + k]! - x!)).toBeLessThan(1e-3); });
    landmarks[n]!.forEach((x, k) => { expect(Math.abs(kept.landmarks[10 * n + k]! - x)).toBeLessThan(1e-3); });
    expect(Math.abs(kept.scores[n]! - score!)).toBeLessThan(1e-5);
  });
});

if (NO_RETINAFACE_GOLDEN) it.skip(`agrees with the published post-processing${NO_RETINAFACE_GOLDEN}`);
