/**
 * Rasterizes clip-space triangles; mirrors src/kernels/impl/rasterize-mesh.ts to the bit of its edge functions and depths.
 *
 * @param bounds - Scratch `[V]` of four i16: the first column and row that the vertex reaches, and minus the last ones, so that the
 * minimum over three corners is the box of a face.
 * @param depth - Scratch `[H, W]` and 16 bytes: pixels are read in pairs.
 * @returns As the reference: where it stopped, or -1.
 */
export function rasterizeMesh(
  vertices: usize, faces: usize, faceIndex: usize, barycentrics: usize, zBuffer: usize, bounds: usize, depth: usize,
  batch: i32, vertexCount: i32, faceCount: i32, height: i32, width: i32,
): i32 {
  const strayIndex = strayFace(faces, 3 * faceCount, vertexCount);
  if (strayIndex >= 0) return strayIndex;
  const strayNumber = strayFloat(vertices, 4 * batch * vertexCount);
  if (strayNumber >= 0) return 3 * faceCount + strayNumber;
  const pixels = <usize>height * <usize>width;
  memory.fill(faceIndex, 0xff, <usize>batch * pixels << 2);
  memory.fill(barycentrics, 0, 3 * <usize>batch * pixels << 2);
  for (let b: usize = 0; b < <usize>batch; b++) {
    const corners = vertices + (b * <usize>vertexCount << 4);
    boundVertices(corners, bounds, vertexCount, height, width);
    // The float after 1: what lies at 1 is nearer.
    const farther = f32x4.splat(reinterpret<f32>(0x3f800001));
    for (let p = depth; p < depth + (pixels << 2); p += 16) v128.store(p, farther);
    for (let f = 0; f < faceCount; f++) {
      const i0 = <usize>load<u32>(faces + <usize>f * 12), i1 = <usize>load<u32>(faces + <usize>f * 12, 4), i2 = <usize>load<u32>(faces + <usize>f * 12, 8);
      const box = i16x8.min_s(i16x8.min_s(v128.load64_zero(bounds + (i0 << 3)), v128.load64_zero(bounds + (i1 << 3))), v128.load64_zero(bounds + (i2 << 3)));
      const left = <i32>i16x8.extract_lane_s(box, 0), top = <i32>i16x8.extract_lane_s(box, 1);
      const right = -<i32>i16x8.extract_lane_s(box, 2), bottom = -<i32>i16x8.extract_lane_s(box, 3);
      if (left > right || top > bottom) continue;
      drawFace(
        f, corners + (i0 << 4), corners + (i1 << 4), corners + (i2 << 4), faceIndex + (b * pixels << 2), barycentrics + 3 * (b * pixels << 2), depth,
        left, right, top, bottom, height, width,
      );
    }
    const target = zBuffer + (b * pixels << 2);
    for (let p: usize = 0; p < pixels << 2; p += 4) store<f32>(target + p, min<f32>(load<f32>(depth + p), 1));
  }
  return -1;
}

/** Position of the first index outside [0, limit), or -1. */
export function strayFace(index: usize, count: i32, limit: i32): i32 {
  let i: usize = 0, most = i32x4.splat(0);
  for (; i + 4 <= <usize>count; i += 4) most = i32x4.max_u(most, v128.load(index + (i << 2)));
  for (; i < <usize>count; i++) most = i32x4.max_u(most, v128.load32_zero(index + (i << 2)));
  const beyond = i32x4.ge_u(most, i32x4.splat(limit));
  if (!v128.any_true(beyond)) return -1;
  for (let k = 0; k < count; k++) if (load<u32>(index + (<usize>k << 2)) >= <u32>limit) return k;
  return -1;
}

/** Position of the first number that is not finite, or -1; `count` is a multiple of 4. */
function strayFloat(x: usize, count: i32): i32 {
  const zero = f32x4.splat(0);
  let bad = zero;
  for (let p = x; p < x + (<usize>count << 2); p += 16) bad = v128.or(bad, f32x4.ne(f32x4.mul(v128.load(p), zero), zero));
  if (!v128.any_true(bad)) return -1;
  for (let k = 0; k < count; k++) if (!isFinite(load<f32>(x + (<usize>k << 2)))) return k;
  return -1;
}

/** The columns and rows that each vertex reaches, clamped to the image; the whole image behind the eye. */
function boundVertices(vertices: usize, bounds: usize, count: i32, height: i32, width: i32): void {
  const one = f64x2.splat(1), zero = f64x2.splat(0), half = f64x2.splat(0.5), margin = f64x2.splat(1e-3);
  const upright = f64x2.replace_lane(one, 1, -1), size = f64x2.replace_lane(f64x2.splat(width), 1, height), last = f64x2.sub(size, one);
  const all = i64x2.splat(<i64>(<u64>(1 - width) & 0xffff) << 32 | <i64>(<u64>(1 - height) & 0xffff) << 48);
  for (let v: usize = 0; v < <usize>count; v++) {
    const p = vertices + (v << 4), w = <f64>load<f32>(p, 12);
    let box = all;
    if (w > 0) {
      const q = f64x2.mul(f64x2.div(f64x2.promote_low_f32x4(v128.load64_zero(p)), f64x2.splat(w)), upright);
      const at = f64x2.mul(f64x2.sub(f64x2.mul(f64x2.add(q, one), size), one), half);
      const low = f64x2.pmin(f64x2.pmax(f64x2.ceil(f64x2.sub(at, margin)), zero), size);
      const high = f64x2.pmax(f64x2.pmin(f64x2.floor(f64x2.add(at, margin)), last), f64x2.splat(-1));
      const four = v128.shuffle<i32>(i32x4.trunc_sat_f64x2_s_zero(low), i32x4.trunc_sat_f64x2_s_zero(f64x2.neg(high)), 0, 1, 4, 5);
      box = i16x8.narrow_i32x4_s(four, four);
    }
    v128.store64_lane(bounds + (v << 3), box, 0);
  }
}

