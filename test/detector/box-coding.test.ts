import fc from 'fast-check';
import { expect, it } from 'vitest';
import { detectorAnchors } from '../../src/detector/anchors.ts';
import { decodeBoxes, decodeLandmarks, encodeBoxes, encodeLandmarks } from '../../src/detector/box-coding.ts';
import { DETECTOR_PRESETS } from '../../src/detector/config.ts';
import { goldenDump, goldensWithDumps, NO_RETINAFACE_GOLDEN } from '../support/retinaface-golden.ts';

const ANCHORS = [10, 20, 16, 8, 100, 50, 32, 64];

it('encodes by the equations', () => {
  const boxes = [4, 18, 20, 26, 68, 0, 132, 128];
  const plain = encodeBoxes(boxes, ANCHORS, null), divided = encodeBoxes(boxes, ANCHORS, [0.1, 0.2]);
  const expected = [2 / 16, 2 / 8, 0, 0, 0, 14 / 64, Math.log(2), Math.log(2)];
  expected.forEach((x, i) => {
    expect(plain[i]).toBeCloseTo(x, 6);
    expect(divided[i]).toBeCloseTo(x / (i % 4 < 2 ? 0.1 : 0.2), 5);
  });
  expect(Array.from(encodeLandmarks([10, 20, 18, 24, 84, 50, 100, 18], ANCHORS, null))).toEqual([0, 0, 0.5, 0.5, -0.5, 0, 0, -0.5]);
  expect(encodeLandmarks([18, 24, 84, 18], ANCHORS, [0.1, 0.2])).toEqual(Float32Array.of(5, 5, -5, -5));
});

const box = fc.tuple(fc.double({ min: -50, max: 700, noNaN: true }), fc.double({ min: -50, max: 700, noNaN: true }), fc.double({ min: 0.5, max: 600, noNaN: true }), fc.double({ min: 0.5, max: 600, noNaN: true }));
it.each([[null], [[0.1, 0.2]]] as const)('decodes what it encoded, variances %j', (variances) => {
  fc.assert(fc.property(fc.array(fc.tuple(box, box, fc.array(fc.double({ min: -50, max: 700, noNaN: true }), { minLength: 6, maxLength: 6 })), { maxLength: 5 }), (rows) => {
    const boxes = rows.flatMap(([[x, y, w, h]]) => [x, y, x + w, y + h]), anchors = rows.flatMap(([, [x, y, w, h]]) => [x, y, w + 8, h + 8]), points = rows.flatMap(([, , p]) => p);
    const tolerance = (i: number, columns: number): number => 1e-3 + 2e-6 * Math.max(...anchors.slice(4 * Math.floor(i / columns)).slice(0, 4), Math.abs(boxes[i] ?? 0));
    decodeBoxes(encodeBoxes(boxes, anchors, variances), anchors, variances).forEach((x, i) => { expect(Math.abs(x - boxes[i]!)).toBeLessThan(tolerance(i, 4)); });
    decodeLandmarks(encodeLandmarks(points, anchors, variances), anchors, variances).forEach((x, i) => { expect(Math.abs(x - points[i]!)).toBeLessThan(tolerance(i, 6)); });
  }));
});

it('decodes the rows that are asked for, in their order', () => {
  const deltas = [0.1, 0.2, 0.3, 0.4, -0.1, -0.2, -0.3, -0.4], all = decodeBoxes(deltas, ANCHORS, null), points = decodeLandmarks(deltas, ANCHORS, null);
  expect(decodeBoxes(deltas, ANCHORS, null, [1, 0, 1])).toEqual(Float32Array.of(...all.subarray(4), ...all));
  expect(decodeLandmarks(deltas, ANCHORS, null, Int32Array.of(1))).toEqual(points.subarray(4));
  expect(decodeBoxes(deltas, ANCHORS, null, []).length).toBe(0);
});

it('leaves an unknown landmark unknown', () => {
  expect(encodeLandmarks([NaN, NaN, 18, 24], ANCHORS.slice(0, 4), null)).toEqual(Float32Array.of(NaN, NaN, 0.5, 0.5));
});

it('names what is wrong', () => {
  const anchor = [5, 5, 16, 16];
  for (const bad of [[5, 5, 5, 9], [5, 9, 9, 5], [0, 0, Infinity, 4], [NaN, 0, 3, 4]]) expect(() => encodeBoxes(bad, anchor, null)).toThrow(/encodeBoxes: expected box 0 to have finite edges and an area, got \[/);
  expect(() => encodeBoxes([1, 2, 3], anchor, null)).toThrow(/encodeBoxes: expected boxes to have 4 numbers a row, got 3 in all/);
  expect(() => encodeBoxes([1, 2, 3, 4], [], null)).toThrow(/encodeBoxes: expected anchors to have 4 numbers, got 0/);
  expect(() => decodeBoxes([1, 2, 3, 4], [...anchor, ...anchor], null)).toThrow(/decodeBoxes: expected anchors to have 4 numbers, got 8/);
  expect(() => decodeLandmarks([1, 2, 3], anchor, null)).toThrow(/decodeLandmarks: expected deltas to have an even number of values for each of 1 anchors, got 3 in all/);
});

it.each(goldensWithDumps())(`decodes what the published network said of $name to its published detections${NO_RETINAFACE_GOLDEN}`, ({ name, width, height, detections, landmarks }) => {
  const { variances } = DETECTOR_PRESETS['mobilenet0.25'], anchors = detectorAnchors(DETECTOR_PRESETS['mobilenet0.25'], height, width), conf = goldenDump(name, 'conf');
  const boxes = decodeBoxes(goldenDump(name, 'loc'), anchors, variances), points = decodeLandmarks(goldenDump(name, 'landm'), anchors, variances);
  detections.forEach(([x1, y1, x2, y2, score], i) => {
    const worst = (row: number): number => Math.max(...[x1, y1, x2, y2].map((x, k) => Math.abs(x! - boxes[4 * row + k]!)), 1000 * Math.abs(score! - conf[2 * row + 1]!), ...landmarks[i]!.map((x, k) => Math.abs(x - points[10 * row + k]!)));
    let best = Infinity;
    for (let row = 0; row < anchors.length / 4; row++) if (Math.abs(score! - conf[2 * row + 1]!) < 1e-4) best = Math.min(best, worst(row));
    expect(best).toBeLessThan(0.02);
  });
});

if (NO_RETINAFACE_GOLDEN) it.skip(`agrees with the published network${NO_RETINAFACE_GOLDEN}`);
