import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import type { Box } from '../dense/crop-frame.ts';
import { boxOverlap } from './box-overlap.ts';

/** In place of a face's index: the anchor shows background; the anchor is too near a face to be background and too far to be it. */
export const BACKGROUND = -1, IGNORED = -2;

/** Options of {@link matchAnchors}; IoU is intersection over union. */
export interface MatchOptions {
  /** From this IoU on an anchor is to find the face. */
  readonly positive: number;
  /** Below this IoU with every face an anchor is background; between the two it is ignored. */
  readonly negative: number;
  /** Whether a face also gets its best anchor, whatever the thresholds say. */
  readonly forceBest: boolean;
  /** Least IoU of an anchor that a face gets so. */
  readonly minForced: number;
}

/** RetinaFace, arXiv 1905.00641, section 3.3. */
export const MATCH_DEFAULTS: MatchOptions = { positive: 0.5, negative: 0.3, forceBest: false, minForced: 0.2 };

/**
 * Which face each anchor is to find: the one that it overlaps most, if enough.
 *
 * With `forceBest` each face also takes the anchor that overlaps it most, even from another face. Where two faces want one anchor, the one that overlaps it
 * more has it (then the first), and the other takes its best among those that no face has taken so. A face without area matches nothing. Costs A G overlaps.
 *
 * @param anchors - `[A, 4]`: centre x, centre y, width, height.
 * @param boxes - Of G faces.
 * @returns `[A]`: index of a face, {@link BACKGROUND} or {@link IGNORED}.
 * @throws {@link ArgumentError} if a box is not finite or reversed, or a threshold does not lie in [0, 1].
 *
 * @example
 * ```ts
 * matchAnchors(Float32Array.of(50, 50, 40, 40), [[30, 30, 70, 70]]); // [0]
 * ```
 */
export function matchAnchors(anchors: Float32Array, boxes: readonly Box[], options?: Partial<MatchOptions>): Int32Array {
  const where = 'matchAnchors', resolved = resolveOptions(where, MATCH_DEFAULTS, options), { positive, negative, forceBest, minForced } = resolved;
  assertMatching(where, resolved);
  if (anchors.length % 4 !== 0) throw new ArgumentError(where, 'anchors', 'four numbers each', `${anchors.length} numbers`);
  boxes.forEach((box, i) => assertFaceBox(where, box, i));
  const A = anchors.length / 4, corners = anchorCorners(anchors), face = new Int32Array(A).fill(BACKGROUND), overlap = new Float64Array(A);
  const best = boxes.map((box, g) => {
    let top: Candidate = { g, anchor: -1, iou: 0 };
    for (let a = 0; a < A; a++) {
      const iou = boxOverlap(corners, a, box, 0);
      if (iou > top.iou) top = { g, anchor: a, iou };
      if (iou > overlap[a]!) [overlap[a], face[a]] = [iou, g];
    }
    return top;
  });
  for (let a = 0; a < A; a++) if (!(overlap[a]! >= positive)) face[a] = overlap[a]! < negative ? BACKGROUND : IGNORED;
  if (forceBest) forceAnchors(corners, boxes, best, minForced, face);
  return face;
}

interface Candidate {
  readonly g: number;
  readonly anchor: number;
  readonly iou: number;
}

/** Gives each face its best anchor, the best pair first; writes to `face`. */
function forceAnchors(corners: Float64Array, boxes: readonly Box[], best: readonly Candidate[], least: number, face: Int32Array): void {
  const taken = new Set<number>();
  for (const first of [...best].sort((a, b) => b.iou - a.iou || a.g - b.g)) {
    const { anchor, iou, g } = taken.has(first.anchor) ? bestUntaken(corners, boxes[first.g]!, first.g, taken) : first;
    if (anchor < 0 || iou < least) continue;
    taken.add(anchor);
    face[anchor] = g;
  }
}

function bestUntaken(corners: Float64Array, box: Box, g: number, taken: ReadonlySet<number>): Candidate {
  let top: Candidate = { g, anchor: -1, iou: 0 };
  for (let a = 0; a < corners.length / 4; a++) {
    const iou = taken.has(a) ? 0 : boxOverlap(corners, a, box, 0);
    if (iou > top.iou) top = { g, anchor: a, iou };
  }
  return top;
}

/** Corners of anchors, `[A, 4]`: x1, y1, x2, y2. */
export function anchorCorners(anchors: Float32Array): Float64Array {
  return Float64Array.from(anchors, (x, i) => (i % 4 < 2 ? x - anchors[i + 2]! / 2 : anchors[i - 2]! + x / 2));
}

function assertMatching(where: string, { positive, negative, minForced }: MatchOptions): void {
  for (const [name, value] of Object.entries({ positive, negative, minForced })) {
    if (!(value >= 0 && value <= 1)) throw new ArgumentError(where, name, 'a value in [0, 1]', String(value));
  }
  if (negative > positive) throw new ArgumentError(where, 'negative', `at most the value of positive, ${positive}`, String(negative));
  if (positive === 0) throw new ArgumentError(where, 'positive', 'a value above 0', '0');
}

function assertFaceBox(where: string, box: readonly number[], i: number): void {
  if (box.length !== 4 || !box.every(Number.isFinite)) throw new ArgumentError(where, `box ${i}`, 'four finite numbers x1, y1, x2, y2', `[${box}]`);
  if (!(box[2]! >= box[0]! && box[3]! >= box[1]!)) throw new ArgumentError(where, `box ${i}`, 'x1 <= x2 and y1 <= y2', `[${box}]`);
}
