/**
 * y[r] = alpha (A x)[r] - minus[r] + plus[r] for rows [begin, end): one step of a Chebyshev or Clenshaw recurrence, or, with
 * alpha 1 and neither term, a sparse product. Strides in bytes; a null pointer is an absent term.
 */
export function spmmRows(
  rowPtr: usize, colIndex: usize, values: usize, x: usize, xStride: usize, minus: usize, minusStride: usize, plus: usize, plusStride: usize,
  y: usize, yStride: usize, begin: i32, end: i32, cols: i32, alpha: f32,
): void {
  const first = rowPtr + (<usize>begin << 2), rows = <usize>(end - begin);
  y += <usize>begin * yStride;
  if (minus) minus += <usize>begin * minusStride;
  if (plus) plus += <usize>begin * plusStride;
  for (let j = cols; j > 0;) {
    const width = j >= 16 ? 16 : j >= 8 ? 8 : j >= 4 ? 4 : j == 3 ? 3 : 1;
    if (width == 16) strip16(first, colIndex, values, x, xStride, minus, minusStride, plus, plusStride, y, yStride, rows, alpha);
    else if (width == 8) strip8(first, colIndex, values, x, xStride, minus, minusStride, plus, plusStride, y, yStride, rows, alpha);
    else if (width == 4) strip4(first, colIndex, values, x, xStride, minus, minusStride, plus, plusStride, y, yStride, rows, alpha);
    else if (width == 3) strip3(first, colIndex, values, x, xStride, minus, minusStride, plus, plusStride, y, yStride, rows, alpha);
    else strip1(first, colIndex, values, x, xStride, minus, minusStride, plus, plusStride, y, yStride, rows, alpha);
    const step = <usize>width << 2;
    j -= width;
    x += step;
    y += step;
    if (minus) minus += step;
    if (plus) plus += step;
  }
}

// The same for a strip of sixteen columns: their sums stay in registers across the row. Entries go in pairs; more of them at a
// time is slower (10,242 vertices: pairs 0.065 ms, threes 0.082, sixes 0.10), as the registers no longer suffice. Loads are what
// bounds it: one for two values, and a shuffle each, saves 8 %.
function strip16(
  rowPtr: usize, colIndex: usize, values: usize, x: usize, xStride: usize, minus: usize, minusStride: usize, plus: usize, plusStride: usize,
  y: usize, yStride: usize, rows: usize, alpha: f32,
): void {
  const scale = f32x4.splat(alpha), toValue = values - colIndex, end = rowPtr + (rows << 2);
  let p = colIndex + (<usize>load<u32>(rowPtr) << 2);
  for (; rowPtr < end; rowPtr += 4) {
    const last = colIndex + (<usize>load<u32>(rowPtr, 4) << 2);
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (; p + 8 <= last; p += 8) {
      const u = x + <usize>load<u32>(p) * xStride, v = x + <usize>load<u32>(p, 4) * xStride;
      const ab = v128.load64_splat(p + toValue), a = v128.shuffle<f32>(ab, ab, 0, 0, 0, 0), b = v128.shuffle<f32>(ab, ab, 1, 1, 1, 1);
      s0 = f32x4.add(s0, f32x4.mul(a, v128.load(u))); s1 = f32x4.add(s1, f32x4.mul(a, v128.load(u, 16)));
      s2 = f32x4.add(s2, f32x4.mul(a, v128.load(u, 32))); s3 = f32x4.add(s3, f32x4.mul(a, v128.load(u, 48)));
      s0 = f32x4.add(s0, f32x4.mul(b, v128.load(v))); s1 = f32x4.add(s1, f32x4.mul(b, v128.load(v, 16)));
      s2 = f32x4.add(s2, f32x4.mul(b, v128.load(v, 32))); s3 = f32x4.add(s3, f32x4.mul(b, v128.load(v, 48)));
    }
    if (p < last) {
      const u = x + <usize>load<u32>(p) * xStride, a = v128.load32_splat(p + toValue);
      s0 = f32x4.add(s0, f32x4.mul(a, v128.load(u))); s1 = f32x4.add(s1, f32x4.mul(a, v128.load(u, 16)));
      s2 = f32x4.add(s2, f32x4.mul(a, v128.load(u, 32))); s3 = f32x4.add(s3, f32x4.mul(a, v128.load(u, 48)));
      p += 4;
    }
    s0 = f32x4.mul(s0, scale); s1 = f32x4.mul(s1, scale); s2 = f32x4.mul(s2, scale); s3 = f32x4.mul(s3, scale);
    if (minus) {
      s0 = f32x4.sub(s0, v128.load(minus)); s1 = f32x4.sub(s1, v128.load(minus, 16));
      s2 = f32x4.sub(s2, v128.load(minus, 32)); s3 = f32x4.sub(s3, v128.load(minus, 48));
      minus += minusStride;
    }
    if (plus) {
      s0 = f32x4.add(s0, v128.load(plus)); s1 = f32x4.add(s1, v128.load(plus, 16));
      s2 = f32x4.add(s2, v128.load(plus, 32)); s3 = f32x4.add(s3, v128.load(plus, 48));
      plus += plusStride;
    }
    v128.store(y, s0); v128.store(y, s1, 16); v128.store(y, s2, 32); v128.store(y, s3, 48);
    y += yStride;
  }
}

