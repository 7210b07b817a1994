import { ArgumentError } from '../core/errors.ts';
import type { DetectorConfig } from './config.ts';

/** Divisors of what is encoded, `[centre and landmarks, logarithm of the size]`; `null` is 1 and 1. */
export type Variances = DetectorConfig['variances'];

type Numbers = ArrayLike<number>;

/**
 * What a network should say of anchors so that boxes come out: `((gx - ax) / aw, (gy - ay) / ah) / v0, log(gw / aw, gh / ah) / v1`.
 *
 * Girshick, "Fast R-CNN", arXiv 1504.08083, with the variances of SSD (arXiv 1512.02325).
 *
 * @param boxes - `[N, 4]`, x1, y1, x2, y2 in pixels.
 * @param anchors - `[N, 4]`, centre and size in pixels, one to a box.
 * @returns `[N, 4]`
 * @throws {@link ArgumentError} if lengths differ, or a box is not finite or without area: it has no encoding.
 */
export function encodeBoxes(boxes: Numbers, anchors: Numbers, variances: Variances): Float32Array {
  const count = assertRows('encodeBoxes', 'boxes', boxes, 4), [v0, v1] = variances ?? [1, 1], out = new Float32Array(boxes.length);
  assertLength('encodeBoxes', 'anchors', anchors, 4 * count);
  for (let o = 0; o < boxes.length; o += 4) {
    const x1 = boxes[o]!, y1 = boxes[o + 1]!, x2 = boxes[o + 2]!, y2 = boxes[o + 3]!, width = anchors[o + 2]!, height = anchors[o + 3]!;
    if (!(x2 - x1 > 0 && y2 - y1 > 0 && x2 - x1 < Infinity && y2 - y1 < Infinity)) throw new ArgumentError('encodeBoxes', `box ${o / 4}`, 'finite edges and an area', `[${x1},${y1},${x2},${y2}]`);
    out[o] = ((x1 + x2) / 2 - anchors[o]!) / width / v0;
    out[o + 1] = ((y1 + y2) / 2 - anchors[o + 1]!) / height / v0;
    out[o + 2] = Math.log((x2 - x1) / width) / v1;
    out[o + 3] = Math.log((y2 - y1) / height) / v1;
  }
  return out;
}

/**
 * The boxes that a network's numbers stand for: the inverse of {@link encodeBoxes}.
 *
 * @param deltas - `[A, 4]`
 * @param anchors - `[A, 4]`
 * @param rows - Anchors that are wanted; all without it.
 * @returns `[N, 4]`, x1, y1, x2, y2 in pixels, in the order of `rows`.
 * @throws {@link ArgumentError} if lengths differ.
 */
export function decodeBoxes(deltas: Numbers, anchors: Numbers, variances: Variances, rows?: Numbers): Float32Array {
  const count = rows?.length ?? assertRows('decodeBoxes', 'deltas', deltas, 4), [v0, v1] = variances ?? [1, 1], out = new Float32Array(4 * count);
  assertLength('decodeBoxes', 'anchors', anchors, deltas.length);
  for (let n = 0; n < count; n++) {
    const i = 4 * (rows ? rows[n]! : n), width = anchors[i + 2]!, height = anchors[i + 3]!;
    const x = anchors[i]! + v0 * deltas[i]! * width, y = anchors[i + 1]! + v0 * deltas[i + 1]! * height;
    const halfWidth = 0.5 * width * Math.exp(v1 * deltas[i + 2]!), halfHeight = 0.5 * height * Math.exp(v1 * deltas[i + 3]!);
    out[4 * n] = x - halfWidth;
    out[4 * n + 1] = y - halfHeight;
    out[4 * n + 2] = x + halfWidth;
    out[4 * n + 3] = y + halfHeight;
  }
  return out;
}

/**
 * What a network should say of anchors so that landmarks come out: `((x - ax) / aw, (y - ay) / ah) / v0` for each.
 *
 * @param landmarks - `[N, 2 K]`, x before y, pixels. A value that is not finite, an unknown place, comes out as it is: the loss must not look at it.
 * @param anchors - `[N, 4]`
 * @returns `[N, 2 K]`
 * @throws {@link ArgumentError} if the landmarks are not `2 K` numbers an anchor.
 */
export function encodeLandmarks(landmarks: Numbers, anchors: Numbers, variances: Variances): Float32Array {
  const size = landmarkNumbers('encodeLandmarks', 'landmarks', landmarks, anchors), v0 = variances?.[0] ?? 1, out = new Float32Array(landmarks.length);
  for (let o = 0; o < landmarks.length; o++) {
    const i = 4 * Math.floor(o / size), k = o & 1;
    out[o] = (landmarks[o]! - anchors[i + k]!) / anchors[i + 2 + k]! / v0;
  }
  return out;
}

/**
 * The landmarks that a network's numbers stand for: the inverse of {@link encodeLandmarks}.
 *
 * @param deltas - `[A, 2 K]`
 * @param anchors - `[A, 4]`
 * @param rows - Anchors that are wanted; all without it.
 * @returns `[N, 2 K]`, x before y, pixels, in the order of `rows`.
 * @throws {@link ArgumentError} if the numbers are not `2 K` an anchor.
 */
export function decodeLandmarks(deltas: Numbers, anchors: Numbers, variances: Variances, rows?: Numbers): Float32Array {
  const size = landmarkNumbers('decodeLandmarks', 'deltas', deltas, anchors), v0 = variances?.[0] ?? 1, count = rows?.length ?? anchors.length / 4;
  const out = new Float32Array(size * count);
  for (let n = 0; n < count; n++) {
    const a = rows ? rows[n]! : n;
    for (let k = 0; k < size; k++) out[size * n + k] = anchors[4 * a + (k & 1)]! + v0 * deltas[size * a + k]! * anchors[4 * a + 2 + (k & 1)]!;
  }
  return out;
}

function assertRows(where: string, what: string, values: Numbers, columns: number): number {
  if (values.length % columns !== 0) throw new ArgumentError(where, what, `${columns} numbers a row`, `${values.length} in all`);
  return values.length / columns;
}

function assertLength(where: string, what: string, values: Numbers, length: number): void {
  if (values.length !== length) throw new ArgumentError(where, what, `${length} numbers`, String(values.length));
}

/** 2 K, the numbers of an anchor. Odd rows would mix x and y up. */
function landmarkNumbers(where: string, what: string, values: Numbers, anchors: Numbers): number {
  const count = assertRows(where, 'anchors', anchors, 4), size = count > 0 ? values.length / count : 0;
  if (!Number.isInteger(size / 2)) throw new ArgumentError(where, what, `an even number of values for each of ${count} anchors`, `${values.length} in all`);
  return size;
}
