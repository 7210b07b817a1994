import { ArgumentError } from '../core/errors.ts';
import type { Box, Point } from '../dense/crop-frame.ts';
import { quantile } from '../dense/portrait-protocol.ts';
import { boxOverlap } from './box-overlap.ts';
import type { DetectedFace } from './detections.ts';

/** One labelled face of a photo. */
export interface LabelledFace {
  readonly box: Box;
  /** Five, in the order of {@link DetectedFace}; `null` where a point is not labelled. */
  readonly landmarks5: readonly (Point | null)[];
  /** Neither to be found nor false if it is. */
  readonly ignored?: boolean;
}

/** One labelled face, and what the detector made of it. */
export interface FaceScore {
  /** Index among the photo's labels. */
  readonly label: number;
  /** The detection that found it; `null`: missed. */
  readonly face: DetectedFace | null;
  /** Overlap of the two boxes; 0 if missed. */
  readonly iou: number;
  /** Mean distance of the labelled points / sqrt(w h) of the label's box; `null` if missed or without points. */
  readonly nme: number | null;
}

/** A photo's score: its labelled faces without the ignored ones, in order, and detections that found nothing. */
export interface PhotoScore {
  readonly faces: readonly FaceScore[];
  readonly falsePositives: number;
}

/**
 * Matches detections with labels: best score first, each takes the label, not yet taken, that it overlaps most, if by `iou` or more.
 *
 * @throws {@link ArgumentError} if a label or a detection has not five points.
 */
export function scorePhotoLandmarks(labels: readonly LabelledFace[], faces: readonly DetectedFace[], iou = 0.5): PhotoScore {
  for (const { landmarks5 } of [...labels, ...faces]) if (landmarks5.length !== 5) throw new ArgumentError('scorePhotoLandmarks', 'landmarks5', 'five points', String(landmarks5.length));
  const taken = new Map<number, { face: DetectedFace; iou: number }>();
  let falsePositives = 0;
  for (const face of [...faces].sort((a, b) => b.score - a.score)) {
    const overlaps = labels.map(({ box }, i) => (taken.has(i) && !labels[i]!.ignored ? -1 : boxOverlap(box, 0, face.box, 0))), best = Math.max(-1, ...overlaps), label = overlaps.indexOf(best);
    if (best >= iou && label >= 0) taken.set(label, { face, iou: best }); else falsePositives++;
  }
  const scores = labels.map((label, i): FaceScore => {
    const match = taken.get(i);
    return { label: i, face: match?.face ?? null, iou: match?.iou ?? 0, nme: match ? normalizedMeanError(label, match.face) : null };
  });
  return { faces: scores.filter(({ label }) => !labels[label]!.ignored), falsePositives };
}

function normalizedMeanError({ box: [x1, y1, x2, y2], landmarks5 }: LabelledFace, face: DetectedFace): number | null {
  const distances = landmarks5.flatMap((point, k) => (point ? [Math.hypot(point[0] - face.landmarks5[k]![0], point[1] - face.landmarks5[k]![1])] : []));
  return distances.length > 0 ? distances.reduce((sum, d) => sum + d, 0) / distances.length / Math.sqrt((x2 - x1) * (y2 - y1)) : null;
}

/** Recall and landmark errors over photos. */
export interface LandmarkReport {
  readonly faces: number;
  readonly found: number;
  readonly recall: number;
  readonly falsePositives: number;
  /** Over the faces found that have labelled points; NaN without any. */
  readonly nme: { readonly mean: number; readonly median: number; readonly quantile90: number };
  /** Faces with labelled points, found or missed: what the next two are shares of. */
  readonly withPoints: number;
  /** Share with an error above {@link FAILURE_NME}, a missed face being one. */
  readonly failureRate: number;
  /** Cumulative error: share of faces with an error of at most `nme`, missed ones never; from 0 to {@link FAILURE_NME}. */
  readonly curve: readonly { readonly nme: number; readonly share: number }[];
}

/** An error above a tenth of the face is a failure, as where RetinaFace, arXiv 1905.00641, compares five points with MTCNN's. */
export const FAILURE_NME = 0.1;

const CURVE_STEPS = 200;

/**
 * Sums up photos. The failure rate and the curve are of all faces with points, so that a detector gains nothing by leaving hard ones out; the
 * mean, median and 90 % quantile are of those found.
 */
export function summarizeLandmarks(photos: readonly (PhotoScore & { readonly labels: readonly LabelledFace[] })[]): LandmarkReport {
  const faces = photos.flatMap((photo) => photo.faces.map((score) => ({ score, hasPoints: photo.labels[score.label]!.landmarks5.some((point) => point !== null) })));
  const errors = faces.flatMap(({ score: { nme } }) => (nme === null ? [] : [nme])).sort((a, b) => a - b), withPoints = faces.filter(({ hasPoints }) => hasPoints).length;
  const share = (limit: number): number => errors.filter((nme) => nme <= limit).length / withPoints, found = faces.filter(({ score }) => score.face !== null).length;
  const at = (of: number): number => (errors.length > 0 ? quantile(errors, of) : NaN);
  return {
    faces: faces.length, found, recall: found / faces.length, falsePositives: photos.reduce((sum, photo) => sum + photo.falsePositives, 0), withPoints,
    nme: { mean: errors.reduce((sum, nme) => sum + nme, 0) / errors.length, median: at(0.5), quantile90: at(0.9) }, failureRate: 1 - share(FAILURE_NME),
    curve: Array.from({ length: CURVE_STEPS + 1 }, (_, i) => ({ nme: (i * FAILURE_NME) / CURVE_STEPS, share: share((i * FAILURE_NME) / CURVE_STEPS) })),
  };
}
