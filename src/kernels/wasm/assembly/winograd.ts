import { activate } from './activation';
import { convRows } from './conv-rows';
import { padRows } from './pad-rows';

// Convolution 3 x 3 at stride 1 by Winograd's minimal filtering F(4 x 4, 3 x 3): tiles of 6 x 6 numbers become 36 products, each a matrix
// product over the channels, in place of the 144 of the 4 x 4 pixels they make (Lavin and Gray, arXiv 1509.09308; the transforms by Cook
// and Toom's construction). At the usual points 0, 1, -1, 2, -2 it is 4 to 7 times less accurate than the direct sum, in float32 at 64
// channels; at 0, 2/3, -2/3, 3/2, -3/2 (and infinity) 1.5 to 2 times (after Barabasz et al., arXiv 1803.10986: small points, and a reciprocal to each).

const A: f32 = 2.0 / 3.0, B: f32 = 3.0 / 2.0, AA: f32 = 4.0 / 9.0, BB: f32 = 9.0 / 4.0;
const SUM: f32 = 97.0 / 36.0; // AA + BB
const AAA: f32 = 8.0 / 27.0, BBB: f32 = 27.0 / 8.0;
const SCALE_A: f32 = -81.0 / 130.0; // 1 / (2 AA (AA - BB))
const SCALE_B: f32 = 8.0 / 65.0; // 1 / (2 BB (BB - AA))

/**
 * The transform of a filter `[3, 3, inputs, outputs]`: 36 matrices packed as of packColumns, `packedStride` bytes apart.
 * Channels are multiples of four; `scratch` has room for 18 vectors.
 */
export function winogradFilter(filter: usize, inputs: i32, outputs: i32, packed: usize, packedStride: usize, scratch: usize): void {
  const row = <usize>outputs << 2, tap = <usize>inputs * row;
  for (let o = 0; o < outputs; o += 4) {
    const begin = o & ~7, width = outputs - begin <= 4 ? 4 : 8;
    const target = packed + (<usize>(begin * inputs + (o & 7)) << 2);
    for (let i = 0; i < inputs; i++) {
      const g = filter + <usize>i * row + (<usize>o << 2), q = target + (<usize>(i * width) << 2);
      for (let k: usize = 0; k < 3; k++) filterTransform(g + k * tap, 3 * tap, scratch + (k << 4), 48);
      for (let k: usize = 0; k < 6; k++) filterTransform(scratch + k * 48, 16, q + 6 * k * packedStride, packedStride);
    }
  }
}

/**
 * `count` tiles of an image from `firstTile` on: their inputs transformed to `products`, multiplied to `sums`, transformed back, bias and
 * activation, to the image `out`.
 *
 * @param x - `[height, width, inputs]`; the tiles begin `padTop` above and `padLeft` beside it, `tilesAcross` in a row.
 * @param filter - Of winogradFilter, its matrices `filterStride` bytes apart.
 * @param bias - `[outputs]`.
 * @param zero - `[outputs]` zeros.
 * @param out - `[outHeight, outWidth, outputs]`.
 * @param scratch - `[6, 6, inputs]` for a tile at the border, then 36 vectors.
 * @param products - 36 times `[count, inputs]`, `productsStride` bytes apart. This stride and the two others are odd multiples of 64, or
 *   the 36 share few lines of the cache (transforming a filter 64 -> 64 took 0.16 ms in place of 0.02).
 * @param sums - 36 times `[count, outputs]`, `sumsStride` bytes apart.
 */
