import { activate } from './activation';

/**
 * One row of a convolution of every channel by itself: out[p, c] = activation(bias[c] + sum over rows and columns of the window).
 *
 * Windows three wide at stride 1 or 2 that lie in the image are done four pixels at a time; the channels run innermost, so that
 * memory is read in its order.
 *
 * @param x - The first of `rows` rows of the image that the windows meet, `[inWidth, channels]` each, `inWidth channels` apart.
 * @param filter - `[rows, filterWidth, channels]`, the part of the filter that meets these rows.
 * @param bias - `[channels]`, or 0.
 * @param out - `[outWidth, channels]`.
 */
export function depthwiseRow(
  x: usize, rows: i32, filter: usize, bias: usize, out: usize, inWidth: i32, channels: i32, outWidth: i32, filterWidth: i32, stride: i32, padLeft: i32,
  slope: f32, low: f32, high: f32,
): void {
  const pixel = <usize>channels << 2;
  const quick = filterWidth == 3 && stride <= 2, first = (padLeft + stride - 1) / stride;
  const end = quick ? min(outWidth, inWidth + padLeft < 3 ? 0 : (inWidth + padLeft - 3) / stride + 1) : 0;
  let p = 0;
  while (p < outWidth) {
    const begin = p * stride - padLeft;
    if (p >= first && p + 4 <= end) {
      if (stride == 1) fourPixels(x + <usize>begin * pixel, <usize>inWidth * pixel, rows, filter, bias, out + <usize>p * pixel, channels, slope, low, high);
      else fourPixelsApart(x + <usize>begin * pixel, <usize>inWidth * pixel, rows, filter, bias, out + <usize>p * pixel, channels, slope, low, high);
      p += 4;
      if (p < end && p + 4 > end && end - 4 >= first) p = end - 4; // the last four once more from further left, some of them again
    } else {
      const from = max(0, -begin), to = min(filterWidth, inWidth - begin);
      onePixel(x + <usize>(begin + from) * pixel, <usize>inWidth * pixel, rows, filter + <usize>from * pixel, <usize>filterWidth * pixel, to - from, bias, out + <usize>p * pixel, channels, slope, low, high);
      p++;
    }
  }
}

/** Four neighbours, windows 3 wide. */
function fourPixels(x: usize, rowStride: usize, rows: i32, filter: usize, bias: usize, out: usize, channels: i32, slope: f32, low: f32, high: f32): void {
  const pixel = <usize>channels << 2, vectors = <usize>(channels & ~3) << 2, tapRow = 3 * pixel;
  for (let c: usize = 0; c < vectors; c += 16) {
    let s0 = bias ? v128.load(bias + c) : f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, q = filter + c;
    for (let r = 0, p = x + c; r < rows; r++, p += rowStride, q += tapRow) {
      const w0 = v128.load(q), w1 = v128.load(q + pixel), w2 = v128.load(q + 2 * pixel);
      const x0 = v128.load(p), x1 = v128.load(p + pixel);
      s0 = f32x4.add(s0, f32x4.mul(x0, w0));
      s0 = f32x4.add(s0, f32x4.mul(x1, w1)); s1 = f32x4.add(s1, f32x4.mul(x1, w0));
      const x2 = v128.load(p + 2 * pixel);
      s0 = f32x4.add(s0, f32x4.mul(x2, w2)); s1 = f32x4.add(s1, f32x4.mul(x2, w1)); s2 = f32x4.add(s2, f32x4.mul(x2, w0));
      const x3 = v128.load(p + 3 * pixel);
      s1 = f32x4.add(s1, f32x4.mul(x3, w2)); s2 = f32x4.add(s2, f32x4.mul(x3, w1)); s3 = f32x4.add(s3, f32x4.mul(x3, w0));
      const x4 = v128.load(p + 4 * pixel);
      s2 = f32x4.add(s2, f32x4.mul(x4, w2)); s3 = f32x4.add(s3, f32x4.mul(x4, w1));
      const x5 = v128.load(p + 5 * pixel);
      s3 = f32x4.add(s3, f32x4.mul(x5, w2));
    }
    const sl = f32x4.splat(slope), lo = f32x4.splat(low), hi = f32x4.splat(high);
    v128.store(out + c, activate(s0, sl, lo, hi)); v128.store(out + c + pixel, activate(s1, sl, lo, hi));
    v128.store(out + c + 2 * pixel, activate(s2, sl, lo, hi)); v128.store(out + c + 3 * pixel, activate(s3, sl, lo, hi));
  }
  if (vectors == pixel) return;
  for (let i: usize = 0; i < 4; i++) lastChannels(x + i * pixel, rowStride, rows, filter, tapRow, 3, bias, out + i * pixel, channels, vectors, slope, low, high);
}

