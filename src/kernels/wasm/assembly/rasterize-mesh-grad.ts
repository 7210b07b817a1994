/**
 * The gradient of the barycentrics to clip-space x, y and w; mirrors src/kernels/impl/rasterize-mesh-grad.ts. Sums float32 in the order
 * of the pixels.
 */
export function rasterizeMeshGrad(
  vertices: usize, faces: usize, faceIndex: usize, barycentrics: usize, dBarycentrics: usize, out: usize,
  batch: i32, vertexCount: i32, height: i32, width: i32, perHeight: f64, perWidth: f64, steepest: f64,
): void {
  memory.fill(out, 0, <usize>batch * <usize>vertexCount << 4);
  let pixel: usize = 0;
  for (let sample: usize = 0; sample < <usize>batch; sample++) {
    const corners = vertices + (sample * <usize>vertexCount << 4), sums = out + (sample * <usize>vertexCount << 4);
    for (let r = 0; r < height; r++) {
      const py = <f64>(height - 2 * r - 1) * perHeight;
      for (let c = 0; c < width; c++, pixel += 4) {
        const f = load<i32>(faceIndex + pixel);
        if (f < 0) continue;
        const p = f64x2.replace_lane(f64x2.splat(<f64>(2 * c + 1 - width) * perWidth), 1, py);
        // (1) The corners, and two edges of the face.
        const face = faces + <usize>f * 12;
        const i0 = <usize>load<u32>(face) << 4, i1 = <usize>load<u32>(face, 4) << 4, i2 = <usize>load<u32>(face, 8) << 4;
        const v0 = corners + i0, v1 = corners + i1, v2 = corners + i2;
        const xy0 = f64x2.promote_low_f32x4(v128.load64_zero(v0)), w0 = <f64>load<f32>(v0, 12);
        const u = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(v1)), xy0), uw = <f64>load<f32>(v1, 12) - w0;
        const v = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(v2)), xy0), vw = <f64>load<f32>(v2, 12) - w0;
        const a = f64x2.sub(u, f64x2.mul(p, f64x2.splat(uw))), b = f64x2.sub(v, f64x2.mul(p, f64x2.splat(vw))), area = f64x2.mul(a, v128.shuffle<i64>(b, b, 1, 0));
        const perSum = 1 / (f64x2.extract_lane(area, 0) - f64x2.extract_lane(area, 1)), widths = f64x2.add(f64x2.abs(u), f64x2.abs(v));
        const size = f64x2.extract_lane(widths, 0) + f64x2.extract_lane(widths, 1) + Math.abs(uw) + Math.abs(vw);
        if (!(size * Math.abs(perSum) < steepest)) continue;

        // (2) b_j / S (p x q).
        const d = dBarycentrics + 3 * pixel, weights = barycentrics + 3 * pixel, d0 = <f64>load<f32>(d);
        const s = (d0 - <f64>load<f32>(d, 8)) * perSum, t = (<f64>load<f32>(d, 4) - d0) * perSum;
        const q = f64x2.add(f64x2.mul(u, f64x2.splat(s)), f64x2.mul(v, f64x2.splat(t))), qw = uw * s + vw * t;
        // Without constant vectors of unlike lanes: with one for the sign of y, V8's code takes twice as long.
        const px = f64x2.extract_lane(p, 0), qx = f64x2.extract_lane(q, 0), qy = f64x2.extract_lane(q, 1);
        const gxy = f32x4.demote_f64x2_zero(f64x2.replace_lane(f64x2.splat(py * qw - qy), 1, qx - px * qw)), g = f32x4.replace_lane(gxy, 3, <f32>(px * qy - py * qx));
        v128.store(sums + i0, f32x4.add(v128.load(sums + i0), f32x4.mul(v128.load32_splat(weights), g)));
        v128.store(sums + i1, f32x4.add(v128.load(sums + i1), f32x4.mul(v128.load32_splat(weights, 4), g)));
        v128.store(sums + i2, f32x4.add(v128.load(sums + i2), f32x4.mul(v128.load32_splat(weights, 8), g)));
      }
    }
  }
}
