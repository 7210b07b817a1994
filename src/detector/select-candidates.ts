import { ArgumentError } from '../core/errors.ts';
import { bestFirst } from './best-first.ts';
import { decodeBoxes, decodeLandmarks } from './box-coding.ts';
import type { Candidates } from './candidates.ts';
import type { DetectorConfig } from './config.ts';

/** What the heads say of the anchors of one picture, on the host: see `Predictions`. */
export interface HostPredictions {
  /** `[A, 2]`: background, face; before the softmax. */
  readonly logits: Float32Array;
  /** `[A, 4]` */
  readonly boxDeltas: Float32Array;
  /** `[A, 2 K]` */
  readonly landmarkDeltas: Float32Array;
}

/** Which anchors become candidates. */
export interface SelectOptions {
  /** Probability that a candidate exceeds, in [0, 1). */
  readonly threshold: number;
  /** At most so many, the best. */
  readonly topK: number;
}

/**
 * The anchors that say "face", decoded, best first. Of two classes the softmax is the logistic of the logits' difference, which is compared
 * before it is taken: only what is selected costs an exponential and a decoded box.
 *
 * @param anchors - `[A, 4]` of `detectorAnchors`.
 * @throws {@link ArgumentError} if the lengths do not fit, or a prediction is not finite: the weights are broken.
 */
export function selectCandidates({ logits, boxDeltas, landmarkDeltas }: HostPredictions, anchors: Float32Array, { variances }: Pick<DetectorConfig, 'variances'>, { threshold, topK }: SelectOptions): Candidates {
  const count = anchors.length / 4;
  if (logits.length !== 2 * count) throw new ArgumentError('selectCandidates', 'logits', `2 numbers for each of ${count} anchors`, `${logits.length} in all`);
  // score > threshold, in logits
  const least = Math.log(threshold / (1 - threshold)), found: number[] = [];
  for (let a = 0; a < count; a++) {
    const odds = logits[2 * a + 1]! - logits[2 * a]!;
    if (odds > least) found.push(a);
    else if (Number.isNaN(odds)) throw new ArgumentError('selectCandidates', `the prediction of anchor ${a}`, 'two logits that are numbers', `${logits[2 * a]}, ${logits[2 * a + 1]}`);
  }
  const odds = Float32Array.from(found, (a) => logits[2 * a + 1]! - logits[2 * a]!), order = bestFirst(odds, topK), rows = Uint32Array.from(order, (i) => found[i]!);
  const boxes = decodeBoxes(boxDeltas, anchors, variances, rows), landmarks = decodeLandmarks(landmarkDeltas, anchors, variances, rows);
  for (let i = 0; i < boxes.length; i++) {
    if (!Number.isFinite(boxes[i])) throw new ArgumentError('selectCandidates', `the box of anchor ${rows[i >> 2]}`, 'finite edges', String(boxes[i]));
  }
  return { boxes, scores: Float32Array.from(order, (i) => 1 / (1 + Math.exp(-odds[i]!))), landmarks };
}
