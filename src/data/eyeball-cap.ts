import { combineRows, type Row } from './linear-surface.ts';

/** Angles from the gaze at which the rings of a cap lie, degrees: close around pupil and limbus, where the colour changes. */
export const EYE_RINGS = [5, 10, 14.5, 18, 21, 24, 28, 36, 48, 63, 80, 98] as const;
const SEGMENTS = 18;

/** A front part of an eyeball. */
export interface EyeballCap {
  readonly rows: Row[];
  /** Triangles, counter-clockwise seen from outside, in positions of `rows`. */
  readonly faces: number[][];
  /** Per row: degrees from the gaze. */
  readonly angles: number[];
}

/**
 * A cap of rings about +Z that follows a sphere of helper vertices through an affine map fitted to them, which is linear in them.
 *
 * Row w of a point q: w = M (M^T M)^-1 [q, 1], M = `[n, 4]` the helper's vertices about their centre and a 1.
 *
 * @param helper - Vertices of the sphere in the base mesh.
 * @param positions - `[N, 3]` the mean head.
 */
export function eyeballCap(helper: readonly number[], positions: ArrayLike<number>): EyeballCap {
  const n = helper.length, centre = [0, 1, 2].map((k) => helper.reduce((sum, v) => sum + positions[3 * v + k]!, 0) / n);
  const M = helper.map((v) => [0, 1, 2].map((k) => positions[3 * v + k]! - centre[k]!));
  const radius = M.reduce((sum, p) => sum + Math.hypot(...p), 0) / n;
  // About the centre M's columns sum to zero, so that M^T M falls into a 3 x 3 part and n.
  const gram = [0, 1, 2].map((i) => [0, 1, 2].map((j) => M.reduce((sum, p) => sum + p[i]! * p[j]!, 0)));
  const inverse = invert3(gram);
  const axes = [0, 1, 2].map((k): Row => new Map(helper.map((v, i) => [v, M[i]!.reduce((sum, x, j) => sum + x * inverse[j]![k]!, 0)])));
  const middle: Row = new Map(helper.map((v) => [v, 1 / n]));
  const rows: Row[] = [], angles: number[] = [], faces: number[][] = [];
  const add = (degrees: number, turn: number): void => {
    const angle = degrees * Math.PI / 180, s = radius * Math.sin(angle);
    rows.push(combineRows([[middle, 1], [axes[0]!, s * Math.cos(turn)], [axes[1]!, s * Math.sin(turn)], [axes[2]!, radius * Math.cos(angle)]]));
    angles.push(degrees);
  };
  add(0, 0);
  for (const degrees of EYE_RINGS) for (let i = 0; i < SEGMENTS; i++) add(degrees, 2 * Math.PI * i / SEGMENTS);
  for (let i = 0; i < SEGMENTS; i++) {
    const j = (i + 1) % SEGMENTS;
    faces.push([0, 1 + i, 1 + j]);
    for (let r = 0; r + 1 < EYE_RINGS.length; r++) {
      const a = 1 + r * SEGMENTS + i, b = 1 + r * SEGMENTS + j;
      faces.push([a, a + SEGMENTS, b + SEGMENTS], [a, b + SEGMENTS, b]);
    }
  }
  return { rows, faces, angles };
}

function invert3(m: readonly (readonly number[])[]): number[][] {
  const c = (i: number, j: number): number => m[(i + 1) % 3]![(j + 1) % 3]! * m[(i + 2) % 3]![(j + 2) % 3]! - m[(i + 1) % 3]![(j + 2) % 3]! * m[(i + 2) % 3]![(j + 1) % 3]!;
  const det = [0, 1, 2].reduce((sum, j) => sum + m[0]![j]! * c(0, j), 0);
  return [0, 1, 2].map((i) => [0, 1, 2].map((j) => c(j, i) / det));
}
