import { createRandom } from '../../src/core/random.ts';
import type { TriangleMesh } from '../../src/mesh/triangle-mesh.ts';

export { icosphere, joined, moved, sheet } from '../../src/kernels/vectors/vector-shapes.ts';

/** Seeded random triangles over random points: isolated vertices, degenerate and duplicate faces, edges of many faces. */
export function soup(vertexCount: number, faceCount: number, seed: number): TriangleMesh<Float64Array> {
  const random = createRandom(seed);
  return {
    vertices: Float64Array.from({ length: 3 * vertexCount }, () => random.normal()),
    faces: Int32Array.from({ length: 3 * faceCount }, () => random.integer(vertexCount)),
  };
}
