import { ArgumentError } from '../core/errors.ts';
import type { Box, Point } from './crop-frame.ts';

/** iBUG points 0-16, the outline of the face. */
export const OUTLINE_POINTS = 17;

/** What one fit scores against 68 reference points, as shares of a length. */
export interface LandmarkScore {
  /** Mean distance over the 68 points / sqrt(w h) of the label's box. */
  readonly nme: number;
  /** The same over the 51 points without the outline. */
  readonly nmeInner: number;
  /** 68 points / sqrt(w h) of the tight box of the reference points. */
  readonly nmeTightBox: number;
  /** 68 points / distance of the outer eye corners. */
  readonly nmeEyes: number;
  /** 51 points / sqrt(w h) of the tight box of all 68. */
  readonly nmeInnerTightBox: number;
  /** 51 points / distance of the outer eye corners. */
  readonly nmeInnerEyes: number;
}

/**
 * Normalised mean errors of 68 points by the portraits' protocol.
 *
 * @throws {@link ArgumentError} if there are not 68 points in both lists.
 */
export function scoreLandmarks(points: readonly (readonly number[])[], reference: readonly Point[], [x1, y1, x2, y2]: Box): LandmarkScore {
  if (points.length !== 68 || reference.length !== 68) throw new ArgumentError('scoreLandmarks', 'points', '68 in both lists', `${points.length} and ${reference.length}`);
  const distances = points.map(([x, y], i) => Math.hypot(x! - reference[i]![0], y! - reference[i]![1]));
  const xs = reference.map(([x]) => x), ys = reference.map(([, y]) => y);
  const tight = Math.sqrt((Math.max(...xs) - Math.min(...xs)) * (Math.max(...ys) - Math.min(...ys)));
  const eyes = Math.hypot(reference[45]![0] - reference[36]![0], reference[45]![1] - reference[36]![1]);
  const box = Math.sqrt((x2 - x1) * (y2 - y1)), all = mean(distances), inner = mean(distances.slice(OUTLINE_POINTS));
  return { nme: all / box, nmeInner: inner / box, nmeTightBox: all / tight, nmeEyes: all / eyes, nmeInnerTightBox: inner / tight, nmeInnerEyes: inner / eyes };
}

/** Pixels of a square image whose centre lies in the convex hull of `points` (pixel centres at +0.5): 1, else 0. */
export function hullMask(points: readonly Point[], size: number): Uint8Array {
  const hull = convexHull(points), mask = new Uint8Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let col = 0; col < size; col++) {
      const inside = hull.every(([x, y], i) => {
        const [u, v] = hull[(i + 1) % hull.length]!;
        return (u - x) * (row + 0.5 - y) - (v - y) * (col + 0.5 - x) >= 0;
      });
      mask[row * size + col] = inside ? 1 : 0;
    }
  }
  return mask;
}

/** Corners of the convex hull in the order of growing angle (x to y), by Andrew's monotone chain. */
export function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const chain = (list: readonly Point[]): Point[] => {
    const out: Point[] = [];
    for (const p of list) {
      while (out.length >= 2 && cross(out.at(-2)!, out.at(-1)!, p) <= 0) out.pop();
      out.push(p);
    }
    return out.slice(0, -1);
  };
  return [...chain(sorted), ...chain(sorted.reverse())];
}

const cross = (o: Point, a: Point, b: Point): number => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);

/** How a rendered face compares with the photograph's crop. */
export interface ColorScore {
  /** Mean absolute difference over RGB in [0,1] where the face mask exceeds 0.5. 1 if nothing is covered. */
  readonly colorDifference: number;
  /** Share of the hull of the reference points that the face mask covers. */
  readonly coverage: number;
}

/**
 * Colour difference and coverage of a rendered face over a crop of the same size.
 *
 * @param rendered - `[size * size * 3]`.
 * @param faceMask - `[size * size]`, 0 to 1.
 * @param crop - `[size * size * 3]`.
 * @param reference - 68 points in crop pixels.
 */
export function scoreColors(rendered: ArrayLike<number>, faceMask: ArrayLike<number>, crop: ArrayLike<number>, reference: readonly Point[]): ColorScore {
  const size = Math.round(Math.sqrt(faceMask.length)), hull = hullMask(reference, size);
  let sum = 0, count = 0, covered = 0, wanted = 0;
  for (let i = 0; i < size * size; i++) {
    const on = faceMask[i]! > 0.5;
    wanted += hull[i]!;
    if (!on) continue;
    covered += hull[i]!;
    count++;
    for (let c = 0; c < 3; c++) sum += Math.abs(Math.min(1, Math.max(0, rendered[3 * i + c]!)) - crop[3 * i + c]!) / 3;
  }
  return { colorDifference: count > 0 ? sum / count : 1, coverage: wanted > 0 ? covered / wanted : 0 };
}

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/** The value at `share` of the sorted list, linear between neighbours: 0.5 is the median. */
export function quantile(values: ArrayLike<number>, share: number): number {
  if (values.length === 0) throw new ArgumentError('quantile', 'values', 'at least one number', 'none');
  const sorted = Float64Array.from(values).sort(), at = share * (sorted.length - 1), low = Math.floor(at);
  return sorted[low]! + (at - low) * (sorted[Math.min(low + 1, sorted.length - 1)]! - sorted[low]!);
}
