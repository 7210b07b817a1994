import * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import { assertShape } from '../core/shape.ts';
import { softmaxCrossEntropyImpl } from '../kernels/impl/softmax-cross-entropy.ts';
import { smoothL1, smoothL1Beta, type SmoothL1Options } from '../losses/smooth-l1.ts';
import { softmaxCrossEntropy } from '../losses/softmax-cross-entropy.ts';
import type { AnchorTargets } from './assign-targets.ts';
import { MULTI_TASK_LOSS_PRESETS, type MultiTaskLossOptions } from './loss-presets.ts';
import { mineHardExamples } from './mine-hard-examples.ts';
import { pickRows } from './pick-rows.ts';
import type { Predictions } from './predictions.ts';

/** The parts of a loss, each before its weight, and their weighted sum. */
export interface LossParts {
  readonly total: tf.Scalar;
  readonly classification: tf.Scalar;
  readonly box: tf.Scalar;
  readonly landmarks: tf.Scalar;
  /** 0 where the dense branch is off, before its ramp, or finds no face that is large enough. */
  readonly dense: tf.Scalar;
  /** How many anchors, and faces of the dense branch, the parts are of. */
  readonly counts: { readonly positives: number; readonly negatives: number; readonly landmarks: number; readonly denseFaces: number };
}

/** A fourth part, already worked out: see `detector/dense-part.ts`. */
export interface DensePart {
  readonly loss: tf.Scalar;
  /** What the weight of the preset is multiplied by: 0 to 1, along the ramp. */
  readonly ramp: number;
  readonly faces: number;
}

/**
 * RetinaFace's loss of a batch: classification, box, landmarks and, where it is given, the dense part.
 *
 * `L = w_cls / N sum over selected anchors CE + w_box / N sum over positives smoothL1(box) + w_pts / N' sum over positives smoothL1(landmarks) + w_dense L_dense`,
 * with N the positive anchors of the batch, N' those of them with a known landmark (both at least 1), and the selected anchors the positive ones and the background ones
 * that {@link mineHardExamples} keeps. A sum is over the numbers of an anchor as well; an unknown landmark adds nothing.
 * RetinaFace, arXiv 1905.00641, equation 1; divisors as in the published implementation, since the paper prints none.
 *
 * Differentiable in all predictions; which anchors are selected counts as constant. Waits for the logits. The arithmetic is float32 on the current backend.
 *
 * @param targets - One a picture, from `assignTargets` with the same matching options.
 * @throws {@link ArgumentError} if shapes do not fit the targets, an option is out of range, or a logit is not a number.
 */
export function multiTaskLoss(predictions: Predictions, targets: readonly AnchorTargets[], options?: Partial<MultiTaskLossOptions>, dense: DensePart | null = null): LossParts {
  const where = 'multiTaskLoss', { weights, mining, smoothL1: robust } = resolveOptions<MultiTaskLossOptions>(where, MULTI_TASK_LOSS_PRESETS.paper, options);
  assertPredictions(where, predictions, targets);
  for (const [name, weight] of Object.entries(weights)) if (!(weight >= 0 && weight < Infinity)) throw new ArgumentError(where, `weights.${name}`, 'a number of at least 0', String(weight));
  smoothL1Beta(where, robust);
  return tf.tidy(() => {
    const { logits, boxDeltas, landmarkDeltas } = predictions, A = logits.shape[1];
    const positives = targets.flatMap((t, b) => Array.from(t.positives, (a) => b * A + a)), negatives = mineHardExamples(backgroundLosses(logits), targets.map(({ face }) => face), mining);
    const labels = [...positives.map(() => 1), ...Array.from(negatives, () => 0)], chosen = pickRows(logits, [...positives, ...negatives]);
    const classification = (labels.length > 0 ? softmaxCrossEntropy(chosen, labels).sum() : chosen.sum()).div(Math.max(1, positives.length)) as tf.Scalar;
    const box = robustSum(pickRows(boxDeltas, positives), joined(targets, 'boxDeltas'), null, robust).div(Math.max(1, positives.length)) as tf.Scalar;
    const known = joined(targets, 'landmarkWeights'), K = landmarkDeltas.shape[2] / 2, labelled = positives.filter((_, i) => known.subarray(K * i, K * (i + 1)).some((w) => w > 0)).length;
    const landmarks = robustSum(pickRows(landmarkDeltas, positives), joined(targets, 'landmarkDeltas'), known, robust).div(Math.max(1, labelled)) as tf.Scalar;
    const fourth = dense?.loss ?? tf.scalar(0);
    const total = tf.addN([classification.mul(weights.classification), box.mul(weights.box), landmarks.mul(weights.landmarks), fourth.mul(weights.dense * (dense?.ramp ?? 0))]) as tf.Scalar;
    return { total, classification, box, landmarks, dense: fourth, counts: { positives: positives.length, negatives: negatives.length, landmarks: labelled, denseFaces: dense?.faces ?? 0 } };
  });
}

/** Cross-entropy of every anchor with the class background, in float64 from the logits as they are: what mining sorts by. */
function backgroundLosses(logits: tf.Tensor3D): Float64Array {
  const [B, A] = logits.shape, out = new Float64Array(B * A);
  softmaxCrossEntropyImpl(logits.dataSync<'float32'>(), new Uint8Array(B * A), 2, out, null);
  return out;
}

/** Sum of the smooth L1 losses of rows; `weights` has a number for every two columns. */
function robustSum(rows: tf.Tensor2D, target: Float32Array, weights: Float32Array | null, options: SmoothL1Options): tf.Scalar {
  if (target.length === 0) return rows.sum();
  const loss = smoothL1(rows, tf.tensor2d(target, rows.shape), options);
  return (weights ? loss.mul(tf.tensor2d(Float32Array.from({ length: target.length }, (_, i) => weights[i >> 1]!), rows.shape)) : loss).sum();
}

function joined(targets: readonly AnchorTargets[], name: 'boxDeltas' | 'landmarkDeltas' | 'landmarkWeights'): Float32Array {
  return Float32Array.from(targets.flatMap((target) => Array.from(target[name])));
}

function assertPredictions(where: string, { logits, boxDeltas, landmarkDeltas }: Predictions, targets: readonly AnchorTargets[]): void {
  const dims = {};
  assertShape(where, 'logits', logits.shape, [targets.length, 'A', 2], dims);
  assertShape(where, 'boxDeltas', boxDeltas.shape, [targets.length, 'A', 4], dims);
  assertShape(where, 'landmarkDeltas', landmarkDeltas.shape, [targets.length, 'A', 'P'], dims);
  const [, A, P] = landmarkDeltas.shape;
  targets.forEach(({ face, positives, landmarkDeltas: points }, b) => {
    if (face.length !== A) throw new ArgumentError(where, `targets[${b}]`, `${A} anchors, as the predictions`, String(face.length));
    if (points.length !== P * positives.length) throw new ArgumentError(where, `targets[${b}]`, `${P / 2} landmarks an anchor, as the predictions`, `${points.length} numbers for ${positives.length} anchors`);
  });
}
