import { symmetricEigen } from '../sparse/symmetric-eigen.ts';

/**
 * Moves points in place by the rotation and translation, without scale, that bring them nearest to a reference in the
 * weighted least-squares sense.
 *
 * Horn, "Closed-form solution of absolute orientation using unit quaternions", JOSA A 4(4), 1987.
 *
 * @param points - `[V, 3]`.
 * @param reference - `[V, 3]`.
 * @param weights - `[V]`, at least three of them positive.
 */
export function alignRigidly(points: Float64Array, reference: ArrayLike<number>, weights: ArrayLike<number>): void {
  const V = points.length / 3, from = [0, 0, 0], to = [0, 0, 0], S = new Float64Array(9);
  let total = 0;
  for (let v = 0; v < V; v++) {
    const w = weights[v]!;
    if (w === 0) continue;
    total += w;
    for (let k = 0; k < 3; k++) {
      from[k]! += w * points[3 * v + k]!;
      to[k]! += w * reference[3 * v + k]!;
    }
  }
  for (let k = 0; k < 3; k++) { from[k]! /= total; to[k]! /= total; }
  for (let v = 0; v < V; v++) {
    const w = weights[v]!;
    if (w === 0) continue;
    for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) S[3 * i + j]! += w * (points[3 * v + i]! - from[i]!) * (reference[3 * v + j]! - to[j]!);
  }
  const R = rotationFrom(S);
  for (let v = 0; v < V; v++) {
    const x = points[3 * v]! - from[0]!, y = points[3 * v + 1]! - from[1]!, z = points[3 * v + 2]! - from[2]!;
    for (let k = 0; k < 3; k++) points[3 * v + k] = R[3 * k]! * x + R[3 * k + 1]! * y + R[3 * k + 2]! * z + to[k]!;
  }
}

/** Horn's quaternion: the eigenvector of his 4 x 4 matrix N of the largest eigenvalue. */
function rotationFrom(S: Float64Array): number[] {
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = S as unknown as [number, number, number, number, number, number, number, number, number];
  const N = Float64Array.of(
    xx + yy + zz, yz - zy, zx - xz, xy - yx,
    yz - zy, xx - yy - zz, xy + yx, zx + xz,
    zx - xz, xy + yx, yy - xx - zz, yz + zy,
    xy - yx, zx + xz, yz + zy, zz - xx - yy,
  );
  const { vectors } = symmetricEigen(N, 4), [a, b, c, d] = [0, 1, 2, 3].map((i) => vectors[4 * i + 3]!) as [number, number, number, number];
  return [
    a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c),
    2 * (b * c + a * d), a * a - b * b + c * c - d * d, 2 * (c * d - a * b),
    2 * (b * d - a * c), 2 * (c * d + a * b), a * a - b * b - c * c + d * d,
  ];
}
