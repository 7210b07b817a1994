import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import type { CsrMatrix, FloatArray } from './csr-matrix.ts';
import { csrTimesDense } from './csr-times-dense.ts';

/** Options of {@link conjugateGradient}. */
export interface ConjugateGradientOptions {
  /** A column is solved when its residual has fallen to this share of the right-hand side. */
  readonly tolerance: number;
  readonly maxIterations: number;
}

export const CONJUGATE_GRADIENT_DEFAULTS: ConjugateGradientOptions = { tolerance: 1e-9, maxIterations: 1000 };

/**
 * Solves A X = B for a sparse symmetric positive definite A and many right-hand sides at once, preconditioned by the diagonal.
 *
 * Hestenes and Stiefel, "Methods of Conjugate Gradients for Solving Linear Systems", 1952; each column has its own steps.
 *
 * @param right - B, row-major `[n, cols]`.
 * @returns X, row-major `[n, cols]`.
 * @throws {@link ArgumentError} if sizes do not fit, A is not positive definite, or the iterations do not suffice.
 */
export function conjugateGradient(matrix: CsrMatrix<FloatArray>, right: Float64Array, cols: number, options?: Partial<ConjugateGradientOptions>): Float64Array {
  const where = 'conjugateGradient', { tolerance, maxIterations } = resolveOptions(where, CONJUGATE_GRADIENT_DEFAULTS, options);
  const [rows, columns] = matrix.shape, { rowPtr, colIndex, values } = matrix;
  if (rows !== columns) throw new ArgumentError(where, 'matrix', 'as many columns as rows', `[${matrix.shape}]`);
  if (right.length !== rows * cols) throw new ArgumentError(where, 'right', `length ${rows} x ${cols}`, `${right.length}`);
  const inverse = new Float64Array(rows);
  for (let r = 0; r < rows; r++) {
    for (let p = rowPtr[r]!; p < rowPtr[r + 1]!; p++) if (colIndex[p] === r) inverse[r] = 1 / values[p]!;
    if (!(inverse[r]! > 0 && inverse[r]! < Infinity)) throw new ArgumentError(where, `matrix row ${r}`, 'a positive diagonal', `${1 / inverse[r]!}`);
  }
  const x = new Float64Array(right.length), residual = right.slice(), direction = new Float64Array(right.length);
  const bound = columnDots(right, right, cols).map((square) => tolerance * tolerance * square);
  let energy = new Float64Array(cols);
  for (let iteration = 0; iteration <= maxIterations; iteration++) {
    const squares = columnDots(residual, residual, cols);
    if (squares.every((square, n) => square <= bound[n]!)) return x;
    // (1) The next direction: the preconditioned residual and a share of the last direction, per column.
    const next = new Float64Array(cols);
    for (let r = 0, i = 0; r < rows; r++) for (let n = 0; n < cols; n++, i++) next[n]! += residual[i]! * residual[i]! * inverse[r]!;
    for (let r = 0, i = 0; r < rows; r++) for (let n = 0; n < cols; n++, i++) direction[i] = residual[i]! * inverse[r]! + (energy[n]! > 0 ? next[n]! / energy[n]! : 0) * direction[i]!;
    energy = next;
    // (2) As far along it as the energy falls.
    const image = csrTimesDense(matrix, direction, cols), curvature = columnDots(direction, image, cols);
    const negative = curvature.findIndex((c, n) => energy[n]! > 0 && !(c > 0));
    if (negative >= 0) throw new ArgumentError(where, 'matrix', 'only positive eigenvalues', `a curvature of ${curvature[negative]}`);
    for (let r = 0, i = 0; r < rows; r++) {
      for (let n = 0; n < cols; n++, i++) {
        const step = energy[n]! > 0 ? energy[n]! / curvature[n]! : 0;
        x[i]! += step * direction[i]!;
        residual[i]! -= step * image[i]!;
      }
    }
  }
  throw new ArgumentError(where, 'maxIterations', 'enough of them to converge', `${maxIterations}`);
}

function columnDots(a: Float64Array, b: Float64Array, cols: number): Float64Array {
  const dots = new Float64Array(cols);
  for (let i = 0; i < a.length;) for (let n = 0; n < cols; n++, i++) dots[n]! += a[i]! * b[i]!;
  return dots;
}
