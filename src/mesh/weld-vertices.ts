import type { FloatArray } from '../sparse/csr-matrix.ts';
import { assertTriangleMesh, type TriangleMesh } from './triangle-mesh.ts';

/** A mesh without seams. */
export interface WeldedMesh {
  readonly mesh: TriangleMesh<Float64Array>;
  /** `[V]` of the input: the vertex of `mesh` that each became. */
  readonly weldedInto: Int32Array;
}

/**
 * Joins vertices at the same position, to the bit, as files split them along seams of texture or normal. O(V + F).
 *
 * The first of them stays, with its colour and its place in the order; faces that lose a corner by it are dropped.
 *
 * @throws `ArgumentError` if the mesh is invalid.
 */
export function weldVertices(mesh: TriangleMesh): WeldedMesh {
  assertTriangleMesh('weldVertices', mesh);
  const { vertices, faces, colors } = mesh, count = vertices.length / 3;
  const first = new Map<string, number>(), kept: number[] = [], weldedInto = new Int32Array(count);
  for (let v = 0; v < count; v++) {
    // The sign of zero is no other place: + 0 makes -0 positive.
    const key = `${vertices[3 * v]! + 0} ${vertices[3 * v + 1]! + 0} ${vertices[3 * v + 2]! + 0}`, known = first.get(key);
    weldedInto[v] = known ?? kept.length;
    if (known !== undefined) continue;
    first.set(key, kept.length);
    kept.push(v);
  }
  const select = (data: FloatArray): Float64Array => Float64Array.from({ length: 3 * kept.length }, (_, i) => data[3 * kept[Math.floor(i / 3)]! + i % 3]!);
  const welded: number[] = [];
  for (let f = 0; f < faces.length; f += 3) {
    const [a, b, c] = [weldedInto[faces[f]!]!, weldedInto[faces[f + 1]!]!, weldedInto[faces[f + 2]!]!];
    if (a !== b && b !== c && c !== a) welded.push(a, b, c);
  }
  return { mesh: { vertices: select(vertices), faces: Int32Array.from(welded), ...(colors && { colors: select(colors) }) }, weldedInto };
}
