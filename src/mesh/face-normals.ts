import type { TriangleMesh } from './triangle-mesh.ts';

/** Unit normals of faces, `[F, 3]`, counter-clockwise ones towards the viewer; zero for a face without area. */
export function faceNormals({ vertices, faces }: Pick<TriangleMesh, 'vertices' | 'faces'>): Float64Array {
  const out = new Float64Array(faces.length);
  for (let f = 0; f < faces.length; f += 3) {
    const a = 3 * faces[f]!, b = 3 * faces[f + 1]!, c = 3 * faces[f + 2]!;
    const ux = vertices[b]! - vertices[a]!, uy = vertices[b + 1]! - vertices[a + 1]!, uz = vertices[b + 2]! - vertices[a + 2]!;
    const vx = vertices[c]! - vertices[a]!, vy = vertices[c + 1]! - vertices[a + 1]!, vz = vertices[c + 2]! - vertices[a + 2]!;
    const x = uy * vz - uz * vy, y = uz * vx - ux * vz, z = ux * vy - uy * vx, length = Math.sqrt(x * x + y * y + z * z);
    if (length > 0) {
      out[f] = x / length;
      out[f + 1] = y / length;
      out[f + 2] = z / length;
    }
  }
  return out;
}
