import { ArgumentError } from '../core/errors.ts';
import { FALSE, FOUND, judgeWider, overlapWider } from './match-wider.ts';
import type { WiderImage, WiderSet } from './wider-ground-truth.ts';

/** Classes of boxes: their names, and which one a box is of. */
export interface SizeClasses {
  readonly names: readonly string[];
  /** Of a box of that width and height in pixels: an index of `names`. */
  classOf(width: number, height: number): number;
}

/** One class of sizes at one threshold. */
export interface SizeScore {
  readonly name: string;
  /** Faces of that size that the set counts. */
  readonly faces: number;
  /** Of these, those found. */
  readonly found: number;
  /** `found / faces`; NaN where there is no face. */
  readonly recall: number;
  /** Detections of that size that found nothing, or a face that another had found. */
  readonly falsePositives: number;
}

/** Where the scores are cut and what counts as found. */
export interface SizeScoreOptions {
  readonly set: WiderSet;
  /** On the scores as they are in the files, not normalised. */
  readonly threshold: number;
  readonly iou: number;
}

/** Edges between the classes of face heights, in pixels. */
export const HEIGHT_EDGES: readonly number[] = [16, 32, 64, 128, 256];

/** Classes of heights: below the first edge, from each edge to the next, from the last up. */
export function heightClasses(edges: readonly number[] = HEIGHT_EDGES): SizeClasses {
  const last = edges.at(-1)!, names = edges.map((edge, i) => (i === 0 ? `< ${edge} px` : `${edges[i - 1]}-${edge} px`));
  return { names: [...names, `>= ${last} px`], classOf: (_, height) => edges.filter((edge) => height >= edge).length };
}

/**
 * Recall and false positives of each class of sizes, at one threshold: a face is of its labelled size, a false positive of its own.
 * Judged as the benchmark does ({@link judgeWider}); faces that the set ignores, and detections on them, count nowhere.
 *
 * @param detections - `[N * 5]` for each picture: left, top, width, height, score.
 * @throws {@link ArgumentError} if there are not as many of them as pictures.
 */
export function scoreBySize(images: readonly WiderImage[], detections: readonly Float64Array[], classes: SizeClasses, { set, threshold, iou }: SizeScoreOptions): SizeScore[] {
  if (images.length !== detections.length) throw new ArgumentError('scoreBySize', 'detections', `one list for each of ${images.length} pictures`, String(detections.length));
  const tally = classes.names.map((name) => ({ name, faces: 0, found: 0, falsePositives: 0 }));
  images.forEach((image, i) => {
    const { boxes, counted } = image, of = (values: Float64Array, at: number) => tally[classes.classOf(values[at + 2]!, values[at + 3]!)]!;
    counted[set].forEach((counts, f) => { if (counts) of(boxes, 4 * f).faces++; });
    if (boxes.length === 0) return;
    const overlaps = overlapWider(image, detections[i]!), { rows, face } = overlaps;
    judgeWider(image, overlaps, set, iou).forEach((verdict, d) => {
      if (rows[5 * d + 4]! < threshold) return;
      if (verdict === FOUND) of(boxes, 4 * face[d]!).found++;
      if (verdict === FALSE) of(rows, 5 * d).falsePositives++;
    });
  });
  return tally.map((row) => ({ ...row, recall: row.found / row.faces }));
}
