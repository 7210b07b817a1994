import { depthOf, type Rows } from './view-matrix.ts';

/** Distance of the camera from a point, in mesh units. */
export function eyeDistance([u, v, w]: Rows, point: readonly number[]): number {
  const eye = solve3([u!.slice(0, 3), v!.slice(0, 3), w!.slice(0, 3)], [-u![3]!, -v![3]!, -w![3]!]);
  return Math.hypot(eye[0]! - point[0]!, eye[1]! - point[1]!, eye[2]! - point[2]!);
}

/**
 * A projection from nearer or farther along the view ray of `pivot`, which keeps its place and size in the picture: only the perspective changes.
 *
 * With `P` the rows, `d` the depth of the pivot and `(u0, v0)` its pixel, `P3' = P3 + (f - 1) d e4` and `Pi' = f (Pi - u0i P3) + u0i P3'`.
 *
 * @param projection - As `normalizeProjection` returns it.
 * @param factor - Of the depth, above 0; 1 changes nothing.
 */
export function moveEye(projection: Rows, pivot: readonly number[], factor: number): Rows {
  const depth = depthOf(projection, pivot), [, , w] = projection as [readonly number[], readonly number[], readonly number[]];
  const far = w.map((x, k) => (k === 3 ? x + (factor - 1) * depth : x));
  const row = (r: 0 | 1): number[] => {
    const p = projection[r]!, at = (p[0]! * pivot[0]! + p[1]! * pivot[1]! + p[2]! * pivot[2]! + p[3]!) / depth;
    return p.map((x, k) => factor * (x - at * w[k]!) + at * far[k]!);
  };
  return [row(0), row(1), far];
}

// Cramer's rule.
function solve3([a, b, c]: Rows, [x, y, z]: readonly number[]): number[] {
  const det = (p: readonly number[], q: readonly number[], r: readonly number[]): number =>
    p[0]! * (q[1]! * r[2]! - q[2]! * r[1]!) - p[1]! * (q[0]! * r[2]! - q[2]! * r[0]!) + p[2]! * (q[0]! * r[1]! - q[1]! * r[0]!);
  const whole = det(a!, b!, c!), swap = (row: readonly number[], k: number, value: number): number[] => row.map((e, i) => (i === k ? value : e));
  return [0, 1, 2].map((k) => det(swap(a!, k, x!), swap(b!, k, y!), swap(c!, k, z!)) / whole);
}
