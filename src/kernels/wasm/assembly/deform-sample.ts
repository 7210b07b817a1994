/** Bytes of a sample in a table: the byte offsets in x of its corners (u32: above left, above right, below left, below right; -1 beyond the image), then the fractions by y and by x and the mask (f32). */
const SAMPLE: usize = 32;

/**
 * table[p - begin] = where tap `tap` of output pixels `begin` to `end` - 1 reads; mirrors src/kernels/impl/deform-sample.ts, positions in float64 as there.
 *
 * @param offsets - `[B, Ho, Wo, taps, 2]`, dy before dx.
 */
export function locateRows(
  offsets: usize, mask: usize, table: usize, begin: i32, end: i32, tap: i32,
  height: i32, width: i32, inputs: i32, kernelWidth: i32, taps: i32, outHeight: i32, outWidth: i32, stride: i32, padding: i32,
): void {
  const stepX = <usize>inputs << 2, stepY = <usize>width * stepX, none: u32 = 0xffffffff;
  let above = begin / outWidth, col = begin - above * outWidth, image = above / outHeight, row = above - image * outHeight;
  for (let p = begin; p < end; p++, table += SAMPLE) {
    const at = <usize>(p * taps + tap) << 2, offset = offsets + (at << 1);
    const y = <f64>(row * stride - padding + tap / kernelWidth) + <f64>load<f32>(offset), x = <f64>(col * stride - padding + tap % kernelWidth) + <f64>load<f32>(offset, 4);
    store<f32>(table, load<f32>(mask + at), 24);
    if (y >= -1 && y < <f64>height && x >= -1 && x < <f64>width) {
      const yLow = Math.floor(y), xLow = Math.floor(x), top = <i32>yLow, left = <i32>xLow;
      const corner = <u32>(<usize>image * <usize>height * stepY + <usize>top * stepY + <usize>left * stepX); // of a row before the first it wraps, and is not used
      const up = top >= 0, down = top + 1 < height, before = left >= 0, after = left + 1 < width;
      store<u32>(table, up && before ? corner : none);
      store<u32>(table, up && after ? corner + <u32>stepX : none, 4);
      store<u32>(table, down && before ? corner + <u32>stepY : none, 8);
      store<u32>(table, down && after ? corner + <u32>stepY + <u32>stepX : none, 12);
      store<f32>(table, <f32>(y - yLow), 16);
      store<f32>(table, <f32>(x - xLow), 20);
    } else {
      const fraction: f32 = y == y && x == x ? 0 : NaN;
      v128.store(table, i32x4.splat(-1));
      store<f32>(table, fraction, 16);
      store<f32>(table, fraction, 20);
    }
    if (++col == outWidth) {
      col = 0;
      if (++row == outHeight) {
        row = 0;
        image++;
      }
    }
  }
}

/** Address of corner `i` of a sample in rows that begin at `base`, or `beyond`. */
// @ts-ignore: decorator
@inline
function corner(table: usize, i: usize, base: usize, beyond: usize): usize {
  const at = load<u32>(table + (i << 2));
  return at == 0xffffffff ? beyond : base + <usize>at;
}

/**
 * tile[r] = mask times x between the corners of sample r, `[rows, I]`.
 *
 * @param zeros - `[I]` zeros, what lies beyond the image.
 * @param step - Bytes from one row of the tile to the next.
 */
export function sampleRows(x: usize, table: usize, zeros: usize, tile: usize, rows: i32, inputs: i32, step: usize): void {
  const stride = <usize>inputs << 2, vector = <usize>(inputs & ~3) << 2;
  for (let r = 0; r < rows; r++, table += SAMPLE, tile += step) {
    const a0 = corner(table, 0, x, zeros), a1 = corner(table, 1, x, zeros), a2 = corner(table, 2, x, zeros), a3 = corner(table, 3, x, zeros);
    const fy = load<f32>(table, 16), fx = load<f32>(table, 20), amount = load<f32>(table, 24), gy: f32 = 1 - fy, gx: f32 = 1 - fx;
    const w0 = gy * gx, w1 = gy * fx, w2 = fy * gx, w3 = fy * fx;
    const v0 = f32x4.splat(w0), v1 = f32x4.splat(w1), v2 = f32x4.splat(w2), v3 = f32x4.splat(w3), m = f32x4.splat(amount);
    let j: usize = 0;
    for (; j < vector; j += 16) {
      const above = f32x4.add(f32x4.mul(v0, v128.load(a0 + j)), f32x4.mul(v1, v128.load(a1 + j))), below = f32x4.add(f32x4.mul(v2, v128.load(a2 + j)), f32x4.mul(v3, v128.load(a3 + j)));
      v128.store(tile + j, f32x4.mul(m, f32x4.add(above, below)));
    }
    for (; j < stride; j += 4) {
      store<f32>(tile + j, amount * ((w0 * load<f32>(a0 + j) + w1 * load<f32>(a1 + j)) + (w2 * load<f32>(a2 + j) + w3 * load<f32>(a3 + j))));
    }
  }
}

