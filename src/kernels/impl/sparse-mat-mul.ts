import type { CsrMatrix, FloatArray } from '../../sparse/csr-matrix.ts';

/**
 * Reference kernel: `out[b] = A . dense[b]`. Overwrites `out`.
 *
 * Written for reading; every faster kernel is tested against this one. Runs in whatever precision the arrays carry, so
 * tests evaluate it in float64.
 *
 * @param matrix - `A`, `[R, C]`
 * @param dense - `[B, C, N]`
 * @param batch - `B`
 * @param cols - `N`
 * @param out - `[B, R, N]`
 */
export function sparseMatMulImpl(matrix: CsrMatrix<FloatArray>, dense: FloatArray, batch: number, cols: number, out: FloatArray): void {
  const { shape: [rows, denseRows], rowPtr, colIndex, values } = matrix;
  out.fill(0);
  for (let b = 0; b < batch; b++) {
    for (let r = 0; r < rows; r++) {
      const outRow = (b * rows + r) * cols;
      for (let p = rowPtr[r]!; p < rowPtr[r + 1]!; p++) {
        const value = values[p]!;
        const denseRow = (b * denseRows + colIndex[p]!) * cols;
        for (let j = 0; j < cols; j++) out[outRow + j]! += value * dense[denseRow + j]!;
      }
    }
  }
}
