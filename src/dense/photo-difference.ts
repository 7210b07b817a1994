import type { FloatArray } from '../sparse/csr-matrix.ts';
import { LUMA } from './grey-colors.ts';

/** What a photograph's crop is to the pixels of a face, `size` pixels an edge. */
export interface PhotoCrop {
  readonly size: number;
  /** `[size * size * 3]` sRGB. */
  readonly pixels: FloatArray;
  /** `[size * size]`: share of each pixel that the photograph shows. */
  readonly inside: FloatArray;
  /** `[size * size]`: share of each pixel that may be face; `null`: unknown. */
  readonly silhouette: FloatArray | null;
  /** Whether the photograph has no colours: only luma is compared. */
  readonly isGrey: boolean;
}

/** A face drawn over the crop. */
export interface DrawnFace {
  /** `[size * size * 4]`: sRGB over the photograph and the share that the mesh covers, both with soft outlines. */
  readonly picture: FloatArray;
  /** `[size * size]`: 1 where the mesh covers the pixel's centre, else 0. */
  readonly mask: FloatArray;
  /** `[size * size]`: weight of the face mask. */
  readonly faceMask: FloatArray;
}

/** How {@link photoDifference} weighs. */
export interface DifferenceWeights {
  /** Of the logarithm of the mean difference under the face. */
  readonly pixel: number;
  /** Of that along its outer outline. */
  readonly outline: number;
  /** What bare pixels along the outline cost. */
  readonly background: number;
}

/** What {@link photoDifference} returns. */
export interface PhotoDifference {
  readonly loss: number;
  /** Mean length of the RGB difference under the face mask; of a grey photograph that of the difference in luma, as a grey. */
  readonly pixel: number;
  /** Whether the face covers anything. */
  readonly covers: boolean;
  /** The loss's gradient, `[size * size * 4]`. */
  readonly dPicture: Float32Array;
  /** `[size * size]` */
  readonly dFaceMask: Float32Array;
}

/** From here on a photograph's value may stand for any brighter one: sensors and files end at 1, light does not. */
export const WHITE = 0.99;

/** Added to the mean difference, whose length over RGB is in [0, 1.7]: half a level of 8 bits. */
export const FLOOR = 0.002;

/** The same along the outline, where pixels mix. */
const RIM_FLOOR = 0.02;

/** Below this length a difference counts as its square: the gradient stays finite at 0. */
const SMOOTH = 1e-3;

/**
 * `pixel log(seen + FLOOR) + outline log(rim + RIM_FLOOR)`: how a drawn face differs from a photograph, with its gradient; one pass over the pixels each way, on the host.
 *
 * `seen` is the mean length of the RGB difference under the face mask, over pixels all of whose neighbours the mesh covers; the mask is part of the gradient. `rim` is that along
 * the outer outline, where the face mixes with what is behind it, and `background` times what is left bare there; which pixels those are counts as constant.
 */
export function photoDifference({ size, pixels, inside, silhouette, isGrey }: PhotoCrop, { picture, mask, faceMask }: DrawnFace, weights: DifferenceWeights): PhotoDifference {
  const P = size * size, under = Float64Array.from(faceMask, (w, p) => w * inside[p]!), open = widest(Float64Array.from(mask, (m) => 1 - m), size), near = widest(under, size);
  const off = isGrey ? offInLuma : offInColor, e = [0, 0, 0];
  const length = new Float64Array(P), counted = new Float64Array(P), border = new Float64Array(P);
  let sum = 0, total = 0, mixed = 0, bare = 0, rimTotal = 0;
  // 1. Means.
  for (let p = 0; p < P; p++) {
    const whole = 1 - open[p]!, inner = under[p]! * whole, rim = under[p]! * (1 - whole) + near[p]! * (1 - mask[p]!) * inside[p]!;
    if (inner === 0 && rim === 0) continue;
    const d = Math.sqrt(off(picture, pixels, p, e) + SMOOTH ** 2) - SMOOTH;
    length[p] = d;
    counted[p] = inner;
    border[p] = rim;
    sum += d * inner;
    total += inner;
    mixed += d * rim;
    bare += (1 - picture[4 * p + 3]!) * rim * (silhouette ? silhouette[p]! : 1);
    rimTotal += rim;
  }
  const all = Math.max(total, 1e-6), rimAll = Math.max(rimTotal, 1e-6), pixel = sum / all, rim = (mixed + weights.background * bare) / rimAll;
  // 2. Gradients.
  const dPicture = new Float32Array(4 * P), dFaceMask = new Float32Array(P), slope = weights.pixel / (pixel + FLOOR) / all, rimSlope = weights.outline / (rim + RIM_FLOOR) / rimAll;
  for (let p = 0; p < P; p++) {
    if (total > 1e-6) dFaceMask[p] = slope * (length[p]! - pixel) * inside[p]! * (1 - open[p]!);
    const weight = (slope * counted[p]! + rimSlope * border[p]!) / (length[p]! + SMOOTH);
    if (weight === 0) continue;
    off(picture, pixels, p, e);
    for (let k = 0; k < 3; k++) dPicture[4 * p + k] = weight * e[k]!;
    dPicture[4 * p + 3] = -rimSlope * weights.background * border[p]! * (silhouette ? silhouette[p]! : 1);
  }
  return { loss: weights.pixel * Math.log(pixel + FLOOR) + weights.outline * Math.log(rim + RIM_FLOOR), pixel, covers: total > 0, dPicture, dFaceMask };
}

/** By how much a drawn value is off; brighter than white is white. */
const excess = (drawn: number, seen: number): number => (seen >= WHITE && drawn > seen ? 0 : drawn - seen);

/** The squared difference of a pixel; `half` becomes half its gradient in the drawn colour. */
function offInColor(picture: FloatArray, pixels: FloatArray, p: number, half: number[]): number {
  for (let k = 0; k < 3; k++) half[k] = excess(picture[4 * p + k]!, pixels[3 * p + k]!);
  return half[0]! ** 2 + half[1]! ** 2 + half[2]! ** 2;
}

/** The same of the difference in luma, as a difference of greys. */
function offInLuma(picture: FloatArray, pixels: FloatArray, p: number, half: number[]): number {
  let drawn = 0, seen = 0;
  for (let k = 0; k < 3; k++) {
    drawn += LUMA[k]! * picture[4 * p + k]!;
    seen += LUMA[k]! * pixels[3 * p + k]!;
  }
  const d = excess(drawn, seen);
  for (let k = 0; k < 3; k++) half[k] = 3 * d * LUMA[k]!;
  return 3 * d * d;
}

/** The largest value among each pixel and its eight neighbours. */
function widest(values: Float64Array, size: number): Float64Array {
  const rows = new Float64Array(values.length), out = new Float64Array(values.length);
  for (let y = 0; y < size; y++) {
    for (let x = 0, at = y * size; x < size; x++, at++) rows[at] = Math.max(values[at]!, x > 0 ? values[at - 1]! : 0, x + 1 < size ? values[at + 1]! : 0);
  }
  for (let y = 0; y < size; y++) {
    for (let x = 0, at = y * size; x < size; x++, at++) out[at] = Math.max(rows[at]!, y > 0 ? rows[at - size]! : 0, y + 1 < size ? rows[at + size]! : 0);
  }
  return out;
}
