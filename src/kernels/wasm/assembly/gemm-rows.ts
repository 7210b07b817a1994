/**
 * out[r] = init + a[r] W for rows [begin, end), then max(0, .) where `relu`.
 *
 * One loop over the depth with a pointer to each row: more of either in one body costs 10 to 40 %, as the engine unrolls loops and
 * then runs out of registers. 60 of the 65 GFLOP/s that a core without fused multiply-add has at 4 GHz.
 *
 * @param a - `[rows, depth]`.
 * @param w - `[depth, cols]`.
 * @param init - 0: zero; 1: what `out` holds; otherwise the address of `[cols]` numbers, the bias.
 */
export function gemmRows(a: usize, depth: i32, w: usize, out: usize, begin: i32, end: i32, cols: i32, init: usize, relu: bool): void {
  const aStride = <usize>depth << 2, outStride = <usize>cols << 2;
  const cols8 = <usize>(cols & ~7) << 2, cols4 = <usize>(cols & ~3) << 2;
  let r = begin;

  // (1) Blocks of four rows by eight columns in registers.
  for (; r + 4 <= end; r += 4) {
    const row = a + <usize>r * aStride;
    const o0 = out + <usize>r * outStride, o1 = o0 + outStride, o2 = o1 + outStride, o3 = o2 + outStride;
    let j: usize = 0;
    for (; j < cols8; j += 32) {
      let s00 = f32x4.splat(0), s01 = f32x4.splat(0), s10 = f32x4.splat(0), s11 = f32x4.splat(0);
      let s20 = f32x4.splat(0), s21 = f32x4.splat(0), s30 = f32x4.splat(0), s31 = f32x4.splat(0);
      let p0 = row, p1 = p0 + aStride, p2 = p1 + aStride, p3 = p2 + aStride, q = w + j;
      for (const stop = p1; p0 < stop; p0 += 4, p1 += 4, p2 += 4, p3 += 4, q += outStride) {
        const w0 = v128.load(q), w1 = v128.load(q, 16);
        const x0 = v128.load32_splat(p0);
        s00 = f32x4.add(s00, f32x4.mul(x0, w0)); s01 = f32x4.add(s01, f32x4.mul(x0, w1));
        const x1 = v128.load32_splat(p1);
        s10 = f32x4.add(s10, f32x4.mul(x1, w0)); s11 = f32x4.add(s11, f32x4.mul(x1, w1));
        const x2 = v128.load32_splat(p2);
        s20 = f32x4.add(s20, f32x4.mul(x2, w0)); s21 = f32x4.add(s21, f32x4.mul(x2, w1));
        const x3 = v128.load32_splat(p3);
        s30 = f32x4.add(s30, f32x4.mul(x3, w0)); s31 = f32x4.add(s31, f32x4.mul(x3, w1));
      }
      if (init == 1) { // after the loop: before it, the choice costs register moves inside
        s00 = f32x4.add(s00, v128.load(o0 + j)); s01 = f32x4.add(s01, v128.load(o0 + j, 16)); s10 = f32x4.add(s10, v128.load(o1 + j)); s11 = f32x4.add(s11, v128.load(o1 + j, 16));
        s20 = f32x4.add(s20, v128.load(o2 + j)); s21 = f32x4.add(s21, v128.load(o2 + j, 16)); s30 = f32x4.add(s30, v128.load(o3 + j)); s31 = f32x4.add(s31, v128.load(o3 + j, 16));
      } else if (init) {
        const b0 = v128.load(init + j), b1 = v128.load(init + j, 16);
        s00 = f32x4.add(s00, b0); s01 = f32x4.add(s01, b1); s10 = f32x4.add(s10, b0); s11 = f32x4.add(s11, b1);
        s20 = f32x4.add(s20, b0); s21 = f32x4.add(s21, b1); s30 = f32x4.add(s30, b0); s31 = f32x4.add(s31, b1);
      }
      if (relu) {
        const zero = f32x4.splat(0);
        s00 = f32x4.pmax(s00, zero); s01 = f32x4.pmax(s01, zero); s10 = f32x4.pmax(s10, zero); s11 = f32x4.pmax(s11, zero);
        s20 = f32x4.pmax(s20, zero); s21 = f32x4.pmax(s21, zero); s30 = f32x4.pmax(s30, zero); s31 = f32x4.pmax(s31, zero);
      }
      v128.store(o0 + j, s00); v128.store(o0 + j, s01, 16); v128.store(o1 + j, s10); v128.store(o1 + j, s11, 16);
      v128.store(o2 + j, s20); v128.store(o2 + j, s21, 16); v128.store(o3 + j, s30); v128.store(o3 + j, s31, 16);
    }
    for (; j < cols4; j += 16) {
      let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
      let p0 = row, p1 = p0 + aStride, p2 = p1 + aStride, p3 = p2 + aStride, q = w + j;
      for (const stop = p1; p0 < stop; p0 += 4, p1 += 4, p2 += 4, p3 += 4, q += outStride) {
        const w0 = v128.load(q);
        s0 = f32x4.add(s0, f32x4.mul(v128.load32_splat(p0), w0)); s1 = f32x4.add(s1, f32x4.mul(v128.load32_splat(p1), w0));
        s2 = f32x4.add(s2, f32x4.mul(v128.load32_splat(p2), w0)); s3 = f32x4.add(s3, f32x4.mul(v128.load32_splat(p3), w0));
      }
      if (init == 1) {
        s0 = f32x4.add(s0, v128.load(o0 + j)); s1 = f32x4.add(s1, v128.load(o1 + j)); s2 = f32x4.add(s2, v128.load(o2 + j)); s3 = f32x4.add(s3, v128.load(o3 + j));
      } else if (init) {
        const b = v128.load(init + j);
        s0 = f32x4.add(s0, b); s1 = f32x4.add(s1, b); s2 = f32x4.add(s2, b); s3 = f32x4.add(s3, b);
      }
      if (relu) { const zero = f32x4.splat(0); s0 = f32x4.pmax(s0, zero); s1 = f32x4.pmax(s1, zero); s2 = f32x4.pmax(s2, zero); s3 = f32x4.pmax(s3, zero); }
      v128.store(o0 + j, s0); v128.store(o1 + j, s1); v128.store(o2 + j, s2); v128.store(o3 + j, s3);
    }
  }
  if (cols4 < outStride && begin < r) gemmTail(a, aStride, w, out, outStride, begin, r, cols4, init, relu);

  // (2) The last rows, one at a time: W row by row, as it lies in memory (a batch of one reads large weights once, from afar).
  for (let i = r; i < end; i++) {
    const row = a + <usize>i * aStride, o = out + <usize>i * outStride, stop = row + aStride;
    if (init == 0) memory.fill(o, 0, outStride);
    else if (init != 1) memory.copy(o, init, outStride);
    let p = row, q = w;
    for (; p + 16 <= stop; p += 16) {
      const q1 = q + outStride, q2 = q1 + outStride, q3 = q2 + outStride;
      const x0 = v128.load32_splat(p), x1 = v128.load32_splat(p, 4), x2 = v128.load32_splat(p, 8), x3 = v128.load32_splat(p, 12);
      for (let j: usize = 0; j < cols4; j += 16) {
        const s = f32x4.add(f32x4.mul(x0, v128.load(q + j)), f32x4.mul(x1, v128.load(q1 + j))), t = f32x4.add(f32x4.mul(x2, v128.load(q2 + j)), f32x4.mul(x3, v128.load(q3 + j)));
        v128.store(o + j, f32x4.add(v128.load(o + j), f32x4.add(s, t)));
      }
      q = q3 + outStride;
    }
    for (; p < stop; p += 4, q += outStride) {
      const x0 = v128.load32_splat(p);
      for (let j: usize = 0; j < cols4; j += 16) v128.store(o + j, f32x4.add(v128.load(o + j), f32x4.mul(x0, v128.load(q + j))));
    }
    if (relu) for (let j: usize = 0; j < cols4; j += 16) v128.store(o + j, f32x4.pmax(v128.load(o + j), f32x4.splat(0)));
  }
  if (cols4 < outStride && r < end) gemmTail(a, aStride, w, out, outStride, r, end, cols4, init, relu);
}

/** Columns from byte `from` on, one number at a time. */
function gemmTail(a: usize, aStride: usize, w: usize, out: usize, outStride: usize, begin: i32, end: i32, from: usize, init: usize, relu: bool): void {
  for (let r = begin; r < end; r++) {
    const row = a + <usize>r * aStride, o = out + <usize>r * outStride, stop = row + aStride;
    for (let j = from; j < outStride; j += 4) {
      let s: f32 = init == 1 ? load<f32>(o + j) : init ? load<f32>(init + j) : 0, q = w + j;
      for (let p = row; p < stop; p += 4, q += outStride) s += load<f32>(p) * load<f32>(q);
      store<f32>(o + j, relu && s < 0 ? 0 : s);
    }
  }
}