/** Four pixels whose windows, 3 wide, begin two pixels apart. */
function fourPixelsApart(x: usize, rowStride: usize, rows: i32, filter: usize, bias: usize, out: usize, channels: i32, slope: f32, low: f32, high: f32): void {
  const pixel = <usize>channels << 2, vectors = <usize>(channels & ~3) << 2, tapRow = 3 * pixel;
  for (let c: usize = 0; c < vectors; c += 16) {
    let s0 = bias ? v128.load(bias + c) : f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, q = filter + c;
    for (let r = 0, p = x + c; r < rows; r++, p += rowStride, q += tapRow) {
      const w0 = v128.load(q), w1 = v128.load(q + pixel), w2 = v128.load(q + 2 * pixel);
      const x2 = v128.load(p + 2 * pixel), x4 = v128.load(p + 4 * pixel), x6 = v128.load(p + 6 * pixel);
      s0 = f32x4.add(s0, f32x4.mul(v128.load(p), w0)); s1 = f32x4.add(s1, f32x4.mul(x2, w0));
      s2 = f32x4.add(s2, f32x4.mul(x4, w0)); s3 = f32x4.add(s3, f32x4.mul(x6, w0));
      s0 = f32x4.add(s0, f32x4.mul(v128.load(p + pixel), w1)); s1 = f32x4.add(s1, f32x4.mul(v128.load(p + 3 * pixel), w1));
      s2 = f32x4.add(s2, f32x4.mul(v128.load(p + 5 * pixel), w1)); s3 = f32x4.add(s3, f32x4.mul(v128.load(p + 7 * pixel), w1));
      s0 = f32x4.add(s0, f32x4.mul(x2, w2)); s1 = f32x4.add(s1, f32x4.mul(x4, w2));
      s2 = f32x4.add(s2, f32x4.mul(x6, w2)); s3 = f32x4.add(s3, f32x4.mul(v128.load(p + 8 * pixel), w2));
    }
    const sl = f32x4.splat(slope), lo = f32x4.splat(low), hi = f32x4.splat(high);
    v128.store(out + c, activate(s0, sl, lo, hi)); v128.store(out + c + pixel, activate(s1, sl, lo, hi));
    v128.store(out + c + 2 * pixel, activate(s2, sl, lo, hi)); v128.store(out + c + 3 * pixel, activate(s3, sl, lo, hi));
  }
  if (vectors == pixel) return;
  for (let i: usize = 0; i < 4; i++) lastChannels(x + 2 * i * pixel, rowStride, rows, filter, tapRow, 3, bias, out + i * pixel, channels, vectors, slope, low, high);
}

/** One pixel, any window; `filterStride` bytes between the rows of the filter. */
function onePixel(x: usize, rowStride: usize, rows: i32, filter: usize, filterStride: usize, columns: i32, bias: usize, out: usize, channels: i32, slope: f32, low: f32, high: f32): void {
  const pixel = <usize>channels << 2, vectors = <usize>(channels & ~3) << 2;
  for (let c: usize = 0; c < vectors; c += 16) {
    let s = bias ? v128.load(bias + c) : f32x4.splat(0);
    for (let r = 0; r < rows; r++) {
      let p = x + <usize>r * rowStride + c, q = filter + <usize>r * filterStride + c;
      for (let k = 0; k < columns; k++, p += pixel, q += pixel) s = f32x4.add(s, f32x4.mul(v128.load(p), v128.load(q)));
    }
    v128.store(out + c, activate(s, f32x4.splat(slope), f32x4.splat(low), f32x4.splat(high)));
  }
  if (vectors < pixel) lastChannels(x, rowStride, rows, filter, filterStride, columns, bias, out, channels, vectors, slope, low, high);
}

/** One pixel, the channels from byte `from` on, one by one. */
function lastChannels(
  x: usize, rowStride: usize, rows: i32, filter: usize, filterStride: usize, columns: i32, bias: usize, out: usize, channels: i32, from: usize, slope: f32, low: f32, high: f32,
): void {
  const pixel = <usize>channels << 2;
  for (let c = from; c < pixel; c += 4) {
    let s: f32 = bias ? load<f32>(bias + c) : 0;
    for (let r = 0; r < rows; r++) {
      let p = x + <usize>r * rowStride + c, q = filter + <usize>r * filterStride + c;
      for (let k = 0; k < columns; k++, p += pixel, q += pixel) s += load<f32>(p) * load<f32>(q);
    }
    store<f32>(out + c, f32x4.extract_lane(activate(f32x4.splat(s), f32x4.splat(slope), f32x4.splat(low), f32x4.splat(high)), 0));
  }
}
