import { describe, expect, it } from 'vitest';
import { ArgumentError } from '../../src/core/errors.ts';
import type { Box, Point } from '../../src/dense/crop-frame.ts';
import type { DetectedFace } from '../../src/detector/detections.ts';
import { type LabelledFace, scorePhotoLandmarks, summarizeLandmarks } from '../../src/detector/score-landmarks.ts';

const five = (x: number, y: number): Point[] => [[x, y], [x + 10, y], [x + 5, y + 5], [x, y + 10], [x + 10, y + 10]];
const label = (x: number, y: number): LabelledFace => ({ box: [x, y, x + 40, y + 10], landmarks5: five(x, y) }); // sqrt(w h) = 20
const face = (x: number, y: number, score: number, dx = 0): DetectedFace => ({ box: [x, y, x + 40, y + 10] as Box, score, landmarks5: five(x + dx, y) });

describe('one photo', () => {
  it('finds each face once, the best score first, and divides the error by sqrt(w h) of the label', () => {
    const { faces, falsePositives } = scorePhotoLandmarks([label(0, 0), label(100, 0)], [face(1, 0, 0.6), face(2, 0, 0.9, 2), face(300, 0, 0.8)]);
    expect(faces).toEqual([{ label: 0, face: face(2, 0, 0.9, 2), iou: 38 / 42, nme: 4 / 20 }, { label: 1, face: null, iou: 0, nme: null }]);
    expect(falsePositives).toBe(2);
  });

  it('gives a detection to the free label that it overlaps most', () => {
    const { faces } = scorePhotoLandmarks([label(0, 0), label(10, 0)], [face(4, 0, 0.9), face(3, 0, 0.8)]);
    expect(faces.map(({ face: found }) => found!.score)).toEqual([0.9, 0.8]);
  });

  it('wants the overlap: 0.5 is enough', () => {
    const half: DetectedFace = { ...face(0, 0, 1), box: [0, 0, 40, 5] };
    expect(scorePhotoLandmarks([label(0, 0)], [half]).falsePositives).toBe(0);
    expect(scorePhotoLandmarks([label(0, 0)], [half], 0.51)).toMatchObject({ falsePositives: 1, faces: [{ face: null }] });
  });

  it('neither wants an ignored face nor minds it, however often it is found', () => {
    expect(scorePhotoLandmarks([{ ...label(0, 0), ignored: true }, label(100, 0)], [face(0, 0, 0.9), face(1, 0, 0.8)])).toEqual({ faces: [{ label: 1, face: null, iou: 0, nme: null }], falsePositives: 0 });
  });

  it('leaves points out that are not labelled, and has no error without any', () => {
    const points = label(0, 0).landmarks5, found = { ...face(0, 0, 1), landmarks5: five(0, 0).map(([x, y], k): Point => [x + 4 * k, y]) };
    expect(scorePhotoLandmarks([{ ...label(0, 0), landmarks5: points.map((p, k) => (k > 1 ? null : p)) }], [found]).faces[0]!.nme).toBe(2 / 20);
    expect(scorePhotoLandmarks([{ ...label(0, 0), landmarks5: points.map(() => null) }], [found]).faces[0]!).toMatchObject({ face: found, nme: null });
  });

  it('has false positives alone where nothing is labelled', () => expect(scorePhotoLandmarks([], [face(0, 0, 1)])).toEqual({ faces: [], falsePositives: 1 }));

  it('wants five points', () => {
    expect(() => scorePhotoLandmarks([{ ...label(0, 0), landmarks5: [] }], [])).toThrow(ArgumentError);
    expect(() => scorePhotoLandmarks([], [{ ...face(0, 0, 1), landmarks5: [[0, 0]] }])).toThrow('scorePhotoLandmarks: expected landmarks5 to have five points, got 1');
  });
});

describe('all photos', () => {
  it('sums up recall, errors of what was found, failures and the cumulative curve of all', () => {
    const labels = [label(0, 0), label(100, 0), label(200, 0), label(300, 0), { ...label(400, 0), landmarks5: [null, null, null, null, null] }];
    const photo = { labels, ...scorePhotoLandmarks(labels, [face(0, 0, 1, 1), face(100, 0, 1, 1.5), face(200, 0, 1, 3), face(400, 0, 1), face(700, 0, 1)]) };
    const { curve, nme, failureRate, ...counts } = summarizeLandmarks([photo]);
    expect(counts).toEqual({ faces: 5, found: 4, recall: 0.8, falsePositives: 1, withPoints: 4 });
    expect([nme.mean, nme.median, nme.quantile90, failureRate].map((x) => Number(x.toFixed(12)))).toEqual([(0.05 + 0.075 + 0.15) / 3, 0.075, 0.135, 0.5].map((x) => Number(x.toFixed(12))));
    expect([curve.length, curve[0], curve[200]]).toEqual([201, { nme: 0, share: 0 }, { nme: 0.1, share: 0.5 }]);
    expect([curve[99]!.share, curve[101]!.share]).toEqual([0, 0.25]); // around 0.05
  });

  it('has no error where nothing was found', () => {
    const labels = [label(0, 0)], { nme, recall, failureRate } = summarizeLandmarks([{ labels, ...scorePhotoLandmarks(labels, []) }]);
    expect({ nme, recall, failureRate }).toEqual({ nme: { mean: NaN, median: NaN, quantile90: NaN }, recall: 0, failureRate: 1 });
  });
});
