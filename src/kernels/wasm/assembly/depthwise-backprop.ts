/** Pixels that share one load and store of the sums of a filter's row. */
const GROUP = 16;

/**
 * Adds what one row of the output says of a depthwise filter: sum[r, k, c] += over pixels p of x[r, p stride - padLeft + k, c / multiplier] dy[p, c].
 *
 * @param x - The first of `rows` rows of the image that the windows meet, `[inWidth, channels]`.
 * @param dy - `[outWidth, channels multiplier]`.
 * @param sum - `[rows, filterWidth, channels multiplier]`, the part of the filter's gradient that meets these rows.
 */
export function depthwiseBackpropFilterRow(
  x: usize, rows: i32, dy: usize, sum: usize, inWidth: i32, channels: i32, multiplier: i32, outWidth: i32, filterWidth: i32, stride: i32, padLeft: i32,
): void {
  const pixel = <usize>channels << 2, outputs = channels * multiplier, outPixel = <usize>outputs << 2, vectors = multiplier == 1 ? pixel & ~15 : 0;
  const quick = filterWidth == 3, first = max(0, (padLeft + stride - 1) / stride), end = inWidth + padLeft < 3 ? 0 : min(outWidth, (inWidth + padLeft - 3) / stride + 1);
  for (let r = 0; r < rows; r++) {
    const row = x + <usize>(r * inWidth) * pixel, target = sum + <usize>(r * filterWidth) * outPixel;
    for (let p = 0; p < outWidth; ) {
      const begin = p * stride - padLeft, g = dy + <usize>p * outPixel;
      if (quick && p >= first && p < end) {
        const count = min(GROUP, end - p);
        threeTaps(row + <usize>begin * pixel, <usize>stride * pixel, g, pixel, count, target, vectors);
        for (let i = 0; i < count && vectors < outPixel; i++) {
          onePixel(row + <usize>(begin + i * stride) * pixel, pixel, g + <usize>i * outPixel, target, 3, outputs, multiplier, vectors);
        }
        p += count;
      } else {
        const from = max(0, -begin), to = min(filterWidth, inWidth - begin);
        if (from < to) {
          if (vectors) oneVectorPixel(row + <usize>(begin + from) * pixel, pixel, g, target + <usize>from * outPixel, to - from, vectors);
          if (vectors < outPixel) onePixel(row + <usize>(begin + from) * pixel, pixel, g, target + <usize>from * outPixel, to - from, outputs, multiplier, vectors);
        }
        p++;
      }
    }
  }
}

function threeTaps(x: usize, step: usize, dy: usize, pixel: usize, count: i32, sum: usize, vectors: usize): void {
  for (let c: usize = 0; c < vectors; c += 16) {
    const t = sum + c;
    let s0 = v128.load(t), s1 = v128.load(t + pixel), s2 = v128.load(t + 2 * pixel), p = x + c, g = dy + c;
    for (let i = 0; i < count; i++, p += step, g += pixel) {
      const d = v128.load(g);
      s0 = f32x4.add(s0, f32x4.mul(d, v128.load(p)));
      s1 = f32x4.add(s1, f32x4.mul(d, v128.load(p + pixel)));
      s2 = f32x4.add(s2, f32x4.mul(d, v128.load(p + 2 * pixel)));
    }
    v128.store(t, s0); v128.store(t + pixel, s1); v128.store(t + 2 * pixel, s2);
  }
}

function oneVectorPixel(x: usize, pixel: usize, dy: usize, sum: usize, taps: i32, vectors: usize): void {
  for (let k = 0; k < taps; k++, x += pixel, sum += pixel) {
    for (let c: usize = 0; c < vectors; c += 16) v128.store(sum + c, f32x4.add(v128.load(sum + c), f32x4.mul(v128.load(dy + c), v128.load(x + c))));
  }
}

/** Channels of the output from byte `from` on, one by one. */
function onePixel(x: usize, pixel: usize, dy: usize, sum: usize, taps: i32, outputs: i32, multiplier: i32, from: usize): void {
  for (let k = 0; k < taps; k++, x += pixel, sum += <usize>outputs << 2) {
    for (let o = <i32>(from >> 2); o < outputs; o++) {
      const t = sum + (<usize>o << 2);
      store<f32>(t, load<f32>(t) + load<f32>(dy + (<usize>o << 2)) * load<f32>(x + (<usize>(o / multiplier) << 2)));
    }
  }
}

/**
 * Adds what one row of `dy` says of the image: dx[r, p stride - padLeft + k, c / multiplier] += dy[p, c] filter[r, k, c].
 *
 * @param dy - `[outWidth, channels multiplier]`.
 * @param filter - `[rows, filterWidth, channels multiplier]`, the part of the filter that meets the image.
 * @param dx - The first of `rows` rows `[inWidth, channels]`.
 */
export function depthwiseBackpropInputRow(
  dy: usize, rows: i32, filter: usize, dx: usize, inWidth: i32, channels: i32, multiplier: i32, outWidth: i32, filterWidth: i32, stride: i32, padLeft: i32,
): void {
  const pixel = <usize>channels << 2, outputs = channels * multiplier, outPixel = <usize>outputs << 2, vectors = multiplier == 1 ? pixel & ~15 : 0;
  for (let p = 0; p < outWidth; p++) {
    const begin = p * stride - padLeft, from = max(0, -begin), to = min(filterWidth, inWidth - begin), g = dy + <usize>p * outPixel;
    for (let r = 0; r < rows; r++) {
      for (let k = from; k < to; k++) {
        const target = dx + <usize>(r * inWidth + begin + k) * pixel, w = filter + <usize>(r * filterWidth + k) * outPixel;
        for (let c: usize = 0; c < vectors; c += 16) v128.store(target + c, f32x4.add(v128.load(target + c), f32x4.mul(v128.load(g + c), v128.load(w + c))));
        for (let o = <i32>(vectors >> 2); o < outputs; o++) {
          const t = target + (<usize>(o / multiplier) << 2);
          store<f32>(t, load<f32>(t) + load<f32>(g + (<usize>o << 2)) * load<f32>(w + (<usize>o << 2)));
        }
      }
    }
  }
}
