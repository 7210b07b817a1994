import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { detectorAnchors } from '../../src/detector/anchors.ts';
import { type AnchorTargets, assignTargets } from '../../src/detector/assign-targets.ts';
import { resolveDetectorConfig } from '../../src/detector/config.ts';
import type { FaceTarget } from '../../src/detector/face-target.ts';
import { MULTI_TASK_LOSS_PRESETS, type MultiTaskLossOptions } from '../../src/detector/loss-presets.ts';
import { multiTaskLoss } from '../../src/detector/multi-task-loss.ts';
import type { Predictions } from '../../src/detector/predictions.ts';
import { multiTaskLossImpl } from '../../src/kernels/impl/multi-task-loss.ts';
import { smoothL1Beta } from '../../src/losses/smooth-l1.ts';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { normals, poisonFreedMemory } from '../support/graphs.ts';

const anchors = detectorAnchors(resolveDetectorConfig('mobilenet0.25'), 64, 96), A = anchors.length / 4, K = 5;
const points = (x: number, y: number): [number, number][] => [[x, y], [x + 9, y], [x + 5, y + 5], [x + 1, y + 10], [x + 8, y + 10]];
const FACES: FaceTarget[][] = [
  [{ box: [8, 8, 40, 44], landmarks: points(14, 18) }, { box: [50, 20, 68, 40], landmarks: [null, ...points(52, 26).slice(1)] }],
  [],
  [{ box: [20, 2, 84, 62], landmarks: null }, { box: [3, 3, 3, 20], landmarks: points(3, 3) }],
];

interface Arrays { readonly logits: Float32Array; readonly boxDeltas: Float32Array; readonly landmarkDeltas: Float32Array }
const arrays = (B: number): Arrays => ({ logits: Float32Array.from(normals(2 * B * A, 1), (x) => 3 * x), boxDeltas: Float32Array.from(normals(4 * B * A, 2)), landmarkDeltas: Float32Array.from(normals(2 * K * B * A, 3)) });
const predictions = ([logits, boxDeltas, landmarkDeltas]: readonly tf.Tensor[]): Predictions => ({ logits: logits as tf.Tensor3D, boxDeltas: boxDeltas as tf.Tensor3D, landmarkDeltas: landmarkDeltas as tf.Tensor3D, dense: null });
const tensors = (all: Arrays, B: number): tf.Tensor3D[] => [all.logits, all.boxDeltas, all.landmarkDeltas].map((data) => tf.tensor3d(data, [B, A, data.length / (B * A)]));

/** Label of every anchor, the kept background chosen here by a plain sort, and targets in full. */
function reference(all: Arrays, targets: readonly AnchorTargets[], { weights, mining, smoothL1 }: MultiTaskLossOptions) {
  const N = targets.length * A, labels = new Int8Array(N).fill(-1), boxTargets = new Float64Array(4 * N), landmarkTargets = new Float64Array(2 * K * N), landmarkWeights = new Float64Array(K * N);
  const cost = (n: number): number => all.logits[2 * n + 1]! - all.logits[2 * n]!; // monotone in the loss
  targets.forEach(({ face, positives, boxDeltas, landmarkDeltas, landmarkWeights: known }, b) => {
    positives.forEach((a, i) => {
      labels[b * A + a] = 1;
      boxTargets.set(boxDeltas.subarray(4 * i, 4 * i + 4), 4 * (b * A + a));
      landmarkTargets.set(landmarkDeltas.subarray(2 * K * i, 2 * K * (i + 1)), 2 * K * (b * A + a));
      landmarkWeights.set(known.subarray(K * i, K * (i + 1)), K * (b * A + a));
    });
    const background = [...face.keys()].filter((a) => face[a] === -1).map((a) => b * A + a).sort((m, n) => cost(n) - cost(m));
    for (const n of background.slice(0, Math.max(mining.minNegatives, mining.ratio * positives.length))) labels[n] = 0;
  });
  const wide = { logits: Float64Array.from(all.logits), boxDeltas: Float64Array.from(all.boxDeltas), landmarkDeltas: Float64Array.from(all.landmarkDeltas) };
  const gradient = { logits: wide.logits.slice().fill(NaN), boxDeltas: wide.boxDeltas.slice().fill(NaN), landmarkDeltas: wide.landmarkDeltas.slice().fill(NaN) };
  return { parts: multiTaskLossImpl({ ...wide, labels, boxTargets, landmarkTargets, landmarkWeights }, weights, smoothL1Beta('test', smoothL1), gradient), gradient, labels };
}

const CASES: readonly (readonly [string, MultiTaskLossOptions, readonly [number, number] | null])[] = [
  ['paper', MULTI_TASK_LOSS_PRESETS.paper, null], ['paper with sigma 3', { ...MULTI_TASK_LOSS_PRESETS.paper, smoothL1: { sigma: 3 } }, null], ['published', MULTI_TASK_LOSS_PRESETS.published, [0.1, 0.2]],
];

