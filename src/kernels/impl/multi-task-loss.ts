import { smoothL1Impl } from './smooth-l1.ts';
import { softmaxCrossEntropyImpl } from './softmax-cross-entropy.ts';

/** What N anchors say and should say; K landmarks. */
export interface MultiTaskArrays {
  /** `[N, 2]` */
  readonly logits: Float64Array;
  /** `[N, 4]` */
  readonly boxDeltas: Float64Array;
  /** `[N, 2 K]` */
  readonly landmarkDeltas: Float64Array;
  /** `[N]`: 1 a face, 0 background that is kept, -1 neither. */
  readonly labels: ArrayLike<number>;
  /** `[N, 4]` and `[N, 2 K]`; looked at where the label is 1. */
  readonly boxTargets: ArrayLike<number>;
  readonly landmarkTargets: ArrayLike<number>;
  /** `[N, K]` */
  readonly landmarkWeights: ArrayLike<number>;
}

/** Numbers of {@link multiTaskLossImpl}. */
export interface MultiTaskNumbers {
  readonly classification: number;
  readonly box: number;
  readonly landmarks: number;
}

/**
 * Reference: classification, box and landmark part of RetinaFace's loss, and the gradient of their sum with `weights`. Overwrites `gradient`.
 *
 * The equation is that of `detector/multi-task-loss.ts`: cross-entropies over the anchors with a label, smooth L1 over those with a face, divided by the
 * number of faces' anchors, for landmarks by those with a known one.
 *
 * @param gradient - Of the same lengths as logits, boxDeltas and landmarkDeltas.
 */
export function multiTaskLossImpl(
  arrays: MultiTaskArrays, weights: MultiTaskNumbers, beta: number, gradient: Pick<MultiTaskArrays, 'logits' | 'boxDeltas' | 'landmarkDeltas'>,
): MultiTaskNumbers {
  const { logits, boxDeltas, landmarkDeltas, labels, boxTargets, landmarkTargets, landmarkWeights } = arrays, N = labels.length, K = landmarkWeights.length / N;
  // 1. Divisors.
  let positives = 0, labelled = 0;
  for (let n = 0; n < N; n++) {
    if (labels[n] !== 1) continue;
    positives++;
    let known = false;
    for (let k = 0; k < K; k++) known ||= landmarkWeights[n * K + k]! > 0;
    if (known) labelled++;
  }
  const perAnchor = 1 / Math.max(1, positives), perLabelled = 1 / Math.max(1, labelled);
  // 2. Classification.
  let classification = 0;
  const one = new Float64Array(1), slope = new Float64Array(2);
  gradient.logits.fill(0);
  for (let n = 0; n < N; n++) {
    if (labels[n]! < 0) continue;
    softmaxCrossEntropyImpl(logits.subarray(2 * n, 2 * n + 2), [labels[n]!], 2, one, slope);
    classification += one[0]! * perAnchor;
    for (let c = 0; c < 2; c++) gradient.logits[2 * n + c] = weights.classification * slope[c]! * perAnchor;
  }
  // 3. Boxes and landmarks, number by number.
  const robust = (x: Float64Array, target: ArrayLike<number>, dx: Float64Array, factorOf: (n: number, i: number) => number, weight: number): number => {
    const size = x.length / N, derivative = new Float64Array(1);
    let sum = 0;
    dx.fill(0);
    for (let n = 0; n < N; n++) {
      if (labels[n] !== 1) continue;
      for (let i = 0; i < size; i++) {
        const factor = factorOf(n, i);
        if (factor === 0) continue;
        smoothL1Impl([x[n * size + i]! - target[n * size + i]!], beta, one, derivative);
        sum += factor * one[0]!;
        dx[n * size + i] = weight * factor * derivative[0]!;
      }
    }
    return sum;
  };
  const box = robust(boxDeltas, boxTargets, gradient.boxDeltas, () => perAnchor, weights.box);
  const landmarks = robust(landmarkDeltas, landmarkTargets, gradient.landmarkDeltas, (n, i) => landmarkWeights[n * K + (i >> 1)]! * perLabelled, weights.landmarks);
  return { classification, box, landmarks };
}
