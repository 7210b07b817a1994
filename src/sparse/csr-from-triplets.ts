import { ArgumentError } from '../core/errors.ts';
import { type CsrMatrix, type FloatArray, transposeCsr } from './csr-matrix.ts';

/**
 * Builds a CSR matrix from (row, column, value) triplets in any order; entries at the same place are added, in the
 * order given. O(nnz + R + C).
 *
 * @param values - Its type is the result's; entries that sum to zero stay.
 * @throws {@link ArgumentError} if the three lengths differ or an index is out of range.
 */
export function csrFromTriplets<T extends FloatArray>(
  shape: readonly [rows: number, cols: number],
  rowIndex: ArrayLike<number>,
  colIndex: ArrayLike<number>,
  values: T,
): CsrMatrix<T> {
  const where = 'csrFromTriplets', [rows, cols] = shape, nnz = values.length;
  if (rowIndex.length !== nnz || colIndex.length !== nnz) {
    throw new ArgumentError(where, 'rowIndex, colIndex, values', 'one length', `${rowIndex.length}, ${colIndex.length}, ${nnz}`);
  }
  for (let p = 0; p < nnz; p++) {
    const r = rowIndex[p]!, c = colIndex[p]!;
    if (!(Number.isInteger(r) && r >= 0 && r < rows)) throw new ArgumentError(where, `rowIndex[${p}]`, `an integer in [0, ${rows})`, `${r}`);
    if (!(Number.isInteger(c) && c >= 0 && c < cols)) throw new ArgumentError(where, `colIndex[${p}]`, `an integer in [0, ${cols})`, `${c}`);
  }

  // (1) Counting sort by row; (2) transposing twice sorts the columns of each row, stably.
  const rowPtr = new Int32Array(rows + 1);
  for (let p = 0; p < nnz; p++) rowPtr[rowIndex[p]! + 1]!++;
  for (let r = 0; r < rows; r++) rowPtr[r + 1]! += rowPtr[r]!;
  const next = rowPtr.slice(0, rows), sortedCols = new Int32Array(nnz), sortedValues = values.slice() as T;
  for (let p = 0; p < nnz; p++) {
    const q = next[rowIndex[p]!]!++;
    sortedCols[q] = colIndex[p]!;
    sortedValues[q] = values[p]!;
  }
  return mergeDuplicates(transposeCsr(transposeCsr({ shape, rowPtr, colIndex: sortedCols, values: sortedValues })));
}

function mergeDuplicates<T extends FloatArray>({ shape, rowPtr, colIndex, values }: CsrMatrix<T>): CsrMatrix<T> {
  const merged = new Int32Array(rowPtr.length);
  let size = 0;
  for (let r = 0; r < shape[0]; r++) {
    for (let p = rowPtr[r]!; p < rowPtr[r + 1]!; p++) {
      if (p > rowPtr[r]! && colIndex[size - 1] === colIndex[p]) values[size - 1]! += values[p]!;
      else {
        colIndex[size] = colIndex[p]!;
        values[size++] = values[p]!;
      }
    }
    merged[r + 1] = size;
  }
  return { shape, rowPtr: merged, colIndex: colIndex.slice(0, size), values: values.slice(0, size) as T };
}
