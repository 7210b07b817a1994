import type { CsrMatrix, FloatArray } from '../../sparse/csr-matrix.ts';

/**
 * Reference kernel: `out[b, :, k] = T_k(A) x[b]` by the recurrence `T_k = 2 A T_{k-1} - T_{k-2}`, `T_0 = x`, `T_1 = A x`.
 * Overwrites `out`. Runs in whatever precision the arrays carry.
 *
 * Defferrard et al., "Convolutional Neural Networks on Graphs with Fast Localized Spectral Filtering", 2016, section 2.1.
 *
 * @param matrix - `A`, `[V, V]`, spectrum within [-1, 1].
 * @param x - `[B, V, C]`
 * @param batch - `B`
 * @param cols - `C`
 * @param order - `K`, at least 1.
 * @param out - `[B, V, K, C]`
 */
export function chebyshevBasisImpl(matrix: CsrMatrix<FloatArray>, x: FloatArray, batch: number, cols: number, order: number, out: FloatArray): void {
  const { shape: [rows], rowPtr, colIndex, values } = matrix;
  const at = (b: number, v: number, k: number): number => ((b * rows + v) * order + k) * cols;
  for (let b = 0; b < batch; b++) {
    for (let v = 0; v < rows; v++) for (let c = 0; c < cols; c++) out[at(b, v, 0) + c] = x[(b * rows + v) * cols + c]!;
    for (let k = 1; k < order; k++) {
      for (let v = 0; v < rows; v++) {
        for (let c = 0; c < cols; c++) {
          let product = 0;
          for (let p = rowPtr[v]!; p < rowPtr[v + 1]!; p++) product += values[p]! * out[at(b, colIndex[p]!, k - 1) + c]!;
          out[at(b, v, k) + c] = k === 1 ? product : 2 * product - out[at(b, v, k - 2) + c]!;
        }
      }
    }
  }
}

/**
 * Reference kernel: `out[b] = sum over k of T_k(A) y[b, :, k]` by Clenshaw's recurrence
 * `b_k = y_k + 2 A b_{k+1} - b_{k+2}`, `out = y_0 + A b_1 - b_2`. Overwrites `out`.
 *
 * With `A = L^T` this is the adjoint of {@link chebyshevBasisImpl} with `L`.
 *
 * Clenshaw, "A note on the summation of Chebyshev series", 1955.
 *
 * @param matrix - `A`, `[V, V]`: the transposed operator.
 * @param y - `[B, V, K, C]`
 * @param out - `[B, V, C]`
 */
export function chebyshevBasisAdjointImpl(matrix: CsrMatrix<FloatArray>, y: FloatArray, batch: number, cols: number, order: number, out: FloatArray): void {
  const { shape: [rows], rowPtr, colIndex, values } = matrix;
  const size = rows * cols;
  for (let b = 0; b < batch; b++) {
    let b1 = new Float64Array(size), b2 = new Float64Array(size);
    for (let k = order - 1; k >= 0; k--) {
      const next = new Float64Array(size);
      for (let v = 0; v < rows; v++) {
        for (let c = 0; c < cols; c++) {
          let product = 0;
          for (let p = rowPtr[v]!; p < rowPtr[v + 1]!; p++) product += values[p]! * b1[colIndex[p]! * cols + c]!;
          next[v * cols + c] = y[((b * rows + v) * order + k) * cols + c]! + (k === 0 ? 1 : 2) * product - b2[v * cols + c]!;
        }
      }
      b2 = b1;
      b1 = next;
    }
    out.set(b1, b * size);
  }
}
