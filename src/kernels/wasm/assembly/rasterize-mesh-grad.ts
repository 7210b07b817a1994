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
  for (let b: usize = 0; b < <usize>batch; b++) {
    const corners = vertices + (b * <usize>vertexCount << 4), sums = out + (b * <usize>vertexCount << 4);
    for (let r = 0; r < height; r++) {
      const py = <f64>(height - 2 * r - 1) * perHeight;
      for (let c = 0; c < width; c++, pixel += 4) {
        const f = load<i32>(faceIndex + pixel);
        if (f < 0) continue;
        const d0 = <f64>load<f32>(dBarycentrics + 3 * pixel), d1 = <f64>load<f32>(dBarycentrics + 3 * pixel, 4), d2 = <f64>load<f32>(dBarycentrics + 3 * pixel, 8);
        const px = <f64>(2 * c + 1 - width) * perWidth;
        // (1) The corners, and two edges of the face.
        const face = faces + <usize>f * 12;
        const i0 = <usize>load<u32>(face) << 4, i1 = <usize>load<u32>(face, 4) << 4, i2 = <usize>load<u32>(face, 8) << 4;
        const v0 = corners + i0, v1 = corners + i1, v2 = corners + i2;
        const x0 = <f64>load<f32>(v0), y0 = <f64>load<f32>(v0, 4), w0 = <f64>load<f32>(v0, 12);
        const x1 = <f64>load<f32>(v1), y1 = <f64>load<f32>(v1, 4), w1 = <f64>load<f32>(v1, 12);
        const x2 = <f64>load<f32>(v2), y2 = <f64>load<f32>(v2, 4), w2 = <f64>load<f32>(v2, 12);
        const det = w0 * (x1 * y2 - x2 * y1) + w1 * (x2 * y0 - x0 * y2) + w2 * (x0 * y1 - x1 * y0);
        const b0 = load<f32>(barycentrics + 3 * pixel), b1 = load<f32>(barycentrics + 3 * pixel, 4), b2 = load<f32>(barycentrics + 3 * pixel, 8);
        const perSum = (<f64>b0 * w0 + <f64>b1 * w1 + <f64>b2 * w2) / det;
        const ux = x1 - x0, uy = y1 - y0, uw = w1 - w0, vx = x2 - x0, vy = y2 - y0, vw = w2 - w0;
        const size = Math.abs(ux) + Math.abs(uy) + Math.abs(uw) + Math.abs(vx) + Math.abs(vy) + Math.abs(vw);
        if (!(size * Math.abs(perSum) < steepest)) continue;

        // (2) b_j / S (p x q).
        const s = (d0 - d2) * perSum, t = (d1 - d0) * perSum;
        const qx = ux * s + vx * t, qy = uy * s + vy * t, qw = uw * s + vw * t;
        const g = f32x4.replace_lane(f32x4.replace_lane(f32x4.replace_lane(f32x4.splat(0), 0, <f32>(py * qw - qy)), 1, <f32>(qx - px * qw)), 3, <f32>(px * qy - py * qx));
        v128.store(sums + i0, f32x4.add(v128.load(sums + i0), f32x4.mul(f32x4.splat(b0), g)));
        v128.store(sums + i1, f32x4.add(v128.load(sums + i1), f32x4.mul(f32x4.splat(b1), g)));
        v128.store(sums + i2, f32x4.add(v128.load(sums + i2), f32x4.mul(f32x4.splat(b2), g)));
      }
    }
  }
}
