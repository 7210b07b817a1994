/** Copies rows [firstRow, + rows) and columns [firstColumn, + columns) of an image `[height, width, channels]`, zeros beyond it, to `out`. */
export function padRows(x: usize, height: i32, width: i32, channels: i32, firstRow: i32, rows: i32, firstColumn: i32, columns: i32, out: usize): void {
  const pixel = <usize>channels << 2, outStride = <usize>columns * pixel;
  const left = min(columns, max(0, -firstColumn)), right = max(left, min(columns, width - firstColumn));
  for (let r = firstRow, q = out; r < firstRow + rows; r++, q += outStride) {
    if (r < 0 || r >= height || left == right) {
      memory.fill(q, 0, outStride);
      continue;
    }
    memory.fill(q, 0, <usize>left * pixel);
    memory.copy(q + <usize>left * pixel, x + (<usize>r * <usize>width + <usize>(firstColumn + left)) * pixel, <usize>(right - left) * pixel);
    memory.fill(q + <usize>right * pixel, 0, <usize>(columns - right) * pixel);
  }
}
