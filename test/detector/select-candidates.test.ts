import { expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';
import { detectorAnchors } from '../../src/detector/anchors.ts';
import { decodeBoxes, decodeLandmarks } from '../../src/detector/box-coding.ts';
import { DETECTOR_PRESETS } from '../../src/detector/config.ts';
import { type HostPredictions, selectCandidates } from '../../src/detector/select-candidates.ts';

const config = DETECTOR_PRESETS['mobilenet0.25'], anchors = detectorAnchors(config, 40, 56), A = anchors.length / 4, K = 3;
const random = createRandom(4), values = (n: number): Float32Array => Float32Array.from({ length: n }, () => random.normal());
const predictions: HostPredictions = { logits: values(2 * A), boxDeltas: values(4 * A), landmarkDeltas: values(2 * K * A) };
const select = (threshold: number, topK = 5000, changed: Partial<HostPredictions> = {}) => selectCandidates({ ...predictions, ...changed }, anchors, config, { threshold, topK });

it('is the softmax above the threshold, sorted, with the boxes and landmarks of its anchors', () => {
  const { logits, boxDeltas, landmarkDeltas } = predictions, softmax = Array.from({ length: A }, (_, a) => Math.exp(logits[2 * a + 1]!) / (Math.exp(logits[2 * a]!) + Math.exp(logits[2 * a + 1]!)));
  const rows = softmax.map((_, a) => a).filter((a) => softmax[a]! > 0.6).sort((a, b) => softmax[b]! - softmax[a]!), { boxes, scores, landmarks } = select(0.6);
  expect(rows.length).toBeGreaterThan(10);
  expect(scores.length).toBe(rows.length);
  rows.forEach((a, n) => { expect(scores[n]).toBeCloseTo(softmax[a]!, 6); });
  expect(boxes).toEqual(decodeBoxes(boxDeltas, anchors, config.variances, rows));
  expect(landmarks).toEqual(decodeLandmarks(landmarkDeltas, anchors, config.variances, rows));
});

it('keeps the best topK, and at threshold 0 every anchor', () => {
  const all = select(0), few = select(0, 7);
  expect([all.scores.length, few.scores.length]).toEqual([A, 7]);
  expect(few.boxes).toEqual(all.boxes.subarray(0, 28));
  expect(select(0.9999).scores.length).toBe(0);
});

it('tells a probability of .9999999 from 1 without overflow', () => {
  const logits = new Float32Array(2 * A);
  logits.set([-900, 900, 0, -900]);
  expect(Array.from(select(0.5, 5000, { logits }).scores)).toEqual([1]);
});

it('says that weights are broken rather than that there is no face', () => {
  const broken = (field: 'logits' | 'boxDeltas', index: number, value: number): Partial<HostPredictions> => {
    const changed = predictions[field].slice();
    changed[index] = value;
    return { [field]: changed };
  };
  expect(() => select(0.5, 5000, broken('logits', 9, NaN))).toThrow(/selectCandidates: expected the prediction of anchor 4 to have two logits that are numbers, got [-\d.]+, NaN/);
  expect(() => select(0, 5000, broken('boxDeltas', 14, 1e6))).toThrow(/the box of anchor 3 to have finite edges, got -?Infinity/);
  expect(() => select(0.5, 5000, { logits: new Float32Array(4) })).toThrow(/expected logits to have 2 numbers for each of \d+ anchors, got 4 in all/);
});
