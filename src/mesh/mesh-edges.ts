/**
 * The edges of a triangle mesh, each with the vertices opposite to it: what tells whether an edge is a silhouette from a given side.
 *
 * An edge of three or more faces takes several rows, one after another. Sides of a vertex to itself, and faces without three vertices, are left
 * out.
 *
 * @param faces - `[F, 3]`.
 * @returns `[E, 4]`: the edge's vertices, the smaller first, and those opposite to it in two of its faces; -1 where there is no second.
 * In the order in which the faces first name them.
 */
export function meshEdges(faces: Int32Array): Int32Array {
  const opposite = new Map<number, number[]>(), size = faces.reduce((most, v) => Math.max(most, v), 0) + 1;
  for (let f = 0; f < faces.length; f += 3) {
    for (let k = 0; k < 3; k++) {
      const a = faces[f + k]!, b = faces[f + ((k + 1) % 3)]!, c = faces[f + ((k + 2) % 3)]!;
      if (a === b || b === c || c === a) continue;
      const key = Math.min(a, b) * size + Math.max(a, b), known = opposite.get(key);
      if (known) known.push(c);
      else opposite.set(key, [c]);
    }
  }
  const rows: number[] = [];
  for (const [key, vertices] of opposite) {
    for (let i = 0; i < vertices.length; i += 2) rows.push(Math.floor(key / size), key % size, vertices[i]!, vertices[i + 1] ?? -1);
  }
  return Int32Array.from(rows);
}