/**
 * From `tile`, the gradients `[rows, I]` of the samples of one tap: dx at the corners is added to; dOffsets and dMask are written, `taps` apart.
 *
 * @param spill - `[I]` floats, where goes what lies beyond the image.
 * @param dOffsets - Of the first sample, `[rows, taps, 2]`.
 * @param dMask - Of the first sample, `[rows, taps]`.
 * @param tileStep - Bytes from one row of the tile to the next.
 */
export function scatterSamples(
  x: usize, dx: usize, table: usize, zeros: usize, spill: usize, tile: usize, dOffsets: usize, dMask: usize, rows: i32, inputs: i32, taps: i32, tileStep: usize,
): void {
  const stride = <usize>inputs << 2, vector = <usize>(inputs & ~3) << 2, step = <usize>taps << 2;
  for (let r = 0; r < rows; r++, table += SAMPLE, tile += tileStep, dMask += step, dOffsets += step << 1) {
    const a0 = corner(table, 0, x, zeros), a1 = corner(table, 1, x, zeros), a2 = corner(table, 2, x, zeros), a3 = corner(table, 3, x, zeros);
    const b0 = corner(table, 0, dx, spill), b1 = corner(table, 1, dx, spill), b2 = corner(table, 2, dx, spill), b3 = corner(table, 3, dx, spill);
    const fy = load<f32>(table, 16), fx = load<f32>(table, 20), amount = load<f32>(table, 24), gy: f32 = 1 - fy, gx: f32 = 1 - fx;
    const w0 = gy * gx, w1 = gy * fx, w2 = fy * gx, w3 = fy * fx;
    const v0 = f32x4.splat(amount * w0), v1 = f32x4.splat(amount * w1), v2 = f32x4.splat(amount * w2), v3 = f32x4.splat(amount * w3);
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, j: usize = 0;
    for (; j < vector; j += 16) {
      const g = v128.load(tile + j);
      s0 = f32x4.add(s0, f32x4.mul(g, v128.load(a0 + j))); s1 = f32x4.add(s1, f32x4.mul(g, v128.load(a1 + j)));
      s2 = f32x4.add(s2, f32x4.mul(g, v128.load(a2 + j))); s3 = f32x4.add(s3, f32x4.mul(g, v128.load(a3 + j)));
      v128.store(b0 + j, f32x4.add(v128.load(b0 + j), f32x4.mul(v0, g))); v128.store(b1 + j, f32x4.add(v128.load(b1 + j), f32x4.mul(v1, g)));
      v128.store(b2 + j, f32x4.add(v128.load(b2 + j), f32x4.mul(v2, g))); v128.store(b3 + j, f32x4.add(v128.load(b3 + j), f32x4.mul(v3, g)));
    }
    let d0 = acrossLanes(s0), d1 = acrossLanes(s1), d2 = acrossLanes(s2), d3 = acrossLanes(s3);
    for (; j < stride; j += 4) {
      const g = load<f32>(tile + j);
      d0 += g * load<f32>(a0 + j); d1 += g * load<f32>(a1 + j); d2 += g * load<f32>(a2 + j); d3 += g * load<f32>(a3 + j);
      store<f32>(b0 + j, load<f32>(b0 + j) + amount * w0 * g); store<f32>(b1 + j, load<f32>(b1 + j) + amount * w1 * g);
      store<f32>(b2 + j, load<f32>(b2 + j) + amount * w2 * g); store<f32>(b3 + j, load<f32>(b3 + j) + amount * w3 * g);
    }
    store<f32>(dMask, (w0 * d0 + w1 * d1) + (w2 * d2 + w3 * d3));
    store<f32>(dOffsets, amount * (gx * (d2 - d0) + fx * (d3 - d1)));
    store<f32>(dOffsets, amount * (gy * (d1 - d0) + fy * (d3 - d2)), 4);
  }
}

// @ts-ignore: decorator
@inline
function acrossLanes(s: v128): f32 {
  return (f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1)) + (f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3));
}
