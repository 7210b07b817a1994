import { spmmRows } from './spmm-rows';

/** out[B,V,K,C], out[b, :, k] = T_k(A) x[b]; mirrors src/kernels/impl/chebyshev-basis.ts. */
export function chebyshevBasis(rowPtr: usize, colIndex: usize, values: usize, x: usize, out: usize, batch: i32, rows: i32, cols: i32, order: i32): void {
  const narrow = <usize>cols << 2, wide = narrow * <usize>order;
  for (let b = 0; b < batch; b++) {
    const source = x + <usize>b * <usize>rows * narrow, basis = out + <usize>b * <usize>rows * wide;
    for (let r: usize = 0; r < <usize>rows; r++) memory.copy(basis + r * wide, source + r * narrow, narrow);
    for (let k = 1; k < order; k++) {
      const t = basis + <usize>k * narrow;
      if (k == 1) spmmRows(rowPtr, colIndex, values, source, narrow, 0, 0, 0, 0, t, wide, 0, rows, cols, 1);
      else spmmRows(rowPtr, colIndex, values, t - narrow, wide, t - 2 * narrow, wide, 0, 0, t, wide, 0, rows, cols, 2);
    }
  }
}

/**
 * out[B,V,C] = sum over k of T_k(A) y[b, :, k], by Clenshaw's recurrence; A is the transposed operator. Mirrors
 * src/kernels/impl/chebyshev-basis.ts.
 *
 * @param scratch - `[3, V, C]`.
 */
export function chebyshevBasisAdjoint(
  rowPtr: usize, colIndex: usize, values: usize, y: usize, out: usize, scratch: usize, batch: i32, rows: i32, cols: i32, order: i32,
): void {
  const narrow = <usize>cols << 2, wide = narrow * <usize>order, size = <usize>rows * narrow;
  for (let b = 0; b < batch; b++) {
    const basis = y + <usize>b * <usize>rows * wide, result = out + <usize>b * size;
    let b1: usize = 0, b2: usize = 0;
    for (let k = order - 1; k >= 0; k--) {
      const target = k == 0 ? result : scratch + <usize>(k % 3) * size, term = basis + <usize>k * narrow;
      if (b1) spmmRows(rowPtr, colIndex, values, b1, narrow, b2, narrow, term, wide, target, narrow, 0, rows, cols, k == 0 ? 1 : 2);
      else for (let r: usize = 0; r < <usize>rows; r++) memory.copy(target + r * narrow, term + r * wide, narrow);
      b2 = b1;
      b1 = target;
    }
  }
}
