import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import { csrFromTriplets } from '../sparse/csr-from-triplets.ts';
import type { CsrMatrix, FloatArray } from '../sparse/csr-matrix.ts';
import { largestEigenvalue } from '../sparse/largest-eigenvalue.ts';
import { symmetrizeCsr } from '../sparse/symmetrize-csr.ts';
import type { EdgeWeights } from './adjacency.ts';

/** `sym` I - D^-1/2 A D^-1/2; `rw` I - D^-1 A; `combinatorial` D - A, which the RetinaFace paper prints as L = D - E. */
export type LaplacianKind = 'sym' | 'rw' | 'combinatorial';

/** Options of {@link laplacian}. */
export interface LaplacianOptions {
  /**
   * The diagonal of a vertex without edges under `sym` and `rw`: 1 as in the code of CoMA and PyTorch Geometric (its scaled
   * row is then zero), 0 as in Chung's definition (its scaled row is then -1 on the diagonal). `combinatorial` always has 0.
   */
  readonly isolated: 0 | 1;
}

export const LAPLACIAN_DEFAULTS: LaplacianOptions = { isolated: 1 };

/** Everything that decides a scaled Laplacian. */
export interface LaplacianPreset extends LaplacianOptions {
  readonly kind: LaplacianKind;
  readonly weights: EdgeWeights;
  readonly lambdaMax: number | 'auto';
}

/** The conventions in use: as the RetinaFace paper prints it, as the code of CoMA does it, as PyTorch Geometric's ChebConv does it. */
export const LAPLACIAN_PRESETS = {
  paper: { kind: 'combinatorial', weights: 'binary', lambdaMax: 'auto', isolated: 0 },
  coma: { kind: 'sym', weights: 'coma', lambdaMax: 2, isolated: 1 },
  pyg: { kind: 'sym', weights: 'binary', lambdaMax: 2, isolated: 1 },
} as const satisfies Record<string, LaplacianPreset>;

/**
 * The graph Laplacian of an adjacency matrix, D being the row sums of A.
 *
 * @param adjacency - `[V, V]`, symmetric, non-negative, no diagonal: see `meshAdjacency`.
 * @throws {@link ArgumentError} if the matrix is not square or a weight is negative.
 */
export function laplacian(adjacency: CsrMatrix<FloatArray>, kind: LaplacianKind = 'sym', options?: Partial<LaplacianOptions>): CsrMatrix<Float64Array> {
  const where = 'laplacian', { isolated } = resolveOptions(where, LAPLACIAN_DEFAULTS, options);
  const { shape: [size, cols], rowPtr, colIndex, values } = adjacency;
  if (size !== cols) throw new ArgumentError(where, 'adjacency', 'a square shape', `[${adjacency.shape}]`);
  if (!['sym', 'rw', 'combinatorial'].includes(kind)) throw new ArgumentError(where, 'kind', 'value sym, rw or combinatorial', kind);
  const negative = values.findIndex((x) => !(x >= 0));
  if (negative >= 0) throw new ArgumentError(where, `adjacency.values[${negative}]`, 'a weight of at least 0', `${values[negative]}`);

  const degree = new Float64Array(size);
  for (let r = 0; r < size; r++) for (let p = rowPtr[r]!; p < rowPtr[r + 1]!; p++) degree[r]! += values[p]!;
  const weight: Record<LaplacianKind, (r: number, c: number, a: number) => number> = {
    sym: (r, c, a) => a / Math.sqrt(degree[r]! * degree[c]!),
    rw: (r, _, a) => a / degree[r]!,
    combinatorial: (_, __, a) => a,
  };
  const rows: number[] = [], columns: number[] = [], entries: number[] = [];
  for (let r = 0; r < size; r++) {
    rows.push(r);
    columns.push(r);
    entries.push(kind === 'combinatorial' ? degree[r]! : degree[r]! > 0 ? 1 : isolated);
    for (let p = rowPtr[r]!; p < rowPtr[r + 1]!; p++) {
      if (values[p] === 0) continue;
      rows.push(r);
      columns.push(colIndex[p]!);
      entries.push(-weight[kind](r, colIndex[p]!, values[p]!));
    }
  }
  return csrFromTriplets([size, size], rows, columns, Float64Array.from(entries));
}

/** Spectrum beyond [0, lambdaMax] by less than this share of lambdaMax counts as rounding. */
const ROUNDING = 1e-6;

/**
 * The Laplacian scaled to the interval of the Chebyshev polynomials, `2 L / lambdaMax - I`; exact zeros are dropped.
 *
 * @param matrix - A Laplacian, symmetric up to a diagonal scaling.
 * @param lambdaMax - A bound of the spectrum, or `'auto'` for the largest eigenvalue itself. 2 bounds `sym` and `rw`.
 * @throws {@link ArgumentError} if an eigenvalue lies outside [-1, 1] after scaling, naming it: the polynomials would diverge.
 */
export function scaledLaplacian(matrix: CsrMatrix<FloatArray>, lambdaMax: number | 'auto' = 2): CsrMatrix<Float64Array> {
  const where = 'scaledLaplacian', size = matrix.shape[0];
  if (lambdaMax !== 'auto' && !(lambdaMax > 0 && lambdaMax < Infinity)) throw new ArgumentError(where, 'lambdaMax', "a positive number or 'auto'", `${lambdaMax}`);
  if (size === 0) return csrFromTriplets(matrix.shape, [], [], new Float64Array(0));
  const symmetric = symmetrizeCsr(matrix);
  const bound = lambdaMax === 'auto' ? largestEigenvalue(symmetric).value || 1 : lambdaMax;
  const largest = lambdaMax === 'auto' ? bound : largestEigenvalue(symmetric, { tolerance: 1e-3 }).value;
  if (largest > bound * (1 + ROUNDING)) {
    throw new ArgumentError(where, 'lambdaMax', `a bound of the spectrum: at least ${largest}, or 'auto'`, `${lambdaMax}, which scales that eigenvalue to ${2 * largest / bound - 1}`);
  }
  const smallest = -largestEigenvalue({ ...symmetric, values: symmetric.values.map((x) => -x) }, { tolerance: 1e-3 }).value;
  if (smallest < -ROUNDING * bound) throw new ArgumentError(where, 'matrix', 'no eigenvalue below 0', `${smallest}`);

  const rows: number[] = [], columns: number[] = [], entries: number[] = [];
  for (let r = 0; r < size; r++) {
    let diagonal = -1;
    for (let p = matrix.rowPtr[r]!; p < matrix.rowPtr[r + 1]!; p++) {
      const c = matrix.colIndex[p]!, scaled = 2 * matrix.values[p]! / bound;
      if (c === r) diagonal += scaled;
      else if (scaled !== 0) { rows.push(r); columns.push(c); entries.push(scaled); }
    }
    if (diagonal !== 0) { rows.push(r); columns.push(r); entries.push(diagonal); }
  }
  return csrFromTriplets(matrix.shape, rows, columns, Float64Array.from(entries));
}
