import type { WiderImage, WiderSet } from './wider-ground-truth.ts';

/** The detections of a picture, best score first, with the face that each overlaps most. */
export interface WiderOverlaps {
  /** `[N * 5]`: left, top, width, height, score. */
  readonly rows: Float64Array;
  /** `[N]`: the face, -1 in a picture without any. */
  readonly face: Int32Array;
  /** `[N]`: the overlap with it. */
  readonly overlap: Float64Array;
}

/**
 * Sorts the detections of a picture by score, equal ones staying in their order, and finds the face that each overlaps most: the first of
 * equals. Which it is depends on no threshold, so that one search serves every set and every IoU.
 *
 * Overlap is intersection over union with the benchmark's 1 added to every width and height (its boxes are of pixels, inclusive).
 * Source: `boxoverlap` and `image_evaluation` of WIDER FACE's evaluation code.
 *
 * @param detections - `[N * 5]`.
 */
export function overlapWider({ boxes }: WiderImage, detections: Float64Array): WiderOverlaps {
  const count = detections.length / 5, faces = boxes.length / 4;
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => detections[5 * b + 4]! - detections[5 * a + 4]!);
  const rows = Float64Array.from({ length: detections.length }, (_, i) => detections[5 * order[Math.floor(i / 5)]! + (i % 5)]!);
  const face = new Int32Array(count).fill(-1), overlap = new Float64Array(count);
  for (let d = 0; d < count; d++) {
    const x = rows[5 * d]!, y = rows[5 * d + 1]!, right = x + rows[5 * d + 2]!, bottom = y + rows[5 * d + 3]!, area = (right - x + 1) * (bottom - y + 1);
    let best = -1;
    for (let f = 0; f < faces; f++) {
      const fx = boxes[4 * f]!, fy = boxes[4 * f + 1]!, fRight = fx + boxes[4 * f + 2]!, fBottom = fy + boxes[4 * f + 3]!;
      const w = Math.min(right, fRight) - Math.max(x, fx) + 1, h = Math.min(bottom, fBottom) - Math.max(y, fy) + 1;
      const inter = w > 0 && h > 0 ? w * h : 0, iou = inter / (area + (fRight - fx + 1) * (fBottom - fy + 1) - inter);
      if (iou > best) {
        best = iou;
        face[d] = f;
      }
    }
    overlap[d] = Math.max(0, best);
  }
  return { rows, face, overlap };
}

/** What becomes of a detection: it finds a face, is false, or is not counted at all. */
export const FOUND = 1, FALSE = 0, IGNORED = -1;

/**
 * Judges the detections of a picture for one set at one IoU, best score first: the first on a face of the set finds it, a second one is
 * false, as is one that overlaps no face enough; one on a face that the set ignores is not counted.
 *
 * @returns `[N]` of {@link FOUND}, {@link FALSE}, {@link IGNORED}.
 */
export function judgeWider({ counted }: WiderImage, { face, overlap }: WiderOverlaps, set: WiderSet, iou: number): Int8Array {
  const isFound = new Uint8Array(counted[set].length);
  return Int8Array.from(face, (f, d) => {
    if (f < 0 || !(overlap[d]! >= iou)) return FALSE;
    if (!counted[set][f]) return IGNORED;
    return isFound[f] ? FALSE : (isFound[f] = FOUND);
  });
}
