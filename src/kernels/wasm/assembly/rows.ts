/**
 * out[B,N,size] = x[B, index[N], begin : begin + size], x having `rows` rows of `cols`.
 *
 * @returns Position of the first index out of range, where it stops, or -1.
 */
export function gatherRows(x: usize, index: usize, out: usize, batch: i32, rows: i32, cols: i32, count: i32, begin: i32, size: i32): i32 {
  const stride = <usize>cols << 2, width = <usize>size << 2, vector = <usize>(size & ~3) << 2;
  for (let b = 0; b < batch; b++) {
    const source = x + <usize>b * <usize>rows * stride + (<usize>begin << 2);
    let target = out + <usize>b * <usize>count * width;
    for (let i = 0; i < count; i++, target += width) {
      const r = load<u32>(index + (<usize>i << 2));
      if (r >= <u32>rows) return i;
      const row = source + <usize>r * stride;
      let j: usize = 0;
      for (; j < vector; j += 16) v128.store(target + j, v128.load(row + j));
      for (; j < width; j += 4) store<f32>(target + j, load<f32>(row + j));
    }
  }
  return -1;
}

/** out[b, index[i], begin + j] += y[b, i, j]; `out [B,rows,cols]` is overwritten. Returns as {@link gatherRows}. */
export function scatterRows(y: usize, index: usize, out: usize, batch: i32, rows: i32, cols: i32, count: i32, begin: i32, size: i32): i32 {
  const stride = <usize>cols << 2, width = <usize>size << 2, vector = <usize>(size & ~3) << 2;
  memory.fill(out, 0, <usize>batch * <usize>rows * stride);
  for (let b = 0; b < batch; b++) {
    const target = out + <usize>b * <usize>rows * stride + (<usize>begin << 2);
    let source = y + <usize>b * <usize>count * width;
    for (let i = 0; i < count; i++, source += width) {
      const r = load<u32>(index + (<usize>i << 2));
      if (r >= <u32>rows) return i;
      const row = target + <usize>r * stride;
      let j: usize = 0;
      for (; j < vector; j += 16) v128.store(row + j, f32x4.add(v128.load(row + j), v128.load(source + j)));
      for (; j < width; j += 4) store<f32>(row + j, load<f32>(row + j) + load<f32>(source + j));
    }
  }
  return -1;
}

/** out[C] = sum of the rows of x[R,C]. */
export function sumRows(x: usize, out: usize, rows: i32, cols: i32): void {
  const stride = <usize>cols << 2, wide = <usize>(cols & ~15) << 2, vector = <usize>(cols & ~3) << 2, end = x + <usize>rows * stride;
  let j: usize = 0;
  for (; j < wide; j += 64) {
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
    for (let p = x + j; p < end; p += stride) {
      s0 = f32x4.add(s0, v128.load(p)); s1 = f32x4.add(s1, v128.load(p, 16));
      s2 = f32x4.add(s2, v128.load(p, 32)); s3 = f32x4.add(s3, v128.load(p, 48));
    }
    v128.store(out + j, s0); v128.store(out + j, s1, 16); v128.store(out + j, s2, 32); v128.store(out + j, s3, 48);
  }
  for (; j < vector; j += 16) {
    let s = f32x4.splat(0);
    for (let p = x + j; p < end; p += stride) s = f32x4.add(s, v128.load(p));
    v128.store(out + j, s);
  }
  for (; j < stride; j += 4) {
    let s: f32 = 0;
    for (let p = x + j; p < end; p += stride) s += load<f32>(p);
    store<f32>(out + j, s);
  }
}

/** out[R,to] = x[R,from], narrower rows filled with zeros, wider ones cut. */
export function resizeRows(x: usize, out: usize, rows: i32, from: i32, to: i32): void {
  const common = min(from, to), vector = <usize>(common & ~3) << 2, used = <usize>common << 2, width = <usize>to << 2, stride = <usize>from << 2;
  for (let r = 0; r < rows; r++, x += stride, out += width) {
    let j: usize = 0;
    for (; j < vector; j += 16) v128.store(out + j, v128.load(x + j));
    if (common & 2) {
      store<i64>(out + j, load<i64>(x + j));
      j += 8;
    }
    if (common & 1) store<f32>(out + j, load<f32>(x + j));
    for (j = used; j < width; j += 4) store<f32>(out + j, 0);
  }
}

/** out[K,C,R] = x[K,R,C] with its last two axes exchanged. */
export function transposeBlocks(x: usize, out: usize, blocks: i32, rows: i32, cols: i32): void {
  for (let k = 0; k < blocks; k++) {
    const source = x + (<usize>(k * rows * cols) << 2), target = out + (<usize>(k * rows * cols) << 2);
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < cols; c++) store<f32>(target + (<usize>(c * rows + r) << 2), load<f32>(source + (<usize>(r * cols + c) << 2)));
    }
  }
}

/** out[i] = dy[i] where y[i] > 0, else 0. */
export function reluGrad(dy: usize, y: usize, out: usize, count: i32): void {
  const zero = f32x4.splat(0), vector = count & ~3;
  let i = 0;
  for (; i < vector; i += 4) {
    const at = <usize>i << 2;
    v128.store(out + at, v128.and(v128.load(dy + at), f32x4.gt(v128.load(y + at), zero)));
  }
  for (; i < count; i++) {
    const at = <usize>i << 2;
    store<f32>(out + at, load<f32>(y + at) > 0 ? load<f32>(dy + at) : 0);
  }
}

/** out[i] = 0. */
export function zero(out: usize, count: i32): void {
  memory.fill(out, 0, <usize>count << 2);
}
