import type { FloatArray } from '../../sparse/csr-matrix.ts';
import type { RasterSizes } from './rasterize-mesh.ts';

/** A fragment whose barycentrics change by more than this per unit of a corner belongs to a face as good as without area. */
export const STEEPEST_FRAGMENT = 1e30;

/**
 * Reference kernel: the vector-Jacobian product of the barycentrics with respect to clip-space x, y and w. Overwrites `out`.
 *
 * Edge functions are linear in each corner, which gives, with `p = (px, py, 1)`, `S = e_0 + e_1 + e_2` and `g_i` the gradient
 * that arrives at `b_i`: `dL/dv_j = b_j / S (p x q)`, `q = (v_1 - v_0)(g_0 - g_2) + (v_2 - v_0)(g_1 - g_0)`, and
 * `S = det(p, v_1 - v_0, v_2 - v_0)`.
 *
 * Which face a pixel sees is taken as constant: no gradient passes through visibility or `zBuffer`. Fragments steeper than
 * {@link STEEPEST_FRAGMENT} give none.
 *
 * Equation: ours, equal to that of Genova et al., "Unsupervised Training for 3D Morphable Model Regression", CVPR 2018, section 3.
 *
 * @param vertices - `[B, V, 4]`
 * @param faces - `[F, 3]`
 * @param faceIndex - `[B, H, W]`, -1 = background.
 * @param barycentrics - `[B, H, W, 3]`
 * @param dBarycentrics - `[B, H, W, 3]`
 * @param out - `[B, V, 4]`; column z is 0.
 */
export function rasterizeMeshGradImpl(
  vertices: FloatArray, faces: Int32Array, faceIndex: Int32Array, barycentrics: FloatArray, dBarycentrics: FloatArray, out: FloatArray, sizes: RasterSizes,
): void {
  const { batch, vertexCount, height, width } = sizes;
  out.fill(0);
  for (let b = 0; b < batch; b++) {
    for (let r = 0; r < height; r++) {
      const py = (height - 2 * r - 1) / height;
      for (let c = 0; c < width; c++) {
        const pixel = (b * height + r) * width + c, f = faceIndex[pixel]!;
        if (f < 0) continue;
        const px = (2 * c + 1 - width) / width;
        // (1) The corners, and two edges of the face.
        const corner = (k: number): number => (b * vertexCount + faces[3 * f + k]!) * 4, v0 = corner(0), v1 = corner(1), v2 = corner(2);
        const x0 = vertices[v0]!, y0 = vertices[v0 + 1]!, w0 = vertices[v0 + 3]!;
        const x1 = vertices[v1]!, y1 = vertices[v1 + 1]!, w1 = vertices[v1 + 3]!;
        const x2 = vertices[v2]!, y2 = vertices[v2 + 1]!, w2 = vertices[v2 + 3]!;
        const b0 = barycentrics[3 * pixel]!, b1 = barycentrics[3 * pixel + 1]!, b2 = barycentrics[3 * pixel + 2]!;
        const ux = x1 - x0, uy = y1 - y0, uw = w1 - w0, vx = x2 - x0, vy = y2 - y0, vw = w2 - w0;
        const perSum = 1 / ((ux - px * uw) * (vy - py * vw) - (uy - py * uw) * (vx - px * vw));
        const size = Math.abs(ux) + Math.abs(uy) + Math.abs(uw) + Math.abs(vx) + Math.abs(vy) + Math.abs(vw);
        if (!(size * Math.abs(perSum) < STEEPEST_FRAGMENT)) continue;

        // (2) b_j / S (p x q).
        const d0 = dBarycentrics[3 * pixel]!, d1 = dBarycentrics[3 * pixel + 1]!, d2 = dBarycentrics[3 * pixel + 2]!;
        const s = (d0 - d2) * perSum, t = (d1 - d0) * perSum;
        const qx = ux * s + vx * t, qy = uy * s + vy * t, qw = uw * s + vw * t;
        const gx = py * qw - qy, gy = qx - px * qw, gw = px * qy - py * qx;
        out[v0]! += b0 * gx; out[v0 + 1]! += b0 * gy; out[v0 + 3]! += b0 * gw;
        out[v1]! += b1 * gx; out[v1 + 1]! += b1 * gy; out[v1 + 3]! += b1 * gw;
        out[v2]! += b2 * gx; out[v2 + 1]! += b2 * gy; out[v2 + 3]! += b2 * gw;
      }
    }
  }
}
