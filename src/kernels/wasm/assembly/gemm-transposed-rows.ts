/** sum[i, j] += over rows r in [begin, end) of a[r, i] b[r, j]: the product of a transposed and b, `[aCols, bCols]`. */
export function gemmTransposedRows(a: usize, aCols: i32, b: usize, bCols: i32, sum: usize, begin: i32, end: i32): void {
  const aStride = <usize>aCols << 2, bStride = <usize>bCols << 2;
  gemmTransposedOverlapping(a + <usize>begin * aStride, aStride, aCols, b + <usize>begin * bStride, bCols, sum, end - begin);
}

/** The same of `count` rows, those of `a` beginning `aStride` bytes apart, nearer to each other than they are long where they overlap. */
export function gemmTransposedOverlapping(a: usize, aStride: usize, aCols: i32, b: usize, bCols: i32, sum: usize, count: i32): void {
  const aBytes = <usize>aCols << 2, bStride = <usize>bCols << 2, rows = <usize>count, aFirst = a, bFirst = b;
  const a4 = <usize>(aCols & ~3) << 2, b8 = <usize>(bCols & ~7) << 2, b4 = <usize>(bCols & ~3) << 2;
  let i: usize = 0;

  // (1) Four rows of the sum by eight columns in registers.
  for (; i < a4; i += 16) {
    const t0 = sum + (i >> 2) * bStride, t1 = t0 + bStride, t2 = t1 + bStride, t3 = t2 + bStride;
    let j: usize = 0;
    for (; j < b8; j += 32) {
      let s00 = v128.load(t0 + j), s01 = v128.load(t0 + j, 16), s10 = v128.load(t1 + j), s11 = v128.load(t1 + j, 16);
      let s20 = v128.load(t2 + j), s21 = v128.load(t2 + j, 16), s30 = v128.load(t3 + j), s31 = v128.load(t3 + j, 16);
      let p = aFirst + i, q = bFirst + j;
      for (const stop = p + rows * aStride; p < stop; p += aStride, q += bStride) {
        const b0 = v128.load(q), b1 = v128.load(q, 16);
        const x0 = v128.load32_splat(p);
        s00 = f32x4.add(s00, f32x4.mul(x0, b0)); s01 = f32x4.add(s01, f32x4.mul(x0, b1));
        const x1 = v128.load32_splat(p, 4);
        s10 = f32x4.add(s10, f32x4.mul(x1, b0)); s11 = f32x4.add(s11, f32x4.mul(x1, b1));
        const x2 = v128.load32_splat(p, 8);
        s20 = f32x4.add(s20, f32x4.mul(x2, b0)); s21 = f32x4.add(s21, f32x4.mul(x2, b1));
        const x3 = v128.load32_splat(p, 12);
        s30 = f32x4.add(s30, f32x4.mul(x3, b0)); s31 = f32x4.add(s31, f32x4.mul(x3, b1));
      }
      v128.store(t0 + j, s00); v128.store(t0 + j, s01, 16); v128.store(t1 + j, s10); v128.store(t1 + j, s11, 16);
      v128.store(t2 + j, s20); v128.store(t2 + j, s21, 16); v128.store(t3 + j, s30); v128.store(t3 + j, s31, 16);
    }
  }

  // (2) What is left: columns beyond a multiple of eight, then rows beyond a multiple of four.
  for (i = 0; i < aBytes; i += 4) {
    const t = sum + (i >> 2) * bStride;
    let j: usize = i < a4 ? b8 : 0;
    for (; j < b4; j += 16) {
      let s = v128.load(t + j), p = aFirst + i, q = bFirst + j;
      for (let r: usize = 0; r < rows; r++, p += aStride, q += bStride) s = f32x4.add(s, f32x4.mul(v128.load32_splat(p), v128.load(q)));
      v128.store(t + j, s);
    }
    for (; j < bStride; j += 4) {
      let s = load<f32>(t + j), p = aFirst + i, q = bFirst + j;
      for (let r: usize = 0; r < rows; r++, p += aStride, q += bStride) s += load<f32>(p) * load<f32>(q);
      store<f32>(t + j, s);
    }
  }
}
