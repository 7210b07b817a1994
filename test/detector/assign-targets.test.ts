import fc from 'fast-check';
import { expect, it } from 'vitest';
import { detectorAnchors } from '../../src/detector/anchors.ts';
import { assignTargets } from '../../src/detector/assign-targets.ts';
import { decodeBoxes, decodeLandmarks } from '../../src/detector/box-coding.ts';
import { resolveDetectorConfig } from '../../src/detector/config.ts';
import type { FaceTarget } from '../../src/detector/face-target.ts';
import { MULTI_TASK_LOSS_PRESETS } from '../../src/detector/loss-presets.ts';
import { expectClose } from '../support/close.ts';

const anchors = detectorAnchors(resolveDetectorConfig('mobilenet0.25'), 96, 160);
const published = { variances: [0.1, 0.2], landmarks: 5, matching: MULTI_TASK_LOSS_PRESETS.published.matching } as const, paper = { variances: null, landmarks: 5 } as const;
const points = (x: number, y: number): [number, number][] => [[x, y], [x + 9, y], [x + 5, y + 5], [x + 1, y + 10], [x + 8, y + 10]];

it('encodes the face of each positive anchor, unknown points as 0 with weight 0', () => {
  const faces: FaceTarget[] = [{ box: [20, 30, 50, 66], landmarks: points(28, 40) }, { box: [80, 10, 144, 74], landmarks: [null, ...points(90, 30).slice(1)] }, { box: [60, 60, 76, 78], landmarks: null }];
  for (const options of [published, paper]) {
    const { face, positives, boxDeltas, landmarkDeltas, landmarkWeights } = assignTargets(anchors, faces, options), rows = Float32Array.from([...positives].flatMap((a) => [...anchors.subarray(4 * a, 4 * a + 4)]));
    expect([...positives]).toEqual([...face.keys()].filter((a) => face[a]! >= 0));
    expect(new Set([...positives].map((a) => face[a]))).toEqual(new Set([0, 1, 2]));
    expectClose(decodeBoxes(boxDeltas, rows, options.variances), [...positives].flatMap((a) => [...faces[face[a]!]!.box]), { atol: 1e-4 });
    const places = decodeLandmarks(landmarkDeltas, rows, options.variances);
    positives.forEach((a, i) => {
      const { landmarks } = faces[face[a]!]!;
      for (let k = 0; k < 5; k++) {
        const point = landmarks?.[k] ?? null;
        expect(landmarkWeights[5 * i + k]).toBe(point ? 1 : 0);
        if (point) expectClose(places.subarray(10 * i + 2 * k, 10 * i + 2 * k + 2), point, { atol: 1e-4 });
        else expect([...landmarkDeltas.subarray(10 * i + 2 * k, 10 * i + 2 * k + 2)]).toEqual([0, 0]);
      }
    });
  }
});

it('holds no number that is not finite, whatever the faces', () => {
  const coordinate = fc.oneof(fc.double({ min: -1e4, max: 1e4, noNaN: true }), fc.integer({ min: -10, max: 170 }), fc.constantFrom(0, 1e-30, 1e30, -1e30));
  const size = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 400, noNaN: true }), fc.integer({ min: 0, max: 300 }), fc.constantFrom(1e-300, 1e30));
  const point = fc.option(fc.tuple(coordinate, coordinate), { nil: null }), landmarks = fc.option(fc.array(point, { minLength: 5, maxLength: 5 }), { nil: null });
  const face = fc.tuple(coordinate, coordinate, size, size, landmarks).map(([x, y, w, h, marks]): FaceTarget => ({ box: [x, y, x + w, y + h], landmarks: marks }));
  const matching = fc.record({ positive: fc.constantFrom(1e-6, 0.35, 0.5, 1), negative: fc.constantFrom(0, 1e-6), forceBest: fc.boolean(), minForced: fc.constantFrom(0, 0.2) });
  let matched = 0;
  fc.assert(fc.property(fc.array(face, { maxLength: 8 }), matching, fc.constantFrom(null, [0.1, 0.2] as const), (faces, options, variances) => {
    const { face: of, positives, boxDeltas, landmarkDeltas, landmarkWeights } = assignTargets(anchors, faces, { variances, landmarks: 5, matching: options });
    matched += positives.length;
    expect([of.length, boxDeltas.length, landmarkDeltas.length, landmarkWeights.length]).toEqual([anchors.length / 4, 4 * positives.length, 10 * positives.length, 5 * positives.length]);
    expect([...boxDeltas, ...landmarkDeltas].every(Number.isFinite)).toBe(true);
    expect(landmarkWeights.every((w) => w === 0 || w === 1)).toBe(true);
  }), { numRuns: 300, seed: 9 });
  expect(matched).toBeGreaterThan(1000);
});

it('of two faces on one anchor each gets targets of its own', () => {
  const twins: FaceTarget[] = [{ box: [20, 30, 52, 62], landmarks: points(28, 40) }, { box: [20, 30, 52, 62], landmarks: null }];
  const { face, positives } = assignTargets(anchors, twins, published);
  expect(new Set([...positives].map((a) => face[a]))).toEqual(new Set([0, 1]));
});

it('throws on another count of landmarks and on a point that is none', () => {
  expect(() => assignTargets(anchors, [{ box: [0, 0, 9, 9], landmarks: [[1, 1]] }], paper)).toThrow('assignTargets: expected the landmarks of face 0 to have 5 points, got 1');
  expect(() => assignTargets(anchors, [{ box: [0, 0, 9, 9], landmarks: [[1, NaN], null, null, null, null] }], paper)).toThrow('assignTargets: expected a landmark of face 0 to have two finite numbers, or null, got [1,NaN]');
});
