import { spmmRows } from './spmm-rows';

/** out[B,R,N] = A[R,C] . dense[B,C,N]; mirrors src/kernels/impl/sparse-mat-mul.ts. */
export function sparseMatMul(
  rowPtr: usize, colIndex: usize, values: usize, dense: usize, out: usize, batch: i32, rows: i32, denseRows: i32, cols: i32,
): void {
  const stride = <usize>cols << 2;
  for (let b = 0; b < batch; b++) {
    spmmRows(rowPtr, colIndex, values, dense + <usize>b * <usize>denseRows * stride, stride, 0, 0, 0, 0, out + <usize>b * <usize>rows * stride, stride, 0, rows, cols, 1);
  }
}