// Eight columns, for the few output channels of a last layer.
function strip8(
  rowPtr: usize, colIndex: usize, values: usize, x: usize, xStride: usize, minus: usize, minusStride: usize, plus: usize, plusStride: usize,
  y: usize, yStride: usize, rows: usize, alpha: f32,
): void {
  const scale = f32x4.splat(alpha), toValue = values - colIndex, end = rowPtr + (rows << 2);
  let p = colIndex + (<usize>load<u32>(rowPtr) << 2);
  for (; rowPtr < end; rowPtr += 4) {
    const last = colIndex + (<usize>load<u32>(rowPtr, 4) << 2);
    let s0 = f32x4.splat(0), s1 = s0;
    for (; p + 8 <= last; p += 8) {
      const u = x + <usize>load<u32>(p) * xStride, v = x + <usize>load<u32>(p, 4) * xStride;
      const ab = v128.load64_splat(p + toValue), a = v128.shuffle<f32>(ab, ab, 0, 0, 0, 0), b = v128.shuffle<f32>(ab, ab, 1, 1, 1, 1);
      s0 = f32x4.add(s0, f32x4.mul(a, v128.load(u))); s1 = f32x4.add(s1, f32x4.mul(a, v128.load(u, 16)));
      s0 = f32x4.add(s0, f32x4.mul(b, v128.load(v))); s1 = f32x4.add(s1, f32x4.mul(b, v128.load(v, 16)));
    }
    if (p < last) {
      const u = x + <usize>load<u32>(p) * xStride, a = v128.load32_splat(p + toValue);
      s0 = f32x4.add(s0, f32x4.mul(a, v128.load(u))); s1 = f32x4.add(s1, f32x4.mul(a, v128.load(u, 16)));
      p += 4;
    }
    s0 = f32x4.mul(s0, scale); s1 = f32x4.mul(s1, scale);
    if (minus) {
      s0 = f32x4.sub(s0, v128.load(minus)); s1 = f32x4.sub(s1, v128.load(minus, 16));
      minus += minusStride;
    }
    if (plus) {
      s0 = f32x4.add(s0, v128.load(plus)); s1 = f32x4.add(s1, v128.load(plus, 16));
      plus += plusStride;
    }
    v128.store(y, s0); v128.store(y, s1, 16);
    y += yStride;
  }
}

function strip4(
  rowPtr: usize, colIndex: usize, values: usize, x: usize, xStride: usize, minus: usize, minusStride: usize, plus: usize, plusStride: usize,
  y: usize, yStride: usize, rows: usize, alpha: f32,
): void {
  const scale = f32x4.splat(alpha), toValue = values - colIndex, end = rowPtr + (rows << 2);
  let p = colIndex + (<usize>load<u32>(rowPtr) << 2);
  for (; rowPtr < end; rowPtr += 4) {
    const last = colIndex + (<usize>load<u32>(rowPtr, 4) << 2);
    let s = f32x4.splat(0);
    for (; p < last; p += 4) s = f32x4.add(s, f32x4.mul(v128.load32_splat(p + toValue), v128.load(x + <usize>load<u32>(p) * xStride)));
    s = f32x4.mul(s, scale);
    if (minus) {
      s = f32x4.sub(s, v128.load(minus));
      minus += minusStride;
    }
    if (plus) {
      s = f32x4.add(s, v128.load(plus));
      plus += plusStride;
    }
    v128.store(y, s);
    y += yStride;
  }
}

// Three columns, as points and colours have: half the time of one by one.
function strip3(
  rowPtr: usize, colIndex: usize, values: usize, x: usize, xStride: usize, minus: usize, minusStride: usize, plus: usize, plusStride: usize,
  y: usize, yStride: usize, rows: usize, alpha: f32,
): void {
  const scale = f32x4.splat(alpha), toValue = values - colIndex, end = rowPtr + (rows << 2);
  let p = colIndex + (<usize>load<u32>(rowPtr) << 2);
  for (; rowPtr < end; rowPtr += 4) {
    const last = colIndex + (<usize>load<u32>(rowPtr, 4) << 2);
    let s = f32x4.splat(0);
    for (; p < last; p += 4) s = f32x4.add(s, f32x4.mul(v128.load32_splat(p + toValue), load3(x + <usize>load<u32>(p) * xStride)));
    s = f32x4.mul(s, scale);
    if (minus) {
      s = f32x4.sub(s, load3(minus));
      minus += minusStride;
    }
    if (plus) {
      s = f32x4.add(s, load3(plus));
      plus += plusStride;
    }
    v128.store64_lane(y, s, 0);
    v128.store32_lane(y, s, 2, 8);
    y += yStride;
  }
}

// @ts-ignore: decorator
@inline
function load3(p: usize): v128 {
  return v128.load32_lane(p, v128.load64_zero(p), 2, 8);
}

function strip1(
  rowPtr: usize, colIndex: usize, values: usize, x: usize, xStride: usize, minus: usize, minusStride: usize, plus: usize, plusStride: usize,
  y: usize, yStride: usize, rows: usize, alpha: f32,
): void {
  const toValue = values - colIndex, end = rowPtr + (rows << 2);
  let p = colIndex + (<usize>load<u32>(rowPtr) << 2);
  for (; rowPtr < end; rowPtr += 4) {
    const last = colIndex + (<usize>load<u32>(rowPtr, 4) << 2);
    let s: f32 = 0;
    for (; p < last; p += 4) s += load<f32>(p + toValue) * load<f32>(x + <usize>load<u32>(p) * xStride);
    s *= alpha;
    if (minus) {
      s -= load<f32>(minus);
      minus += minusStride;
    }
    if (plus) {
      s += load<f32>(plus);
      plus += plusStride;
    }
    store<f32>(y, s);
    y += yStride;
  }
}
