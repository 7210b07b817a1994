import type { TriangleMesh } from './triangle-mesh.ts';

/** The area that belongs to each vertex: a third of that of the faces around it. `[V]`, the sum is the surface's area. */
export function vertexAreas({ vertices, faces }: Pick<TriangleMesh, 'vertices' | 'faces'>): Float64Array {
  const out = new Float64Array(vertices.length / 3);
  for (let f = 0; f < faces.length; f += 3) {
    const corners = [faces[f]!, faces[f + 1]!, faces[f + 2]!], [a, b, c] = corners as [number, number, number];
    const ux = vertices[3 * b]! - vertices[3 * a]!, uy = vertices[3 * b + 1]! - vertices[3 * a + 1]!, uz = vertices[3 * b + 2]! - vertices[3 * a + 2]!;
    const vx = vertices[3 * c]! - vertices[3 * a]!, vy = vertices[3 * c + 1]! - vertices[3 * a + 1]!, vz = vertices[3 * c + 2]! - vertices[3 * a + 2]!;
    const area = Math.hypot(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx) / 2;
    for (const v of corners) out[v]! += area / 3;
  }
  return out;
}
