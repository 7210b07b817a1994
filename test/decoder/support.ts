import { buildHierarchy, type Hierarchy } from '../../src/mesh/hierarchy.ts';
import type { MeshStatistics } from '../../src/decoder/mesh-statistics.ts';
import { icosphere } from '../support/meshes.ts';

/** A sphere of 642 vertices with three coarser levels. */
export const sphereHierarchy = (): Hierarchy => buildHierarchy(icosphere(3), { levels: 3, factor: 4 });

/** The sphere itself as mean, grey, with scales that differ between vertices. */
export function sphereStatistics(): MeshStatistics {
  const { vertices } = icosphere(3), V = vertices.length / 3;
  return {
    vertices: Float32Array.from(vertices), colors: new Float32Array(3 * V).map((_, i) => 0.3 + 0.2 * (i % 3)),
    vertexScale: new Float32Array(V).map((_, v) => 0.05 + 0.01 * (v % 7)), colorScale: new Float32Array(V).map((_, v) => 0.5 + 0.1 * (v % 3)),
  };
}