export function winogradTiles(
  x: usize, height: i32, width: i32, inputs: i32, padTop: i32, padLeft: i32, filter: usize, filterStride: usize, bias: usize, zero: usize, out: usize, outHeight: i32, outWidth: i32, outputs: i32,
  tilesAcross: i32, firstTile: i32, count: i32, scratch: usize, products: usize, productsStride: usize, sums: usize, sumsStride: usize, slope: f32, low: f32, high: f32,
): void {
  const pixel = <usize>inputs << 2, outPixel = <usize>outputs << 2, vectors = scratch + 36 * pixel;

  // (1) Inputs.
  for (let t = 0; t < count; t++) {
    const row = (firstTile + t) / tilesAcross * 4 - padTop, column = (firstTile + t) % tilesAcross * 4 - padLeft;
    const inside = row >= 0 && column >= 0 && row + 6 <= height && column + 6 <= width;
    if (!inside) padRows(x, height, width, inputs, row, 6, column, 6, scratch);
    const source = inside ? x + <usize>(row * width + column) * pixel : scratch, stride = <usize>(inside ? width : 6) * pixel;
    const target = products + <usize>t * pixel;
    for (let c: usize = 0; c < pixel; c += 16) {
      for (let k: usize = 0; k < 6; k++) inputTransform(source + k * pixel + c, stride, vectors + (k << 4), 96);
      for (let k: usize = 0; k < 6; k++) inputTransform(vectors + k * 96, 16, target + 6 * k * productsStride + c, productsStride);
    }
  }

  // (2) 36 matrix products.
  for (let k: usize = 0; k < 36; k++) {
    convRows(products + k * productsStride, pixel, 1, inputs, 0, filter + k * filterStride, zero, sums + k * sumsStride, count, outputs, 1, -Infinity, Infinity);
  }

  // (3) Outputs.
  const sl = f32x4.splat(slope), lo = f32x4.splat(low), hi = f32x4.splat(high);
  for (let t = 0; t < count; t++) {
    const row = (firstTile + t) / tilesAcross * 4, column = (firstTile + t) % tilesAcross * 4;
    const rows = <usize>min(4, outHeight - row), columns = min(4, outWidth - column);
    const target = out + <usize>(row * outWidth + column) * outPixel, source = sums + <usize>t * outPixel;
    for (let c: usize = 0; c < outPixel; c += 16) {
      const b = v128.load(bias + c);
      for (let k: usize = 0; k < 6; k++) outputTransform(source + k * sumsStride + c, 6 * sumsStride, vectors + (k << 4), 96);
      for (let k: usize = 0; k < rows; k++) {
        const p = vectors + k * 96, q = target + k * <usize>outWidth * outPixel + c;
        const m0 = v128.load(p), m1 = v128.load(p, 16), m2 = v128.load(p, 32), m3 = v128.load(p, 48), m4 = v128.load(p, 64), m5 = v128.load(p, 80);
        const s1 = f32x4.add(m1, m2), r1 = f32x4.sub(m1, m2), s2 = f32x4.add(m3, m4), r2 = f32x4.sub(m3, m4);
        v128.store(q, activate(f32x4.add(f32x4.add(f32x4.add(m0, b), s1), s2), sl, lo, hi));
        if (columns > 1) v128.store(q + outPixel, activate(f32x4.add(f32x4.add(times(r1, A), b), times(r2, B)), sl, lo, hi));
        if (columns > 2) v128.store(q + 2 * outPixel, activate(f32x4.add(f32x4.add(times(s1, AA), b), times(s2, BB)), sl, lo, hi));
        if (columns > 3) v128.store(q + 3 * outPixel, activate(f32x4.add(f32x4.add(f32x4.add(times(r1, AAA), b), times(r2, BBB)), m5), sl, lo, hi));
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function times(v: v128, factor: f32): v128 {
  return f32x4.mul(v, f32x4.splat(factor));
}

// @ts-ignore: decorator
@inline
/** Three vectors at p, `pStride` bytes apart, become six at q. */
function filterTransform(p: usize, pStride: usize, q: usize, qStride: usize): void {
  const g0 = v128.load(p), g1 = v128.load(p + pStride), g2 = v128.load(p + 2 * pStride);
  const even1 = f32x4.add(g0, times(g2, AA)), odd1 = times(g1, A), even2 = f32x4.add(g0, times(g2, BB)), odd2 = times(g1, B);
  v128.store(q, g0);
  v128.store(q + qStride, times(f32x4.add(even1, odd1), SCALE_A));
  v128.store(q + 2 * qStride, times(f32x4.sub(even1, odd1), SCALE_A));
  v128.store(q + 3 * qStride, times(f32x4.add(even2, odd2), SCALE_B));
  v128.store(q + 4 * qStride, times(f32x4.sub(even2, odd2), SCALE_B));
  v128.store(q + 5 * qStride, g2);
}

// @ts-ignore: decorator
@inline
/** Six vectors become six. */
function inputTransform(p: usize, pStride: usize, q: usize, qStride: usize): void {
  const d0 = v128.load(p), d1 = v128.load(p + pStride), d2 = v128.load(p + 2 * pStride);
  const d3 = v128.load(p + 3 * pStride), d4 = v128.load(p + 4 * pStride), d5 = v128.load(p + 5 * pStride);
  const even1 = f32x4.sub(d4, times(d2, BB)), odd1 = times(f32x4.sub(d3, times(d1, BB)), A);
  const even2 = f32x4.sub(d4, times(d2, AA)), odd2 = times(f32x4.sub(d3, times(d1, AA)), B);
  v128.store(q, f32x4.add(f32x4.sub(d0, times(d2, SUM)), d4));
  v128.store(q + qStride, f32x4.add(even1, odd1));
  v128.store(q + 2 * qStride, f32x4.sub(even1, odd1));
  v128.store(q + 3 * qStride, f32x4.add(even2, odd2));
  v128.store(q + 4 * qStride, f32x4.sub(even2, odd2));
  v128.store(q + 5 * qStride, f32x4.add(f32x4.sub(d1, times(d3, SUM)), d5));
}

// @ts-ignore: decorator
@inline
/** Six vectors become four. */
function outputTransform(p: usize, pStride: usize, q: usize, qStride: usize): void {
  const m0 = v128.load(p), m1 = v128.load(p + pStride), m2 = v128.load(p + 2 * pStride);
  const m3 = v128.load(p + 3 * pStride), m4 = v128.load(p + 4 * pStride), m5 = v128.load(p + 5 * pStride);
  const s1 = f32x4.add(m1, m2), r1 = f32x4.sub(m1, m2), s2 = f32x4.add(m3, m4), r2 = f32x4.sub(m3, m4);
  v128.store(q, f32x4.add(f32x4.add(m0, s1), s2));
  v128.store(q + qStride, f32x4.add(times(r1, A), times(r2, B)));
  v128.store(q + 2 * qStride, f32x4.add(times(s1, AA), times(s2, BB)));
  v128.store(q + 3 * qStride, f32x4.add(f32x4.add(times(r1, AAA), times(r2, BBB)), m5));
}
