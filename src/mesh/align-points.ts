import { symmetricEigen } from '../sparse/symmetric-eigen.ts';

/** A turn, a scale and a shift: `x -> scale R (x - from) + to`. */
export interface Similarity {
  readonly scale: number;
  /** `[3, 3]` by rows, a rotation. */
  readonly rotation: readonly number[];
  /** `[3]` */
  readonly from: readonly number[];
  /** `[3]` */
  readonly to: readonly number[];
}

/** Options of {@link alignPoints}. */
export interface AlignOptions {
  /** Whether a scale is sought too; otherwise it is 1. */
  readonly scale: boolean;
  /** `[N]`, at least three of them positive; `null`: all 1. */
  readonly weights: ArrayLike<number> | null;
}

export const ALIGN_DEFAULTS: AlignOptions = { scale: false, weights: null };

/**
 * The rotation, shift and, if wanted, scale that bring points nearest to a reference in the weighted least-squares sense.
 *
 * Horn, "Closed-form solution of absolute orientation using unit quaternions", JOSA A 4(4), 1987; the scale is the one of
 * errors measured at the reference, `s = sum w (q - to).R (p - from) / sum w |p - from|^2`.
 *
 * @param points - `[N, 3]`, not all on one line.
 * @param reference - `[N, 3]`.
 */
export function alignPoints(points: ArrayLike<number>, reference: ArrayLike<number>, { scale: wantsScale, weights }: AlignOptions = ALIGN_DEFAULTS): Similarity {
  const V = points.length / 3, from = [0, 0, 0], to = [0, 0, 0], S = new Float64Array(9);
  let total = 0, spread = 0;
  for (let v = 0; v < V; v++) {
    const w = weights ? weights[v]! : 1;
    if (w === 0) continue;
    total += w;
    for (let k = 0; k < 3; k++) {
      from[k]! += w * points[3 * v + k]!;
      to[k]! += w * reference[3 * v + k]!;
    }
  }
  for (let k = 0; k < 3; k++) { from[k]! /= total; to[k]! /= total; }
  for (let v = 0; v < V; v++) {
    const w = weights ? weights[v]! : 1;
    if (w === 0) continue;
    for (let i = 0; i < 3; i++) {
      spread += w * (points[3 * v + i]! - from[i]!) ** 2;
      for (let j = 0; j < 3; j++) S[3 * i + j]! += w * (points[3 * v + i]! - from[i]!) * (reference[3 * v + j]! - to[j]!);
    }
  }
  const rotation = rotationFrom(S), along = rotation.reduce((sum, r, i) => sum + r * S[3 * (i % 3) + Math.floor(i / 3)]!, 0);
  return { scale: wantsScale ? along / spread : 1, rotation, from, to };
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
