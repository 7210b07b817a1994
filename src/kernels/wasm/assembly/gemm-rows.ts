/**
 * out[r] = init + a0[r] W0 (+ a1[r] W1 (+ a2[r] W2)) for rows [begin, end), then max(0, .) where `relu`.
 *
 * @param a0 - `[rows, depth]`; likewise a1, a2, of which `terms - 1` are read.
 * @param w - `[terms depth, cols]`, the W's one after another.
 * @param init - 0: zero; 1: what `out` holds; otherwise the address of `[cols]` numbers, the bias.
 */
export function gemmRows(
  a0: usize, a1: usize, a2: usize, terms: i32, depth: i32, w: usize, wStride: usize, out: usize, begin: i32, end: i32, cols: i32, init: usize, relu: bool,
): void {
  const aStride = <usize>depth << 2, outStride = <usize>cols << 2, zero = f32x4.splat(0);
  const cols8 = <usize>(cols & ~7) << 2, cols4 = <usize>(cols & ~3) << 2;
  let r = begin;

  // (1) Blocks of four rows by eight columns in registers.
  for (; r + 4 <= end; r += 4) {
    const o0 = out + <usize>r * outStride, o1 = o0 + outStride, o2 = o1 + outStride, o3 = o2 + outStride;
    let j: usize = 0;
    for (; j < cols8; j += 32) {
      let s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero, s30 = zero, s31 = zero;
      if (init == 1) {
        s00 = v128.load(o0 + j); s01 = v128.load(o0 + j, 16); s10 = v128.load(o1 + j); s11 = v128.load(o1 + j, 16);
        s20 = v128.load(o2 + j); s21 = v128.load(o2 + j, 16); s30 = v128.load(o3 + j); s31 = v128.load(o3 + j, 16);
      } else if (init) {
        s00 = s10 = s20 = s30 = v128.load(init + j); s01 = s11 = s21 = s31 = v128.load(init + j, 16);
      }
      let q = w + j;
      for (let t = 0; t < terms; t++) {
        let p = (t == 0 ? a0 : t == 1 ? a1 : a2) + <usize>r * aStride;
        const p1 = aStride, p2 = aStride * 2, p3 = aStride * 3, stop = p + aStride;
        for (; p < stop; p += 4, q += wStride) {
          const w0 = v128.load(q), w1 = v128.load(q, 16);
          const x0 = v128.load32_splat(p);
          s00 = f32x4.add(s00, f32x4.mul(x0, w0)); s01 = f32x4.add(s01, f32x4.mul(x0, w1));
          const x1 = v128.load32_splat(p + p1);
          s10 = f32x4.add(s10, f32x4.mul(x1, w0)); s11 = f32x4.add(s11, f32x4.mul(x1, w1));
          const x2 = v128.load32_splat(p + p2);
          s20 = f32x4.add(s20, f32x4.mul(x2, w0)); s21 = f32x4.add(s21, f32x4.mul(x2, w1));
          const x3 = v128.load32_splat(p + p3);
          s30 = f32x4.add(s30, f32x4.mul(x3, w0)); s31 = f32x4.add(s31, f32x4.mul(x3, w1));
        }
      }
      if (relu) {
        s00 = f32x4.max(s00, zero); s01 = f32x4.max(s01, zero); s10 = f32x4.max(s10, zero); s11 = f32x4.max(s11, zero);
        s20 = f32x4.max(s20, zero); s21 = f32x4.max(s21, zero); s30 = f32x4.max(s30, zero); s31 = f32x4.max(s31, zero);
      }
      v128.store(o0 + j, s00); v128.store(o0 + j, s01, 16); v128.store(o1 + j, s10); v128.store(o1 + j, s11, 16);
      v128.store(o2 + j, s20); v128.store(o2 + j, s21, 16); v128.store(o3 + j, s30); v128.store(o3 + j, s31, 16);
    }
    for (; j < cols4; j += 16) {
      let s0 = zero, s1 = zero, s2 = zero, s3 = zero;
      if (init == 1) { s0 = v128.load(o0 + j); s1 = v128.load(o1 + j); s2 = v128.load(o2 + j); s3 = v128.load(o3 + j); }
      else if (init) s0 = s1 = s2 = s3 = v128.load(init + j);
      let q = w + j;
      for (let t = 0; t < terms; t++) {
        let p = (t == 0 ? a0 : t == 1 ? a1 : a2) + <usize>r * aStride;
        const stop = p + aStride;
        for (; p < stop; p += 4, q += wStride) {
          const w0 = v128.load(q);
          s0 = f32x4.add(s0, f32x4.mul(v128.load32_splat(p), w0));
          s1 = f32x4.add(s1, f32x4.mul(v128.load32_splat(p + aStride), w0));
          s2 = f32x4.add(s2, f32x4.mul(v128.load32_splat(p + aStride * 2), w0));
          s3 = f32x4.add(s3, f32x4.mul(v128.load32_splat(p + aStride * 3), w0));
        }
      }
      if (relu) { s0 = f32x4.max(s0, zero); s1 = f32x4.max(s1, zero); s2 = f32x4.max(s2, zero); s3 = f32x4.max(s3, zero); }
      v128.store(o0 + j, s0); v128.store(o1 + j, s1); v128.store(o2 + j, s2); v128.store(o3 + j, s3);
    }
    if (j < outStride) gemmTail(a0, a1, a2, terms, aStride, w, wStride, out, outStride, r, r + 4, j, init, relu);
  }

  // (2) The last rows, one at a time.
  for (let i = r; i < end; i++) {
    const row = out + <usize>i * outStride;
    for (let j: usize = 0; j < cols4; j += 16) {
      let s = init == 1 ? v128.load(row + j) : init ? v128.load(init + j) : zero;
      let q = w + j;
      for (let t = 0; t < terms; t++) {
        let p = (t == 0 ? a0 : t == 1 ? a1 : a2) + <usize>i * aStride;
        const stop = p + aStride;
        for (; p < stop; p += 4, q += wStride) s = f32x4.add(s, f32x4.mul(v128.load32_splat(p), v128.load(q)));
      }
      v128.store(row + j, relu ? f32x4.max(s, zero) : s);
    }
  }
  if (cols4 < outStride && r < end) gemmTail(a0, a1, a2, terms, aStride, w, wStride, out, outStride, r, end, cols4, init, relu);
}

/** Columns from byte `from` on, one number at a time. */
function gemmTail(
  a0: usize, a1: usize, a2: usize, terms: i32, aStride: usize, w: usize, wStride: usize, out: usize, outStride: usize, begin: i32, end: i32,
  from: usize, init: usize, relu: bool,
): void {
  for (let r = begin; r < end; r++) {
    const row = out + <usize>r * outStride;
    for (let j = from; j < outStride; j += 4) {
      let s: f32 = init == 1 ? load<f32>(row + j) : init ? load<f32>(init + j) : 0;
      let q = w + j;
      for (let t = 0; t < terms; t++) {
        let p = (t == 0 ? a0 : t == 1 ? a1 : a2) + <usize>r * aStride;
        const stop = p + aStride;
        for (; p < stop; p += 4, q += wStride) s += load<f32>(p) * load<f32>(q);
      }
      store<f32>(row + j, relu ? max<f32>(s, 0) : s);
    }
  }
}
