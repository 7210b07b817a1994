/** out[i] = x[i], or slope x[i] where that is negative. */
export function leakyRelu(x: usize, out: usize, count: i32, slope: f32): void {
  const end = <usize>count << 2, vectors = end & ~15, zero = f32x4.splat(0), factor = f32x4.splat(slope);
  for (let i: usize = 0; i < vectors; i += 16) {
    const v = v128.load(x + i);
    v128.store(out + i, v128.bitselect(f32x4.mul(v, factor), v, f32x4.lt(v, zero)));
  }
  for (let i = vectors; i < end; i += 4) {
    const v = load<f32>(x + i);
    store<f32>(out + i, v < 0 ? v * slope : v);
  }
}

/** out[i], a byte: whether x[i] > bound. */
export function greaterThan(x: usize, out: usize, count: i32, bound: f32): void {
  const whole = count & ~15, b = f32x4.splat(bound), one = i8x16.splat(1);
  let i = 0;
  for (; i < whole; i += 16) {
    const p = x + (<usize>i << 2);
    const low = i16x8.narrow_i32x4_s(f32x4.gt(v128.load(p), b), f32x4.gt(v128.load(p, 16), b));
    const high = i16x8.narrow_i32x4_s(f32x4.gt(v128.load(p, 32), b), f32x4.gt(v128.load(p, 48), b));
    v128.store(out + <usize>i, v128.and(i8x16.narrow_i16x8_s(low, high), one));
  }
  for (; i < count; i++) store<u8>(out + <usize>i, <u8>(load<f32>(x + (<usize>i << 2)) > bound));
}

/** `rows` copies, one after the other, of `columns` 4-byte numbers. */
export function repeatRow(x: usize, columns: i32, rows: i32, out: usize): void {
  const bytes = <usize>columns << 2, vectors = bytes & ~15;
  for (let r = 0, q = out; r < rows; r++, q += bytes) {
    for (let i: usize = 0; i < vectors; i += 16) v128.store(q + i, v128.load(x + i));
    for (let i = vectors; i < bytes; i += 4) store<u32>(q + i, load<u32>(x + i));
  }
}

/** Rows whose sums are added among themselves first: of a hundred thousand numbers added one by one the last digits get lost. */
const BLOCK = 256;

/** out[c] = factor times the sum over rows of x[r, c]. */
export function sumLeading(x: usize, out: usize, rows: i32, columns: i32, factor: f32): void {
  const stride = <usize>columns << 2, vectors = stride & ~15, groups = stride & ~63;
  memory.fill(out, 0, stride);
  for (let begin = 0; begin < rows; begin += BLOCK) {
    const first = x + <usize>begin * stride, end = first + <usize>min(BLOCK, rows - begin) * stride;
    let j: usize = 0;
    for (; j < groups; j += 64) {
      let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
      for (let p = first + j; p < end; p += stride) {
        s0 = f32x4.add(s0, v128.load(p)); s1 = f32x4.add(s1, v128.load(p, 16)); s2 = f32x4.add(s2, v128.load(p, 32)); s3 = f32x4.add(s3, v128.load(p, 48));
      }
      const q = out + j;
      v128.store(q, f32x4.add(v128.load(q), s0)); v128.store(q, f32x4.add(v128.load(q, 16), s1), 16);
      v128.store(q, f32x4.add(v128.load(q, 32), s2), 32); v128.store(q, f32x4.add(v128.load(q, 48), s3), 48);
    }
    for (; j < vectors; j += 16) {
      let s0 = f32x4.splat(0), s1 = s0, p = first + j;
      for (; p + stride < end; p += 2 * stride) {
        s0 = f32x4.add(s0, v128.load(p)); s1 = f32x4.add(s1, v128.load(p + stride));
      }
      if (p < end) s0 = f32x4.add(s0, v128.load(p));
      v128.store(out + j, f32x4.add(v128.load(out + j), f32x4.add(s0, s1)));
    }
    for (; j < stride; j += 4) {
      let s: f32 = 0;
      for (let p = first + j; p < end; p += stride) s += load<f32>(p);
      store<f32>(out + j, load<f32>(out + j) + s);
    }
  }
  for (let j: usize = 0; j < stride; j += 4) store<f32>(out + j, factor * load<f32>(out + j));
}
