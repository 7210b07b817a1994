/**
 * y[r] = alpha (A x)[r] - minus[r] + plus[r] for rows [begin, end): one step of a Chebyshev or Clenshaw recurrence, or, with
 * alpha 1 and neither term, a sparse product. Strides in bytes; a null pointer is an absent term.
 */
export function spmmRows(
  rowPtr: usize, colIndex: usize, values: usize, x: usize, xStride: usize, minus: usize, minusStride: usize, plus: usize, plusStride: usize,
  y: usize, yStride: usize, begin: i32, end: i32, cols: i32, alpha: f32,
): void {
  const scale = f32x4.splat(alpha);
  const cols16 = <usize>(cols & ~15) << 2, cols4 = <usize>(cols & ~3) << 2, width = <usize>cols << 2;
  for (let r = begin; r < end; r++) {
    const first = <usize>load<i32>(rowPtr + (<usize>r << 2)) << 2, last = <usize>load<i32>(rowPtr + (<usize>r << 2), 4) << 2;
    const row = y + <usize>r * yStride, minusRow = minus + <usize>r * minusStride, plusRow = plus + <usize>r * plusStride;
    let j: usize = 0;

    // (1) Sixteen columns at a time: their sums stay in registers across the row.
    for (; j < cols16; j += 64) {
      let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
      for (let p = first; p < last; p += 4) {
        const value = v128.load32_splat(values + p);
        const source = x + j + <usize>load<u32>(colIndex + p) * xStride;
        s0 = f32x4.add(s0, f32x4.mul(value, v128.load(source)));
        s1 = f32x4.add(s1, f32x4.mul(value, v128.load(source, 16)));
        s2 = f32x4.add(s2, f32x4.mul(value, v128.load(source, 32)));
        s3 = f32x4.add(s3, f32x4.mul(value, v128.load(source, 48)));
      }
      s0 = f32x4.mul(s0, scale); s1 = f32x4.mul(s1, scale); s2 = f32x4.mul(s2, scale); s3 = f32x4.mul(s3, scale);
      if (minus) {
        s0 = f32x4.sub(s0, v128.load(minusRow + j)); s1 = f32x4.sub(s1, v128.load(minusRow + j, 16));
        s2 = f32x4.sub(s2, v128.load(minusRow + j, 32)); s3 = f32x4.sub(s3, v128.load(minusRow + j, 48));
      }
      if (plus) {
        s0 = f32x4.add(s0, v128.load(plusRow + j)); s1 = f32x4.add(s1, v128.load(plusRow + j, 16));
        s2 = f32x4.add(s2, v128.load(plusRow + j, 32)); s3 = f32x4.add(s3, v128.load(plusRow + j, 48));
      }
      v128.store(row + j, s0); v128.store(row + j, s1, 16); v128.store(row + j, s2, 32); v128.store(row + j, s3, 48);
    }

    // (2) Eight at a time, for the few output channels of a last layer.
    for (; j + 32 <= cols4; j += 32) {
      let s0 = f32x4.splat(0), s1 = s0;
      for (let p = first; p < last; p += 4) {
        const value = v128.load32_splat(values + p);
        const source = x + j + <usize>load<u32>(colIndex + p) * xStride;
        s0 = f32x4.add(s0, f32x4.mul(value, v128.load(source)));
        s1 = f32x4.add(s1, f32x4.mul(value, v128.load(source, 16)));
      }
      s0 = f32x4.mul(s0, scale); s1 = f32x4.mul(s1, scale);
      if (minus) { s0 = f32x4.sub(s0, v128.load(minusRow + j)); s1 = f32x4.sub(s1, v128.load(minusRow + j, 16)); }
      if (plus) { s0 = f32x4.add(s0, v128.load(plusRow + j)); s1 = f32x4.add(s1, v128.load(plusRow + j, 16)); }
      v128.store(row + j, s0); v128.store(row + j, s1, 16);
    }

    // (3) Four at a time.
    for (; j < cols4; j += 16) {
      let s0 = f32x4.splat(0);
      for (let p = first; p < last; p += 4) {
        const source = x + j + <usize>load<u32>(colIndex + p) * xStride;
        s0 = f32x4.add(s0, f32x4.mul(v128.load32_splat(values + p), v128.load(source)));
      }
      s0 = f32x4.mul(s0, scale);
      if (minus) s0 = f32x4.sub(s0, v128.load(minusRow + j));
      if (plus) s0 = f32x4.add(s0, v128.load(plusRow + j));
      v128.store(row + j, s0);
    }

    // (4) The last cols % 4.
    for (; j < width; j += 4) {
      let s0: f32 = 0;
      for (let p = first; p < last; p += 4) s0 += load<f32>(values + p) * load<f32>(x + j + <usize>load<u32>(colIndex + p) * xStride);
      s0 *= alpha;
      if (minus) s0 -= load<f32>(minusRow + j);
      if (plus) s0 += load<f32>(plusRow + j);
      store<f32>(row + j, s0);
    }
  }
}
