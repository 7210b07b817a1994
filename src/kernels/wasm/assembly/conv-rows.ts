import { activate } from './activation';

/** Columns of packed weights: blocks of eight, what is left in a block of four or eight. */
function packedColumns(cols: i32): i32 {
  return (cols & ~7) + ((cols & 7) == 0 ? 0 : (cols & 7) <= 4 ? 4 : 8);
}

/** Packs w `[depth, cols]` column block by column block, each `[depth, 8]` (the last `[depth, 4]` if that is enough), zeros beyond `cols`. */
export function packColumns(w: usize, depth: i32, cols: i32, packed: usize): void {
  let q = packed;
  for (let j = 0; j < cols; j += 8) {
    const left = cols - j, width = left <= 4 ? 4 : 8;
    for (let d = 0; d < depth; d++, q += <usize>width << 2) {
      const row = w + (<usize>(d * cols + j) << 2);
      if (left >= 8) {
        v128.store(q, v128.load(row));
        v128.store(q, v128.load(row, 16), 16);
      } else {
        for (let i = 0; i < width; i++) store<f32>(q + (i << 2), i < left ? load<f32>(row + (i << 2)) : 0);
      }
    }
  }
}

/** The bias as wide as the columns of {@link packColumns}; zeros if there is none (`bias` is 0). */
export function packBias(bias: usize, cols: i32, packed: usize): void {
  memory.fill(packed, 0, <usize>packedColumns(cols) << 2);
  if (bias) memory.copy(packed, bias, <usize>cols << 2);
}

/**
 * out[r, o] = activation(bias[o] + sum over segments s and places d in them of a[r, s, d] w[s, d, o]), the rows of `a` lying
 * `aStride` bytes apart and their segments, `depth` numbers each, `segmentStride` bytes apart: a matrix product, or a row of a
 * convolution, whose windows overlap.
 *
 * Weights and bias as of {@link packColumns}. Four rows by eight columns are held in registers; where less than four rows are left the
 * last one is computed several times.
 */
export function convRows(
  a: usize, aStride: usize, segments: i32, depth: i32, segmentStride: usize, packed: usize, bias: usize, out: usize, rows: i32, cols: i32,
  slope: f32, low: f32, high: f32,
): void {
  const outStride = <usize>cols << 2, segmentBytes = <usize>depth << 2, jump = segmentStride - segmentBytes;
  const block = <usize>(segments * depth) << 5;
  let w = packed, j = 0;
  for (; j + 4 < cols; j += 8, w += block) {
    const full = j + 8 <= cols, target = out + (<usize>j << 2), b = bias + (<usize>j << 2);
    for (let r = 0; r < rows; r += 4) {
      const last = rows - 1 - r, r1 = <usize>min(1, last), r2 = <usize>min(2, last), r3 = <usize>min(3, last);
      let p0 = a + <usize>r * aStride, p1 = p0 + r1 * aStride, p2 = p0 + r2 * aStride, p3 = p0 + r3 * aStride, q = w;
      let s00 = f32x4.splat(0), s01 = f32x4.splat(0), s10 = f32x4.splat(0), s11 = f32x4.splat(0);
      let s20 = f32x4.splat(0), s21 = f32x4.splat(0), s30 = f32x4.splat(0), s31 = f32x4.splat(0);
      for (let s = 0; s < segments; s++, p0 += jump, p1 += jump, p2 += jump, p3 += jump) {
        for (const stop = p0 + segmentBytes; p0 < stop; p0 += 4, p1 += 4, p2 += 4, p3 += 4, q += 32) {
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
      }
      const b0 = v128.load(b), b1 = v128.load(b, 16), sl = f32x4.splat(slope), lo = f32x4.splat(low), hi = f32x4.splat(high);
      s00 = activate(f32x4.add(s00, b0), sl, lo, hi); s01 = activate(f32x4.add(s01, b1), sl, lo, hi);
      s10 = activate(f32x4.add(s10, b0), sl, lo, hi); s11 = activate(f32x4.add(s11, b1), sl, lo, hi);
      s20 = activate(f32x4.add(s20, b0), sl, lo, hi); s21 = activate(f32x4.add(s21, b1), sl, lo, hi);
      s30 = activate(f32x4.add(s30, b0), sl, lo, hi); s31 = activate(f32x4.add(s31, b1), sl, lo, hi);
      const o0 = target + <usize>r * outStride, o1 = o0 + r1 * outStride, o2 = o0 + r2 * outStride, o3 = o0 + r3 * outStride;
      v128.store(o0, s00); v128.store(o1, s10); v128.store(o2, s20); v128.store(o3, s30);
      if (full) {
        v128.store(o0, s01, 16); v128.store(o1, s11, 16); v128.store(o2, s21, 16); v128.store(o3, s31, 16);
      } else {
        storeLanes(o0 + 16, s01, cols - j - 4); storeLanes(o1 + 16, s11, cols - j - 4);
        storeLanes(o2 + 16, s21, cols - j - 4); storeLanes(o3 + 16, s31, cols - j - 4);
      }
    }
  }

  // One block of up to four columns is left.
  if (j < cols) {
    const full = j + 4 <= cols, target = out + (<usize>j << 2);
    for (let r = 0; r < rows; r += 4) {
      const last = rows - 1 - r, r1 = <usize>min(1, last), r2 = <usize>min(2, last), r3 = <usize>min(3, last);
      let p0 = a + <usize>r * aStride, p1 = p0 + r1 * aStride, p2 = p0 + r2 * aStride, p3 = p0 + r3 * aStride, q = w;
      let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
      for (let s = 0; s < segments; s++, p0 += jump, p1 += jump, p2 += jump, p3 += jump) {
        for (const stop = p0 + segmentBytes; p0 < stop; p0 += 4, p1 += 4, p2 += 4, p3 += 4, q += 16) {
          const w0 = v128.load(q);
          s0 = f32x4.add(s0, f32x4.mul(v128.load32_splat(p0), w0)); s1 = f32x4.add(s1, f32x4.mul(v128.load32_splat(p1), w0));
          s2 = f32x4.add(s2, f32x4.mul(v128.load32_splat(p2), w0)); s3 = f32x4.add(s3, f32x4.mul(v128.load32_splat(p3), w0));
        }
      }
      const b = v128.load(bias + (<usize>j << 2)), sl = f32x4.splat(slope), lo = f32x4.splat(low), hi = f32x4.splat(high);
      s0 = activate(f32x4.add(s0, b), sl, lo, hi); s1 = activate(f32x4.add(s1, b), sl, lo, hi);
      s2 = activate(f32x4.add(s2, b), sl, lo, hi); s3 = activate(f32x4.add(s3, b), sl, lo, hi);
      const o0 = target + <usize>r * outStride, o1 = o0 + r1 * outStride, o2 = o0 + r2 * outStride, o3 = o0 + r3 * outStride;
      if (full) {
        v128.store(o0, s0); v128.store(o1, s1); v128.store(o2, s2); v128.store(o3, s3);
      } else {
        storeLanes(o0, s0, cols - j); storeLanes(o1, s1, cols - j); storeLanes(o2, s2, cols - j); storeLanes(o3, s3, cols - j);
      }
    }
  }
}

/** Stores the first one, two or three numbers of a vector. */
function storeLanes(pointer: usize, v: v128, lanes: i32): void {
  v128.store_lane<f32>(pointer, v, 0);
  if (lanes > 1) v128.store_lane<f32>(pointer, v, 1, 4);
  if (lanes > 2) v128.store_lane<f32>(pointer, v, 2, 8);
}
