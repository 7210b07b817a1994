/** out[B,R,N] = A[R,C] . dense[B,C,N]; mirrors src/kernels/impl/sparse-mat-mul.ts. */
export function sparseMatMul(
  rowPtrPtr: usize, colIndexPtr: usize, valuesPtr: usize, densePtr: usize, outPtr: usize, batch: i32, rows: i32, denseRows: i32, cols: i32,
): void {
  const vectorCols = cols & ~3;
  for (let b = 0; b < batch; b++) {
    const dense = densePtr + (<usize>b * <usize>denseRows * <usize>cols << 2);
    for (let r = 0; r < rows; r++) {
      const start = load<i32>(rowPtrPtr + (<usize>r << 2));
      const end = load<i32>(rowPtrPtr + (<usize>r << 2), 4);
      const outRow = outPtr + ((<usize>b * <usize>rows + <usize>r) * <usize>cols << 2);

      // (1) Four columns at a time: the accumulator stays in a register across the row.
      for (let j = 0; j < vectorCols; j += 4) {
        let sum = f32x4.splat(0);
        for (let p = start; p < end; p++) {
          const value = v128.load32_splat(valuesPtr + (<usize>p << 2));
          const denseRow = <usize>load<i32>(colIndexPtr + (<usize>p << 2)) * <usize>cols;
          sum = f32x4.add(sum, f32x4.mul(value, v128.load(dense + (denseRow + <usize>j << 2))));
        }
        v128.store(outRow + (<usize>j << 2), sum);
      }

      // (2) The last cols % 4 columns.
      for (let j = vectorCols; j < cols; j++) {
        let sum: f32 = 0;
        for (let p = start; p < end; p++) {
          const denseRow = <usize>load<i32>(colIndexPtr + (<usize>p << 2)) * <usize>cols;
          sum += load<f32>(valuesPtr + (<usize>p << 2)) * load<f32>(dense + (denseRow + <usize>j << 2));
        }
        store<f32>(outRow + (<usize>j << 2), sum);
      }
    }
  }
}
