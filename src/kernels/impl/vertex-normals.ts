import { addFaceNormals } from '../../mesh/vertex-normals.ts';
import type { FloatArray } from '../../sparse/csr-matrix.ts';

/** Sizes of a batch of meshes: `vertices [batch, vertexCount, 3]`. */
export interface MeshSizes {
  readonly batch: number;
  readonly vertexCount: number;
}

/**
 * Reference kernel: unit normals of vertices, `n_v = N_v / |N_v|` with `N_v = sum over its faces of (p1 - p0) x (p2 - p0)`: the mean of
 * the faces' normals weighted by their area. Zero where `N_v` is. Overwrites `out`.
 *
 * @param vertices - `[B, V, 3]`
 * @param faces - `[F, 3]`
 * @param out - `[B, V, 3]`
 * @returns -1, or the position in `faces` of an index out of range, where it stops.
 */
export function vertexNormalsImpl(vertices: FloatArray, faces: Int32Array, out: FloatArray, { batch, vertexCount }: MeshSizes): number {
  const stray = faces.findIndex((v) => v < 0 || v >= vertexCount);
  if (stray >= 0) return stray;
  sumFaceNormals(vertices, faces, out, { batch, vertexCount });
  for (let v = 0; v < 3 * batch * vertexCount; v += 3) {
    const length = Math.hypot(out[v]!, out[v + 1]!, out[v + 2]!);
    for (let k = 0; k < 3; k++) out[v + k] = length > 0 ? out[v + k]! / length : 0;
  }
  return -1;
}

/**
 * Reference kernel: the vector-Jacobian product of {@link vertexNormalsImpl}. Overwrites `out`.
 *
 * `dN = (dn - n (n . dn)) / |N|`; a face whose corners' dN sum to g gives `d(p1 - p0) = (p2 - p0) x g`, `d(p2 - p0) = g x (p1 - p0)`.
 *
 * @param dy - `[B, V, 3]`
 * @param out - `[B, V, 3]`
 */
export function vertexNormalsGradImpl(vertices: FloatArray, faces: Int32Array, dy: FloatArray, out: FloatArray, { batch, vertexCount }: MeshSizes): void {
  const dSum = new Float64Array(3 * batch * vertexCount);
  sumFaceNormals(vertices, faces, dSum, { batch, vertexCount });
  for (let v = 0; v < dSum.length; v += 3) {
    const x = dSum[v]!, y = dSum[v + 1]!, z = dSum[v + 2]!, length = Math.hypot(x, y, z);
    const along = length > 0 ? (x * dy[v]! + y * dy[v + 1]! + z * dy[v + 2]!) / length ** 2 : 0;
    for (let k = 0; k < 3; k++) dSum[v + k] = length > 0 ? (dy[v + k]! - along * dSum[v + k]!) / length : 0;
  }
  out.fill(0);
  for (let b = 0; b < batch; b++) {
    for (let f = 0; f < faces.length; f += 3) {
      const corner = (k: number): number => 3 * (b * vertexCount + faces[f + k]!), v0 = corner(0), v1 = corner(1), v2 = corner(2);
      const e = [0, 1, 2].map((k) => vertices[v1 + k]! - vertices[v0 + k]!), d = [0, 1, 2].map((k) => vertices[v2 + k]! - vertices[v0 + k]!);
      const g = [0, 1, 2].map((k) => dSum[v0 + k]! + dSum[v1 + k]! + dSum[v2 + k]!);
      for (let k = 0; k < 3; k++) {
        const i = (k + 1) % 3, j = (k + 2) % 3;
        const first = d[i]! * g[j]! - d[j]! * g[i]!, second = g[i]! * e[j]! - g[j]! * e[i]!;
        out[v1 + k]! += first;
        out[v2 + k]! += second;
        out[v0 + k]! -= first + second;
      }
    }
  }
}

function sumFaceNormals(vertices: FloatArray, faces: Int32Array, out: FloatArray, { batch, vertexCount }: MeshSizes): void {
  out.fill(0);
  for (let b = 0; b < batch; b++) addFaceNormals(vertices, faces, out, b * vertexCount);
}
