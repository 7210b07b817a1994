import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import { bestFirst } from './best-first.ts';
import { boxOverlap } from './box-overlap.ts';

/** When two boxes are one face, and how many faces there may be. */
export interface SuppressOptions {
  /** Intersection over union above which the weaker of two boxes goes. */
  readonly threshold: number;
  /** Boxes that may stay. */
  readonly keepTopK: number;
  /**
   * Whether the last pixel counts as part of a box, so that widths are `x2 - x1 + 1`: as in the published networks' own post-processing, whose
   * detections it takes to be equal to the last. It matters to boxes of some 20 pixels: without it 3 more of 38 stay in one of the goldens.
   */
  readonly endInclusive: boolean;
}

export const SUPPRESS_DEFAULTS: SuppressOptions = { threshold: 0.4, keepTopK: 750, endInclusive: true };

/**
 * Greedy non-maximum suppression: best first, a box stays unless it overlaps one that stayed. Costs N times the number that stay.
 *
 * @param boxes - `[N, 4]`, x1, y1, x2, y2.
 * @param scores - `[N]`
 * @returns The rows that stay, best first.
 * @throws {@link ArgumentError} if lengths or options do not fit.
 */
export function nonMaximumSuppression(boxes: ArrayLike<number>, scores: ArrayLike<number>, options?: Partial<SuppressOptions>): Int32Array {
  const { threshold, keepTopK, endInclusive } = resolveSuppression('nonMaximumSuppression', options);
  if (boxes.length !== 4 * scores.length) throw new ArgumentError('nonMaximumSuppression', 'boxes', `4 numbers for each of ${scores.length} scores`, `${boxes.length} in all`);
  const order = bestFirst(scores), extra = endInclusive ? 1 : 0, kept = new Int32Array(Math.min(keepTopK, order.length));
  let count = 0;
  for (let n = 0; n < order.length && count < kept.length; n++) {
    const row = order[n]!;
    let k = 0;
    while (k < count && !(boxOverlap(boxes, row, boxes, kept[k]!, extra) > threshold)) k++;
    if (k === count) kept[count++] = row;
  }
  return kept.subarray(0, count);
}

/** Completed and checked options; `where` is named in errors. */
export function resolveSuppression(where: string, options?: Partial<SuppressOptions>): SuppressOptions {
  const resolved = resolveOptions(where, SUPPRESS_DEFAULTS, options), { threshold, keepTopK } = resolved;
  if (!(threshold >= 0 && threshold <= 1)) throw new ArgumentError(where, 'threshold', 'a number in [0, 1]', String(threshold));
  if (!(Number.isInteger(keepTopK) && keepTopK >= 1)) throw new ArgumentError(where, 'keepTopK', 'a whole number of at least 1', String(keepTopK));
  return resolved;
}
