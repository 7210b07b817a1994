import type { FloatArray } from '../sparse/csr-matrix.ts';
import type { TriangleMesh } from './triangle-mesh.ts';

/**
 * Unit normals of vertices: the mean of the normals of the faces around each, weighted by their area.
 *
 * `n_v = sum_f (p1 - p0) x (p2 - p0) / |...|`, summed in float64 in the order of the faces; O(F). A vertex of no face, or whose
 * faces have no area, has the normal zero.
 *
 * @returns `[V, 3]`.
 */
export function vertexNormals({ vertices, faces }: Pick<TriangleMesh, 'vertices' | 'faces'>): Float32Array<ArrayBuffer> {
  const sum = new Float64Array(vertices.length), normals = new Float32Array(vertices.length);
  addFaceNormals(vertices, faces, sum);
  for (let v = 0; v < sum.length; v += 3) {
    const length = Math.hypot(sum[v]!, sum[v + 1]!, sum[v + 2]!);
    if (length > 0) for (let k = 0; k < 3; k++) normals[v + k] = sum[v + k]! / length;
  }
  return normals;
}

/**
 * Adds `(p1 - p0) x (p2 - p0)` of each face to its three corners, in the order of the faces.
 *
 * @param out - Laid out as `vertices`.
 * @param first - Row of `vertices` and `out` that index 0 of the faces means.
 */
export function addFaceNormals(vertices: FloatArray, faces: Int32Array, out: FloatArray, first = 0): void {
  for (let f = 0; f < faces.length; f += 3) {
    const a = 3 * (first + faces[f]!), b = 3 * (first + faces[f + 1]!), c = 3 * (first + faces[f + 2]!);
    const ux = vertices[b]! - vertices[a]!, uy = vertices[b + 1]! - vertices[a + 1]!, uz = vertices[b + 2]! - vertices[a + 2]!;
    const vx = vertices[c]! - vertices[a]!, vy = vertices[c + 1]! - vertices[a + 1]!, vz = vertices[c + 2]! - vertices[a + 2]!;
    const x = uy * vz - uz * vy, y = uz * vx - ux * vz, z = ux * vy - uy * vx;
    for (const corner of [a, b, c]) {
      out[corner]! += x;
      out[corner + 1]! += y;
      out[corner + 2]! += z;
    }
  }
}
