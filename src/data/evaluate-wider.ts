import { ArgumentError } from '../core/errors.ts';
import { averagePrecision } from './average-precision.ts';
import { FOUND, IGNORED, judgeWider, overlapWider, type WiderOverlaps } from './match-wider.ts';
import { WIDER_SETS, type WiderImage, type WiderSet } from './wider-ground-truth.ts';

/** The points of a precision-recall curve, `[1000]` each, from the highest threshold down. */
export interface PrecisionRecall {
  /** Scores as the predictions have them. */
  readonly threshold: Float64Array;
  readonly precision: Float64Array;
  readonly recall: Float64Array;
}

/** What one set says of the predictions. */
export interface WiderSetScore {
  /** Average precision at IoU 0.5; NaN in a set without faces. */
  readonly ap: number;
  /** Mean of the average precision at IoU 0.5, 0.55, ..., 0.95. */
  readonly map: number;
  /** The ten of which `map` is the mean. */
  readonly apByIou: readonly number[];
  /** Faces that the set counts. */
  readonly faces: number;
  /** Of all detections, at IoU 0.5: those that found a face, those that were false, those on ignored faces. */
  readonly found: number;
  readonly falsePositives: number;
  readonly ignored: number;
  /** At IoU 0.5. */
  readonly curve: PrecisionRecall;
}

/** Of the protocol. */
export const WIDER_THRESHOLDS = 1000;

/** IoU 0.5 to 0.95 in ten steps; WIDER FACE's own is the first. */
export const WIDER_IOUS: readonly number[] = Array.from({ length: 10 }, (_, i) => (50 + 5 * i) / 100);

/**
 * Scores predictions by the protocol of WIDER FACE: scores of the whole set mapped to [0, 1] by their minimum and maximum; in each picture
 * the judgement of {@link judgeWider}; precision and recall at the thresholds 0.999, 0.998, ..., 0; the area of PASCAL VOC.
 *
 * Where all scores are equal, which the official code divides by zero, they all count as 1.
 *
 * @param detections - `[N * 5]` for each picture: left, top, width, height, score.
 * @throws {@link ArgumentError} if there are not as many of them as pictures.
 */
export function evaluateWider(images: readonly WiderImage[], detections: readonly Float64Array[]): Record<WiderSet, WiderSetScore> {
  if (images.length !== detections.length) throw new ArgumentError('evaluateWider', 'detections', `one list for each of ${images.length} pictures`, String(detections.length));
  const overlaps = images.map((image, i) => overlapWider(image, detections[i]!)), scale = scoreScale(detections);
  const steps = overlaps.map(({ rows, face }) => Int32Array.from(face, (_, d) => firstThreshold(scale.normalize(rows[5 * d + 4]!))));
  const score = (set: WiderSet): WiderSetScore => {
    const curves = WIDER_IOUS.map((iou) => countSet(images, overlaps, steps, set, iou));
    const faces = images.reduce((sum, { counted }) => sum + counted[set].reduce((n, one) => n + one, 0), 0);
    const apByIou = curves.map((counts) => averagePrecision(...precisionRecall(counts, faces))), { found, proposed, ignored } = curves[0]!;
    const [recall, precision] = precisionRecall(curves[0]!, faces), total = (counts: Int32Array): number => counts.reduce((sum, n) => sum + n, 0);
    return {
      ap: apByIou[0]!, map: apByIou.reduce((sum, ap) => sum + ap, 0) / apByIou.length, apByIou, faces, ignored,
      found: total(found), falsePositives: total(proposed) - total(found), curve: { threshold: Float64Array.from(THRESHOLDS, scale.raw), precision, recall },
    };
  };
  return Object.fromEntries(WIDER_SETS.map((set) => [set, score(set)])) as Record<WiderSet, WiderSetScore>;
}

/** 0.999, 0.998, ..., 0, as the official code computes them. */
const THRESHOLDS = Float64Array.from({ length: WIDER_THRESHOLDS }, (_, t) => 1 - (t + 1) / WIDER_THRESHOLDS);

function scoreScale(detections: readonly Float64Array[]): { normalize(score: number): number; raw(score: number): number } {
  let min = Infinity, max = -Infinity;
  for (const rows of detections) {
    for (let i = 4; i < rows.length; i += 5) {
      min = Math.min(min, rows[i]!);
      max = Math.max(max, rows[i]!);
    }
  }
  const range = max - min;
  return { normalize: (score) => (range > 0 ? (score - min) / range : 1), raw: (score) => (range > 0 ? min + score * range : range === 0 ? min : score) };
}

// The first of the falling thresholds that a normalised score reaches; 0, the last, is reached by all.
function firstThreshold(score: number): number {
  let low = 0, high = WIDER_THRESHOLDS - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (score >= THRESHOLDS[middle]!) high = middle; else low = middle + 1;
  }
  return low;
}

/** By the first threshold that lets them in: faces found, and detections that count. */
interface SetCounts {
  readonly found: Int32Array;
  readonly proposed: Int32Array;
  readonly ignored: number;
}

function countSet(images: readonly WiderImage[], overlaps: readonly WiderOverlaps[], steps: readonly Int32Array[], set: WiderSet, iou: number): SetCounts {
  const found = new Int32Array(WIDER_THRESHOLDS), proposed = new Int32Array(WIDER_THRESHOLDS);
  let ignored = 0;
  images.forEach((image, i) => {
    if (image.boxes.length === 0) return; // as the official code: a picture without faces is passed over
    judgeWider(image, overlaps[i]!, set, iou).forEach((verdict, d) => {
      const step = steps[i]![d]!;
      if (verdict === IGNORED) ignored++; else proposed[step]!++;
      if (verdict === FOUND) found[step]!++;
    });
  });
  return { found, proposed, ignored };
}

function precisionRecall({ found, proposed }: SetCounts, faces: number): [recall: Float64Array, precision: Float64Array] {
  const recall = new Float64Array(WIDER_THRESHOLDS), precision = new Float64Array(WIDER_THRESHOLDS);
  let foundSoFar = 0, proposedSoFar = 0;
  for (let t = 0; t < WIDER_THRESHOLDS; t++) {
    foundSoFar += found[t]!;
    proposedSoFar += proposed[t]!;
    recall[t] = foundSoFar / faces;
    precision[t] = proposedSoFar > 0 ? foundSoFar / proposedSoFar : 0;
  }
  return [recall, precision];
}
