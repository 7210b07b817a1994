import type { Hierarchy } from '../mesh/hierarchy.ts';

/** One level of a hierarchy on the vertices of the whole mesh. */
export interface HierarchyLevel {
  /** Vertices that the level keeps. */
  readonly vertexCount: number;
  /** `[F, 3]` vertices in input order: a level's vertices are some of the finest, unmoved. */
  readonly faces: Int32Array;
}

/** All levels, finest first, each as triangles between vertices of the input. */
export function hierarchyLevels({ levels, downTransforms, permutation }: Hierarchy): HierarchyLevel[] {
  let input: Int32Array = permutation;
  return levels.map(({ vertices, faces }, i) => {
    // A row of the down-transform holds one entry: the vertex of the finer level that is kept.
    if (i > 0) input = Int32Array.from(downTransforms[i - 1]!.colIndex, (finer) => input[finer]!);
    return { vertexCount: vertices.length / 3, faces: faces.map((v) => input[v]!) };
  });
}
