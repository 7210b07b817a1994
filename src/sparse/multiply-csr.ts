import { ArgumentError } from '../core/errors.ts';
import { type CsrMatrix, type FloatArray, transposeCsr } from './csr-matrix.ts';

/**
 * The product of two sparse matrices, `[R, M] x [M, C] -> [R, C]`, in O(multiplications + nnz).
 *
 * Gustavson, "Two Fast Algorithms for Sparse Matrices", ACM TOMS 4(3), 1978 (row-wise products; the columns of each
 * row are then sorted by transposing twice). Values have the type of `left`; sums are formed in float64.
 *
 * @throws {@link ArgumentError} if the inner sizes differ.
 */
export function multiplyCsr<T extends FloatArray>(left: CsrMatrix<T>, right: CsrMatrix<FloatArray>): CsrMatrix<T> {
  const [rows, inner] = left.shape, [innerRight, cols] = right.shape;
  if (inner !== innerRight) throw new ArgumentError('multiplyCsr', 'right', `${inner} rows`, `${innerRight}`);
  const rowPtr = new Int32Array(rows + 1), colIndex: number[] = [], values: number[] = [];
  const sum = new Float64Array(cols), seenIn = new Int32Array(cols).fill(-1);
  for (let r = 0; r < rows; r++) {
    for (let p = left.rowPtr[r]!; p < left.rowPtr[r + 1]!; p++) {
      const m = left.colIndex[p]!, weight = left.values[p]!;
      for (let q = right.rowPtr[m]!; q < right.rowPtr[m + 1]!; q++) {
        const c = right.colIndex[q]!;
        if (seenIn[c] !== r) {
          seenIn[c] = r;
          sum[c] = 0;
          colIndex.push(c);
        }
        sum[c]! += weight * right.values[q]!;
      }
    }
    for (let q = rowPtr[r]!; q < colIndex.length; q++) values.push(sum[colIndex[q]!]!);
    rowPtr[r + 1] = colIndex.length;
  }
  const Storage = left.values.constructor as new (source: readonly number[]) => T;
  return transposeCsr(transposeCsr({ shape: [rows, cols], rowPtr, colIndex: Int32Array.from(colIndex), values: new Storage(values) }));
}
