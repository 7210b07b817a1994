/** Copies `rows` rows of `columns` 4-byte numbers that lie side by side to rows that begin `outStride` bytes apart. */
export function copyColumns(x: usize, rows: i32, columns: i32, out: usize, outStride: usize): void {
  const bytes = <usize>columns << 2, vectors = bytes & ~15;
  for (let r = 0, p = x, q = out; r < rows; r++, p += bytes, q += outStride) {
    if (bytes >= 1024) { // below, the call costs more than the copy
      memory.copy(q, p, bytes);
      continue;
    }
    for (let i: usize = 0; i < vectors; i += 16) v128.store(q + i, v128.load(p + i));
    for (let i = vectors; i < bytes; i += 4) store<u32>(q + i, load<u32>(p + i));
  }
}
