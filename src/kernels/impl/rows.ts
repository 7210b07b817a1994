import type { FloatArray } from '../../sparse/csr-matrix.ts';

/** A gather of rows: `x [B, rows, cols]`, of which `size` columns from `begin` are taken. */
export interface RowSizes {
  readonly batch: number;
  readonly rows: number;
  readonly cols: number;
  readonly begin: number;
  readonly size: number;
}

/**
 * Reference kernel: `out[b, i] = x[b, index[i], begin : begin + size]`. Overwrites `out`.
 *
 * @param index - `[N]`
 * @param out - `[B, N, size]`
 * @returns Position of the first index out of range, where it stops, or -1.
 */
export function gatherRowsImpl(x: FloatArray, index: Int32Array, out: FloatArray, { batch, rows, cols, begin, size }: RowSizes): number {
  const stray = index.findIndex((r) => r < 0 || r >= rows);
  if (stray >= 0) return stray;
  for (let b = 0; b < batch; b++) {
    index.forEach((r, i) => {
      for (let j = 0; j < size; j++) out[(b * index.length + i) * size + j] = x[(b * rows + r) * cols + begin + j]!;
    });
  }
  return -1;
}

/**
 * Reference kernel: `out[b, index[i], begin + j] += y[b, i, j]` in the order of i. Overwrites `out`.
 *
 * @param y - `[B, N, size]`
 * @param out - `[B, rows, cols]`
 * @returns As {@link gatherRowsImpl}.
 */
export function scatterRowsImpl(y: FloatArray, index: Int32Array, out: FloatArray, { batch, rows, cols, begin, size }: RowSizes): number {
  out.fill(0);
  const stray = index.findIndex((r) => r < 0 || r >= rows);
  if (stray >= 0) return stray;
  for (let b = 0; b < batch; b++) {
    index.forEach((r, i) => {
      for (let j = 0; j < size; j++) out[(b * rows + r) * cols + begin + j]! += y[(b * index.length + i) * size + j]!;
    });
  }
  return -1;
}

/** Reference kernel: `out[c] = sum over r of x[r, c]`. Overwrites `out`, `[cols]`. */
export function sumRowsImpl(x: FloatArray, out: FloatArray, cols: number): void {
  const sums = new Float64Array(cols);
  for (let i = 0; i < x.length; i++) sums[i % cols]! += x[i]!;
  out.set(sums);
}

/** Reference kernel: `out = dy` where `y > 0`, else 0. Overwrites `out`. */
export function reluGradImpl(dy: FloatArray, y: FloatArray, out: FloatArray): void {
  for (let i = 0; i < out.length; i++) out[i] = y[i]! > 0 ? dy[i]! : 0;
}
