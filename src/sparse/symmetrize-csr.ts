import { ArgumentError } from '../core/errors.ts';
import { type CsrMatrix, type FloatArray, transposeCsr } from './csr-matrix.ts';

/**
 * The symmetric matrix `S A S^-1`, S positive and diagonal, that has the eigenvalues of `matrix`: `A` itself if it is
 * symmetric, and `I - D^-1/2 A D^-1/2` for a random-walk Laplacian `I - D^-1 A`.
 *
 * S is found along a spanning forest (`s_j / s_i = sqrt(a_ij / a_ji)`), then checked on every entry.
 *
 * @throws {@link ArgumentError} if there is no such S: the eigenvalues may then be complex.
 */
export function symmetrizeCsr(matrix: CsrMatrix<FloatArray>): CsrMatrix<Float64Array> {
  const where = 'symmetrizeCsr', { shape: [size, cols], rowPtr, colIndex, values } = matrix;
  const refuse = (expected: string, actual: string): never => { throw new ArgumentError(where, 'matrix', expected, actual); };
  if (size !== cols) refuse('a square shape', `[${matrix.shape}]`);
  const transpose = transposeCsr(matrix), mirrored = transpose.values;
  const strayRow = transpose.rowPtr.findIndex((p, r) => p !== rowPtr[r]);
  const stray = strayRow >= 0 ? rowPtr[strayRow - 1]! : transpose.colIndex.findIndex((c, p) => c !== colIndex[p]);
  if (stray >= 0) refuse('an entry (j, i) for each entry (i, j)', `one at entry ${stray} alone`);

  const logScale = new Float64Array(size).fill(NaN), stack: number[] = [];
  for (let root = 0; root < size; root++) {
    if (!Number.isNaN(logScale[root])) continue;
    logScale[root] = 0;
    stack.push(root);
    for (let i = stack.pop(); i !== undefined; i = stack.pop()) {
      for (let p = rowPtr[i]!; p < rowPtr[i + 1]!; p++) {
        const j = colIndex[p]!, forth = values[p]!, back = mirrored[p]!;
        if (forth === 0 && back === 0) continue;
        if (!(forth * back > 0)) refuse('entries (i, j) and (j, i) of one sign', `${forth} and ${back} at (${i}, ${j})`);
        const reached = logScale[i]! + 0.5 * Math.log(forth / back);
        if (Number.isNaN(logScale[j])) {
          logScale[j] = reached;
          stack.push(j);
        } else if (!(Math.abs(logScale[j]! - reached) < 1e-4)) refuse('a diagonal scaling that makes it symmetric', `none at (${i}, ${j})`);
      }
    }
  }
  const symmetric = Float64Array.from(values, (x, p) => Math.sign(x) * Math.sqrt(x * mirrored[p]!));
  return { shape: matrix.shape, rowPtr, colIndex, values: symmetric };
}
