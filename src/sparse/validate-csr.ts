import { ArgumentError } from '../core/errors.ts';
import type { CsrMatrix, FloatArray } from './csr-matrix.ts';

/**
 * Checks every promise that {@link CsrMatrix} makes: sizes, non-decreasing `rowPtr`, columns in range and strictly
 * ascending within a row, finite values. O(nnz).
 *
 * @throws {@link ArgumentError} naming the first entry at fault.
 */
export function validateCsr(where: string, what: string, { shape, rowPtr, colIndex, values }: CsrMatrix<FloatArray>): void {
  const fail = (field: string, expected: string, actual: unknown): never => {
    throw new ArgumentError(where, `${what}.${field}`, expected, `${actual}`);
  };
  const [rows, cols] = shape, nnz = colIndex.length;
  if (!(shape.length === 2 && shape.every((n) => Number.isInteger(n) && n >= 0))) fail('shape', 'two counts', `[${shape}]`);
  if (rowPtr.length !== rows + 1) fail('rowPtr', `length ${rows + 1}`, rowPtr.length);
  if (values.length !== nnz) fail('values', `length ${nnz}`, values.length);
  if (rowPtr[0] !== 0) fail('rowPtr[0]', 'value 0', rowPtr[0]);
  if (rowPtr[rows] !== nnz) fail(`rowPtr[${rows}]`, `value ${nnz}`, rowPtr[rows]);
  for (let r = 0; r < rows; r++) {
    if (rowPtr[r + 1]! < rowPtr[r]!) fail(`rowPtr[${r + 1}]`, `at least ${rowPtr[r]}`, rowPtr[r + 1]);
  }
  for (let r = 0; r < rows; r++) {
    for (let p = rowPtr[r]!; p < rowPtr[r + 1]!; p++) {
      const c = colIndex[p]!;
      if (c < 0 || c >= cols) fail(`colIndex[${p}]`, `a column in [0, ${cols})`, c);
      if (p > rowPtr[r]! && c <= colIndex[p - 1]!) fail(`colIndex[${p}]`, `a column above ${colIndex[p - 1]}`, c);
      if (!Number.isFinite(values[p])) fail(`values[${p}]`, 'a finite value', values[p]);
    }
  }
}