/** One face over its box: see the numbered phases of the reference. */
// @ts-ignore: decorator
@inline
function drawFace(
  f: i32, v0: usize, v1: usize, v2: usize, faceIndex: usize, barycentrics: usize, depth: usize,
  left: i32, right: i32, top: i32, bottom: i32, height: i32, width: i32,
): void {
  // (1) Planes of the edge functions.
  const x0 = <f64>load<f32>(v0), y0 = <f64>load<f32>(v0, 4), w0 = <f64>load<f32>(v0, 12);
  const x1 = <f64>load<f32>(v1), y1 = <f64>load<f32>(v1, 4), w1 = <f64>load<f32>(v1, 12);
  const x2 = <f64>load<f32>(v2), y2 = <f64>load<f32>(v2, 4), w2 = <f64>load<f32>(v2, 12);
  const c0 = x1 * y2 - x2 * y1, c1 = x2 * y0 - x0 * y2, c2 = x0 * y1 - x1 * y0;
  const det = w0 * c0 + w1 * c1 + w2 * c2;
  if (det == 0) return;
  const sign: f64 = det < 0 ? -1 : 1, perX = sign / <f64>width, perY = sign / <f64>height;
  const ax0 = f64x2.splat((y1 * w2 - y2 * w1) * perX), ax1 = f64x2.splat((y2 * w0 - y0 * w2) * perX), ax2 = f64x2.splat((y0 * w1 - y1 * w0) * perX);
  const ay0 = (w1 * x2 - w2 * x1) * perY, ay1 = (w2 * x0 - w0 * x2) * perY, ay2 = (w0 * x1 - w1 * x0) * perY;
  const perDet = f64x2.splat(1 / Math.abs(det)), zero = f64x2.splat(0), near = f32x4.splat(-1);
  const z0 = f64x2.splat(load<f32>(v0, 8)), z1 = f64x2.splat(load<f32>(v1, 8)), z2 = f64x2.splat(load<f32>(v2, 8));
  const first = f64x2.replace_lane(f64x2.splat(2 * left + 1 - width), 1, 2 * left + 3 - width), step = f64x2.splat(4);

  // (2) Pixels in pairs.
  for (let r = top; r <= bottom; r++) {
    const py = <f64>(height - 2 * r - 1);
    const row0 = f64x2.splat(ay0 * py + c0 * sign), row1 = f64x2.splat(ay1 * py + c1 * sign), row2 = f64x2.splat(ay2 * py + c2 * sign);
    let px = first;
    for (let c = left; c <= right; c += 2, px = f64x2.add(px, step)) {
      const e0 = f64x2.add(f64x2.mul(ax0, px), row0), e1 = f64x2.add(f64x2.mul(ax1, px), row1), e2 = f64x2.add(f64x2.mul(ax2, px), row2);
      const inside = i64x2.bitmask(f64x2.ge(f64x2.pmin(f64x2.pmin(e0, e1), e2), zero)) & (c < right ? 3 : 1);
      if (inside == 0) continue;
      const sum = f64x2.add(f64x2.add(e0, e1), e2);
      const z = f32x4.demote_f64x2_zero(f64x2.mul(f64x2.add(f64x2.add(f64x2.mul(e0, z0), f64x2.mul(e1, z1)), f64x2.mul(e2, z2)), perDet));
      const pixel = <usize>(r * width + c) << 2;
      const seen = inside & i32x4.bitmask(v128.and(f32x4.lt(z, v128.load64_zero(depth + pixel)), f32x4.ge(z, near))) & i64x2.bitmask(f64x2.gt(sum, zero));
      if (seen == 0) continue;
      const per = f64x2.div(f64x2.splat(1), sum);
      const b0 = f32x4.demote_f64x2_zero(f64x2.mul(e0, per)), b1 = f32x4.demote_f64x2_zero(f64x2.mul(e1, per)), b2 = f32x4.demote_f64x2_zero(f64x2.mul(e2, per));
      const at = barycentrics + 3 * pixel;
      if (seen & 1) {
        store<i32>(faceIndex + pixel, f);
        v128.store32_lane(depth + pixel, z, 0);
        v128.store32_lane(at, b0, 0); v128.store32_lane(at, b1, 0, 4); v128.store32_lane(at, b2, 0, 8);
      }
      if (seen & 2) {
        store<i32>(faceIndex + pixel, f, 4);
        v128.store32_lane(depth + pixel, z, 1, 4);
        v128.store32_lane(at, b0, 1, 12); v128.store32_lane(at, b1, 1, 16); v128.store32_lane(at, b2, 1, 20);
      }
    }
  }
}
