import type { FloatArray } from '../../sparse/csr-matrix.ts';

/** Sizes of a rasterization: `vertices [batch, vertexCount, 4]`, `faces [faceCount, 3]`, images `[batch, height, width]`. */
export interface RasterSizes {
  readonly batch: number;
  readonly vertexCount: number;
  readonly faceCount: number;
  readonly height: number;
  readonly width: number;
}

/** What {@link rasterizeMeshImpl} writes, per pixel. */
export interface RasterOutput {
  /** `[B, H, W]`: the face nearest to the camera; -1 on background. */
  readonly faceIndex: Int32Array;
  /** `[B, H, W, 3]`: perspective-correct weights of its corners in the order of `faces`; 0 on background. */
  readonly barycentrics: FloatArray;
  /** `[B, H, W]`: z / w in [-1, 1]; 1 on background. */
  readonly zBuffer: FloatArray;
}

/**
 * Reference kernel: rasterizes clip-space triangles without clipping or culling. Overwrites `out`. Runs in the precision of the arrays.
 *
 * With corners `v_i = (x, y, w)` and the pixel's centre `p = (px, py, 1)`, the edge functions are `e_i = det(p, v_{i+1}, v_{i+2})`,
 * their sign turned so that `det(v_0, v_1, v_2) > 0`. A pixel is covered where all are >= 0: only points with w > 0 are. Then
 * `b_i = e_i / (e_0 + e_1 + e_2)` is perspective-correct (1/3 where all are 0), and `z / w = (e_0 z_0 + e_1 z_1 + e_2 z_2) / det` is linear over
 * the image; it must lie in [-1, 1]. Among equally near faces the first wins.
 *
 * Edge functions are taken in float64 of global pixel coordinates: two faces see the edge they share with the same number of
 * opposite sign, so that there are no cracks, and products of three float32 of any size neither overflow nor vanish.
 *
 * Olano and Greer, "Triangle scan conversion using 2D homogeneous coordinates", 1997, sections 3 and 4.
 *
 * @param vertices - `[B, V, 4]`: clip-space x, y, z, w.
 * @param faces - `[F, 3]`
 * @returns -1, or where it stopped: the position in `faces` of an index out of range, or `faces.length` + the position in
 * `vertices` of a number that is not finite.
 */
export function rasterizeMeshImpl(vertices: FloatArray, faces: Int32Array, out: RasterOutput, sizes: RasterSizes): number {
  const { batch, vertexCount, faceCount, height, width } = sizes;
  const { faceIndex, barycentrics, zBuffer } = out;
  const strayIndex = faces.findIndex((v) => v < 0 || v >= vertexCount);
  if (strayIndex >= 0) return strayIndex;
  const strayNumber = vertices.findIndex((x: number) => !Number.isFinite(x));
  if (strayNumber >= 0) return faces.length + strayNumber;
  const round = zBuffer instanceof Float32Array ? Math.fround : (z: number): number => z;
  faceIndex.fill(-1);
  barycentrics.fill(0);
  zBuffer.fill(Infinity);

  for (let b = 0; b < batch; b++) {
    for (let f = 0; f < faceCount; f++) {
      // (1) Planes over the image: e_i = ax_i (2 col + 1 - W) + ay_i (H - 2 row - 1) + k_i, and the same for depth.
      const corner = (k: number): number => (b * vertexCount + faces[3 * f + k]!) * 4, v0 = corner(0), v1 = corner(1), v2 = corner(2);
      const x0 = vertices[v0]!, y0 = vertices[v0 + 1]!, z0 = vertices[v0 + 2]!, w0 = vertices[v0 + 3]!;
      const x1 = vertices[v1]!, y1 = vertices[v1 + 1]!, z1 = vertices[v1 + 2]!, w1 = vertices[v1 + 3]!;
      const x2 = vertices[v2]!, y2 = vertices[v2 + 1]!, z2 = vertices[v2 + 2]!, w2 = vertices[v2 + 3]!;
      const c0 = x1 * y2 - x2 * y1, c1 = x2 * y0 - x0 * y2, c2 = x0 * y1 - x1 * y0;
      const det = w0 * c0 + w1 * c1 + w2 * c2;
      if (det === 0) continue;
      const sign = det < 0 ? -1 : 1, perX = sign / width, perY = sign / height;
      const ax0 = (y1 * w2 - y2 * w1) * perX, ax1 = (y2 * w0 - y0 * w2) * perX, ax2 = (y0 * w1 - y1 * w0) * perX;
      const ay0 = (w1 * x2 - w2 * x1) * perY, ay1 = (w2 * x0 - w0 * x2) * perY, ay2 = (w0 * x1 - w1 * x0) * perY;
      const k0 = c0 * sign, k1 = c1 * sign, k2 = c2 * sign, perDet = 1 / Math.abs(det), d0 = z0 * perDet, d1 = z1 * perDet, d2 = z2 * perDet;
      const axZ = ax0 * d0 + ax1 * d1 + ax2 * d2, ayZ = ay0 * d0 + ay1 * d1 + ay2 * d2, kZ = k0 * d0 + k1 * d1 + k2 * d2;

      // (2) The pixels that may be covered: all of them where a corner lies behind the eye.
      let left = 0, right = width - 1, top = 0, bottom = height - 1;
      if (w0 > 0 && w1 > 0 && w2 > 0) {
        const column = (x: number, w: number): number => ((x / w + 1) * width - 1) / 2, row = (y: number, w: number): number => ((1 - y / w) * height - 1) / 2;
        const s0 = column(x0, w0), s1 = column(x1, w1), s2 = column(x2, w2), t0 = row(y0, w0), t1 = row(y1, w1), t2 = row(y2, w2);
        left = Math.max(left, Math.ceil(Math.min(s0, s1, s2) - 1e-3));
        right = Math.min(right, Math.floor(Math.max(s0, s1, s2) + 1e-3));
        top = Math.max(top, Math.ceil(Math.min(t0, t1, t2) - 1e-3));
        bottom = Math.min(bottom, Math.floor(Math.max(t0, t1, t2) + 1e-3));
      }

      // (3) Each pixel: inside, between near and far, nearer than what is there.
      for (let r = top; r <= bottom; r++) {
        const py = height - 2 * r - 1;
        const row0 = ay0 * py + k0, row1 = ay1 * py + k1, row2 = ay2 * py + k2, rowZ = ayZ * py + kZ;
        for (let c = left; c <= right; c++) {
          const px = 2 * c + 1 - width;
          const e0 = ax0 * px + row0, e1 = ax1 * px + row1, e2 = ax2 * px + row2;
          if (!(e0 >= 0 && e1 >= 0 && e2 >= 0)) continue;
          const z = round(axZ * px + rowZ), pixel = (b * height + r) * width + c;
          if (!(z >= -1 && z <= 1 && z < zBuffer[pixel]!)) continue;
          const sum = e0 + e1 + e2;
          faceIndex[pixel] = f;
          zBuffer[pixel] = z;
          barycentrics[3 * pixel] = sum > 0 ? e0 / sum : 1 / 3;
          barycentrics[3 * pixel + 1] = sum > 0 ? e1 / sum : 1 / 3;
          barycentrics[3 * pixel + 2] = sum > 0 ? e2 / sum : 1 / 3;
        }
      }
    }
  }
  for (let p = 0; p < zBuffer.length; p++) if (faceIndex[p] === -1) zBuffer[p] = 1;
  return -1;
}