describeOnBackends('multiTaskLoss', () => {
  it.each(CASES)('%s agrees with the float64 reference to 1e-5, parts and gradient by every prediction', (_, options, variances) => {
    for (const faces of [FACES, [[], []], [FACES[2]!]]) expectNoLeak(() => tf.tidy(() => {
      const B = faces.length, all = arrays(B), targets = faces.map((list) => assignTargets(anchors, list, { variances, landmarks: K, matching: options.matching })), { parts, gradient, labels } = reference(all, targets, options);
      poisonFreedMemory();
      const { grads } = tf.valueAndGrads((...x: tf.Tensor[]) => {
        const loss = multiTaskLoss(predictions(x), targets, options);
        for (const name of ['classification', 'box', 'landmarks'] as const) expectClose(loss[name].dataSync(), [parts[name]], { rtol: 1e-5, atol: 1e-6 });
        expectClose(loss.total.dataSync(), [(['classification', 'box', 'landmarks'] as const).reduce((sum, name) => sum + options.weights[name] * parts[name], 0)], { rtol: 1e-5, atol: 1e-6 });
        expect(loss.dense.dataSync()[0]).toBe(0);
        expect(loss.counts).toMatchObject({ positives: labels.filter((l) => l === 1).length, negatives: labels.filter((l) => l === 0).length, denseFaces: 0 });
        return loss.total;
      })(tensors(all, B));
      for (const [i, name] of (['logits', 'boxDeltas', 'landmarkDeltas'] as const).entries()) expectClose(grads[i]!.dataSync(), gradient[name], { rtol: 1e-5, atol: 1e-6 });
    }));
  });

  it('without a face anywhere has finite parts and gradients, all 0 but the classification', () => tf.tidy(() => {
    const targets = [assignTargets(anchors, [], { variances: null, landmarks: K })];
    for (const [name, nothing] of [['paper', false], ['published', true]] as const) {
      const { value, grads } = tf.valueAndGrads((...x: tf.Tensor[]) => multiTaskLoss(predictions(x), targets, MULTI_TASK_LOSS_PRESETS[name]).total)(tensors(arrays(1), 1));
      expect(value.dataSync()[0]! === 0).toBe(nothing); // the published form learns nothing from a picture without a face
      expect(grads.every((g) => g.dataSync().every(Number.isFinite))).toBe(true);
    }
  }));

  it('adds a dense part with its weight and ramp, and reports it apart', () => tf.tidy(() => {
    const targets = [assignTargets(anchors, FACES[0]!, { variances: null, landmarks: K })], x = predictions(tensors(arrays(1), 1)), plain = multiTaskLoss(x, targets);
    const { total, dense, counts } = multiTaskLoss(x, targets, { weights: { ...MULTI_TASK_LOSS_PRESETS.paper.weights, dense: 0.5 } }, { loss: tf.scalar(8), ramp: 0.25, faces: 3 });
    expectClose(total.dataSync(), [plain.total.dataSync()[0]! + 1]);
    expect([dense.dataSync()[0], counts.denseFaces]).toEqual([8, 3]);
  }));

  it('throws on predictions that do not fit the targets, on bad weights and on a network that has diverged', () => tf.tidy(() => {
    const targets = [assignTargets(anchors, [], { variances: null, landmarks: K })], x = predictions(tensors(arrays(1), 1));
    expect(() => multiTaskLoss(x, [...targets, ...targets])).toThrow(`multiTaskLoss: expected logits to have shape [2,A,2], got [1,${A},2]`);
    expect(() => multiTaskLoss({ ...x, boxDeltas: tf.zeros([1, A, 5]) }, targets)).toThrow(`boxDeltas to have shape [1,A=${A},4], got [1,${A},5]`);
    expect(() => multiTaskLoss(x, [{ ...targets[0]!, face: new Int32Array(3) }])).toThrow(`expected targets[0] to have ${A} anchors, as the predictions, got 3`);
    expect(() => multiTaskLoss({ ...x, landmarkDeltas: tf.zeros([1, A, 6]) }, [assignTargets(anchors, FACES[0]!, { variances: null, landmarks: K })])).toThrow('expected targets[0] to have 3 landmarks an anchor, as the predictions');
    expect(() => multiTaskLoss(x, targets, { weights: { classification: 1, box: -1, landmarks: 1, dense: 0 } })).toThrow('multiTaskLoss: expected weights.box to have a number of at least 0, got -1');
    expect(() => multiTaskLoss({ ...x, logits: tf.fill([1, A, 2], NaN) }, targets)).toThrow('the network has diverged, got NaN');
    expect(() => multiTaskLoss(x, targets, { sigma: 3 } as never)).toThrow('multiTaskLoss: expected options to have only the keys weights, matching, mining, smoothL1, got sigma');
  }));
});
