import type { TriangleMesh } from '../../mesh/triangle-mesh.ts';
import { type RasterSizes, rasterizeMeshImpl } from '../impl/rasterize-mesh.ts';

/** `[V, 4]` clip coordinates of a mesh seen from `distance` on the z axis, `focal` in half image heights. */
export function toClip({ vertices }: TriangleMesh<Float64Array>, { distance = 3, focal = 2.4, aspect = 1, near = 1, far = 5 } = {}): Float64Array {
  const out: number[] = [];
  for (let v = 0; v < vertices.length; v += 3) {
    const w = distance - vertices[v + 2]!;
    out.push((focal * vertices[v]!) / aspect, focal * vertices[v + 1]!, ((far + near) * w - 2 * far * near) / (far - near), w);
  }
  return Float64Array.from(out);
}

/** The reference's fragments in float64. */
export function referenceFragments({ vertices, faces, sizes }: { vertices: Float32Array | Float64Array; faces: Int32Array; sizes: RasterSizes }) {
  const pixels = sizes.batch * sizes.height * sizes.width;
  const out = { faceIndex: new Int32Array(pixels), barycentrics: new Float64Array(3 * pixels).fill(NaN), zBuffer: new Float64Array(pixels).fill(NaN) };
  const stray = rasterizeMeshImpl(vertices, faces, out, sizes);
  if (stray >= 0) throw new Error(`referenceFragments: stopped at ${stray}`);
  return out;
}
