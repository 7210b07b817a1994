import { ArgumentError } from '../core/errors.ts';
import { bestFirst } from './best-first.ts';
import { boxOverlap } from './box-overlap.ts';
import type { Candidates } from './candidates.ts';
import { resolveSuppression, SUPPRESS_DEFAULTS, type SuppressOptions } from './non-maximum-suppression.ts';

/** {@link SuppressOptions}, `threshold` being the overlap from which boxes vote together. */
export interface VoteOptions extends SuppressOptions {
  /**
   * Whether a box that no other overlaps stays. The official code drops it, which cleans up after ten passes over a picture, where a face is proposed
   * many times and a lone box is mostly noise. Seen once, a small face often has one anchor above the threshold, and would be lost: it stays by default.
   */
  readonly keepSingles: boolean;
}

export const VOTE_DEFAULTS: VoteOptions = { ...SUPPRESS_DEFAULTS, keepSingles: true };

/**
 * Box voting: the best box takes all that overlap it, and becomes their mean weighted by score, landmarks likewise; its score stays. Then the best of the
 * rest. Costs N times the number of faces.
 *
 * Gidaris and Komodakis, arXiv 1505.01749, section 4; RetinaFace, arXiv 1905.00641, section 4.3 (overlap of 0.4).
 *
 * @returns One candidate a face, best first.
 * @throws {@link ArgumentError} if lengths or options do not fit.
 */
export function boxVoting({ boxes, scores, landmarks }: Candidates, options?: Partial<VoteOptions>): Candidates {
  const where = 'boxVoting', { keepSingles = VOTE_DEFAULTS.keepSingles, ...rest } = options ?? {}, { threshold, keepTopK, endInclusive } = resolveSuppression(where, rest);
  if (boxes.length !== 4 * scores.length) throw new ArgumentError(where, 'boxes', `4 numbers for each of ${scores.length} scores`, `${boxes.length} in all`);
  const size = scores.length > 0 ? landmarks.length / scores.length : 0, extra = endInclusive ? 1 : 0, left = bestFirst(scores).slice();
  const box = new Float64Array(4), points = new Float64Array(size), out = { boxes: [] as number[], scores: [] as number[], landmarks: [] as number[] };
  for (let count = left.length; count > 0 && out.scores.length < keepTopK;) {
    // 1. The best and what overlaps it; what does not moves to the front, in order.
    const best = left[0]!;
    let total = 0, voters = 0, stay = 0;
    box.fill(0);
    points.fill(0);
    for (let n = 0; n < count; n++) {
      const row = left[n]!;
      if (n > 0 && !(boxOverlap(boxes, best, boxes, row, extra) >= threshold)) {
        left[stay++] = row;
        continue;
      }
      const weight = scores[row]!;
      total += weight;
      voters++;
      for (let k = 0; k < 4; k++) box[k]! += weight * boxes[4 * row + k]!;
      for (let k = 0; k < size; k++) points[k]! += weight * landmarks[size * row + k]!;
    }
    count = stay;
    // 2. Their mean. A single box is itself, to the bit.
    if (voters === 1 && !keepSingles) continue;
    out.scores.push(scores[best]!);
    for (let k = 0; k < 4; k++) out.boxes.push(voters > 1 && total > 0 ? box[k]! / total : boxes[4 * best + k]!);
    for (let k = 0; k < size; k++) out.landmarks.push(voters > 1 && total > 0 ? points[k]! / total : landmarks[size * best + k]!);
  }
  return { boxes: Float32Array.from(out.boxes), scores: Float32Array.from(out.scores), landmarks: Float32Array.from(out.landmarks) };
}
