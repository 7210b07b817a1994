/** How {@link refineQuads} names vertices: as `catmullClark` orders its rows. */
export interface RefinedQuads {
  /** Triangles and quads, in rows of the Catmull-Clark matrix. */
  readonly polygons: number[][];
  /** Per polygon the quad it came from. */
  readonly sources: number[];
}

/**
 * Splits the chosen quads in four and joins them to the others without T-junctions: a quad with one or two split edges
 * becomes triangles (or two quads, where the edges are opposite), one with more is split as well.
 *
 * @param quadEdges - `[Q, 4]` from `catmullClark`, with its edge count: edge rows follow the vertices, face rows the edges.
 */
export function refineQuads(quads: Int32Array, quadEdges: Int32Array, chosen: readonly boolean[], vertexCount: number, edgeCount: number): RefinedQuads {
  const count = quads.length / 4, refined = [...chosen], split = new Set<number>();
  for (let grown = true; grown;) {
    grown = false;
    refined.forEach((yes, q) => { if (yes) for (let k = 0; k < 4; k++) split.add(quadEdges[4 * q + k]!); });
    for (let q = 0; q < count; q++) {
      if (!refined[q] && [0, 1, 2, 3].filter((k) => split.has(quadEdges[4 * q + k]!)).length > 2) grown = refined[q] = true;
    }
  }
  const polygons: number[][] = [], sources: number[] = [];
  for (let q = 0; q < count; q++) {
    const corner = (k: number): number => quads[4 * q + k % 4]!, middle = (k: number): number => vertexCount + quadEdges[4 * q + k % 4]!;
    const add = (...polygon: number[]): void => { polygons.push(polygon); sources.push(q); };
    const cut = [0, 1, 2, 3].filter((k) => split.has(quadEdges[4 * q + k]!)), centre = vertexCount + edgeCount + q;
    if (refined[q]) {
      for (let k = 0; k < 4; k++) add(corner(k), middle(k), centre, middle(k + 3));
    } else if (cut.length === 0) add(corner(0), corner(1), corner(2), corner(3));
    else if (cut.length === 1) {
      const [k] = cut as [number];
      add(corner(k), middle(k), corner(k + 3));
      add(middle(k), corner(k + 1), corner(k + 2));
      add(middle(k), corner(k + 2), corner(k + 3));
    } else if (cut[1]! - cut[0]! === 2) {
      const [k] = cut as [number];
      add(corner(k), middle(k), middle(k + 2), corner(k + 3));
      add(middle(k), corner(k + 1), corner(k + 2), middle(k + 2));
    } else { // two edges that meet in corner k + 1
      const k = cut[1]! - cut[0]! === 1 ? cut[0]! : 3;
      add(middle(k), corner(k + 1), middle(k + 1));
      add(middle(k), middle(k + 1), corner(k + 3));
      add(corner(k), middle(k), corner(k + 3));
      add(middle(k + 1), corner(k + 2), corner(k + 3));
    }
  }
  return { polygons, sources };
}
