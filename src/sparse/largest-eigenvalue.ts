import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import { createRandom } from '../core/random.ts';
import type { CsrMatrix, FloatArray } from './csr-matrix.ts';
import { csrTimesDense } from './csr-times-dense.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

/** Options of {@link largestEigenvalue}. */
export interface LargestEigenvalueOptions {
  /** The search ends once the residual is below this share of the largest |eigenvalue| seen. */
  readonly tolerance: number;
  /** Krylov vectors between restarts. */
  readonly steps: number;
  readonly maxRestarts: number;
  /** Of the random start vector. */
  readonly seed: number;
}

export const LARGEST_EIGENVALUE_DEFAULTS: LargestEigenvalueOptions = { tolerance: 1e-9, steps: 40, maxRestarts: 100, seed: 1 };

/** An eigenvalue with its certificate. */
export interface Eigenvalue {
  /** Rayleigh quotient of the vector found: never above the true largest eigenvalue but for rounding. */
  readonly value: number;
  /** `|A x - value x|` for unit x: some eigenvalue lies within this distance of `value`. */
  readonly residual: number;
}

/**
 * The largest (rightmost) eigenvalue of a symmetric matrix, by Lanczos iteration with full reorthogonalisation,
 * restarted with the best Ritz vector. The value's error is of order residual^2 / gap.
 *
 * Golub and Van Loan, *Matrix Computations*, 4th ed., sections 10.1-10.3. For the smallest, negate the matrix; for a
 * matrix that is symmetric only up to a diagonal scaling, see `symmetrizeCsr`.
 *
 * @param matrix - Square, symmetric; symmetry is not checked here.
 * @throws {@link ArgumentError} if the matrix is not square or is empty, or has not converged after `maxRestarts`.
 */
export function largestEigenvalue(matrix: CsrMatrix<FloatArray>, options?: Partial<LargestEigenvalueOptions>): Eigenvalue {
  const where = 'largestEigenvalue';
  const { tolerance, steps, maxRestarts, seed } = resolveOptions(where, LARGEST_EIGENVALUE_DEFAULTS, options);
  const [size, cols] = matrix.shape;
  if (size !== cols || size === 0) throw new ArgumentError(where, 'matrix', 'a square shape of at least [1, 1]', `[${matrix.shape}]`);
  const random = createRandom(seed);
  let start: Float64Array = Float64Array.from({ length: size }, () => random.normal());
  let residual = Infinity;
  for (let restart = 0; restart < maxRestarts; restart++) {
    const ritz = lanczos(matrix, start, Math.min(steps, size));
    start = ritz.vector;
    const image = csrTimesDense(matrix, start, 1);
    const value = dot(start, image);
    for (let i = 0; i < size; i++) image[i]! -= value * start[i]!;
    residual = Math.sqrt(dot(image, image));
    if (residual <= tolerance * ritz.scale) return { value, residual };
  }
  throw new ArgumentError(where, 'matrix', `an eigenvalue found to ${tolerance} within ${maxRestarts} restarts`, `a residual of ${residual}`);
}

// One Krylov space from `start`: its best Ritz vector, of unit length, and the largest |Ritz value|.
function lanczos(matrix: CsrMatrix<FloatArray>, start: Float64Array, steps: number): { vector: Float64Array; scale: number } {
  const basis: Float64Array[] = [], diagonal: number[] = [], off: number[] = [];
  let next = start, norm = Math.sqrt(dot(start, start)), scale = 0;
  while (basis.length < steps && norm > 1e-14 * scale) {
    const q = next.map((x) => x / norm);
    if (basis.length > 0) off.push(norm);
    basis.push(q);
    next = csrTimesDense(matrix, q, 1);
    diagonal.push(dot(q, next));
    // Twice is enough (Kahan, Parlett): one pass can leave components of the size of what it removed.
    for (let pass = 0; pass < 2; pass++) for (const b of basis) subtract(next, dot(b, next), b);
    scale = Math.max(scale, Math.abs(diagonal.at(-1)!), norm = Math.sqrt(dot(next, next)));
    if (scale === 0) break;
  }
  const m = basis.length;
  const tridiagonal = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    tridiagonal[i * m + i] = diagonal[i]!;
    if (i + 1 < m) tridiagonal[i * m + i + 1] = tridiagonal[(i + 1) * m + i] = off[i]!;
  }
  const { values, vectors } = symmetricEigen(tridiagonal, m);
  const vector = new Float64Array(start.length);
  for (let i = 0; i < m; i++) subtract(vector, -vectors[i * m + m - 1]!, basis[i]!);
  norm = Math.sqrt(dot(vector, vector));
  return { vector: vector.map((x) => x / norm), scale: Math.max(Math.abs(values[0]!), Math.abs(values[m - 1]!)) };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function subtract(target: Float64Array, factor: number, other: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i]! -= factor * other[i]!;
}
