import { ArgumentError } from '../core/errors.ts';
import type { CsrMatrix, FloatArray } from './csr-matrix.ts';

/**
 * Sparse times dense, `[R, M] x [M, N] -> [R, N]`, on the host; sums in float64 whatever the types.
 *
 * @param dense - Row-major `[M, N]`.
 * @param cols - N.
 * @throws {@link ArgumentError} if `dense` has another size.
 */
export function csrTimesDense<T extends FloatArray>(matrix: CsrMatrix<FloatArray>, dense: T, cols: number): T {
  const [rows, inner] = matrix.shape;
  if (dense.length !== inner * cols) throw new ArgumentError('csrTimesDense', 'dense', `length ${inner} x ${cols}`, `${dense.length}`);
  const { rowPtr, colIndex, values } = matrix;
  const out = new (dense.constructor as new (length: number) => T)(rows * cols);
  for (let r = 0; r < rows; r++) {
    for (let n = 0; n < cols; n++) {
      let sum = 0;
      for (let p = rowPtr[r]!; p < rowPtr[r + 1]!; p++) sum += values[p]! * dense[colIndex[p]! * cols + n]!;
      out[r * cols + n] = sum;
    }
  }
  return out;
}
