import { csrFromTriplets } from '../sparse/csr-from-triplets.ts';
import type { CsrMatrix } from '../sparse/csr-matrix.ts';

/** One Catmull-Clark step of a quad mesh, as a matrix: row order is vertex points, edge points, face points. */
export interface CatmullClark {
  /** `[N + E + Q, N]`; rows sum to 1. Rows of vertices in no quad are the identity. */
  readonly matrix: CsrMatrix<Float64Array>;
  /** `[E, 2]`, lower index first. */
  readonly edges: Int32Array;
  /** `[Q, 4]`: edge k joins corners k and k + 1. */
  readonly quadEdges: Int32Array;
}

/**
 * Builds one Catmull-Clark step: smooth, and linear in the vertices, so that morphs pass through it.
 *
 * Catmull and Clark, "Recursively generated B-spline surfaces on arbitrary topological meshes", CAD 10(6), 1978. An edge
 * with other than two quads is a border: cubic B-spline rules along it.
 *
 * @param quads - `[Q, 4]`.
 */
export function catmullClark(quads: Int32Array, vertexCount: number): CatmullClark {
  const quadCount = quads.length / 4, edgeOf = new Map<number, number>(), edges: number[] = [], sides: number[][] = [];
  const quadEdges = new Int32Array(quads.length);
  for (let q = 0; q < quadCount; q++) {
    for (let k = 0; k < 4; k++) {
      const a = quads[4 * q + k]!, b = quads[4 * q + (k + 1) % 4]!, key = Math.min(a, b) * vertexCount + Math.max(a, b);
      let e = edgeOf.get(key);
      if (e === undefined) {
        edgeOf.set(key, e = sides.length);
        edges.push(Math.min(a, b), Math.max(a, b));
        sides.push([]);
      }
      sides[e]!.push(q);
      quadEdges[4 * q + k] = e;
    }
  }
  const edgeCount = sides.length, rows: number[] = [], cols: number[] = [], values: number[] = [];
  const add = (row: number, col: number, value: number): void => { rows.push(row); cols.push(col); values.push(value); };
  const addFacePoint = (row: number, q: number, weight: number): void => {
    for (let k = 0; k < 4; k++) add(row, quads[4 * q + k]!, weight / 4);
  };

  // (1) Edge points. (2) Face points. (3) Vertex points: (F + 2E + (n - 3) V) / n inside, (a + 6 V + b) / 8 on a border.
  const vertexEdges: number[][] = Array.from({ length: vertexCount }, () => []), vertexQuads: number[][] = Array.from({ length: vertexCount }, () => []);
  for (let e = 0; e < edgeCount; e++) {
    const inside = sides[e]!.length === 2, row = vertexCount + e;
    for (const v of [edges[2 * e]!, edges[2 * e + 1]!]) {
      vertexEdges[v]!.push(e);
      add(row, v, inside ? 0.25 : 0.5);
    }
    if (inside) sides[e]!.forEach((q) => addFacePoint(row, q, 0.25));
  }
  for (let q = 0; q < quadCount; q++) {
    addFacePoint(vertexCount + edgeCount + q, q, 1);
    for (let k = 0; k < 4; k++) vertexQuads[quads[4 * q + k]!]!.push(q);
  }
  for (let v = 0; v < vertexCount; v++) {
    const border = vertexEdges[v]!.filter((e) => sides[e]!.length !== 2), n = vertexEdges[v]!.length;
    const other = (e: number): number => edges[2 * e]! + edges[2 * e + 1]! - v;
    if (border.length > 0 || n === 0) {
      add(v, v, border.length === 2 ? 0.75 : 1);
      if (border.length === 2) border.forEach((e) => add(v, other(e), 0.125));
      continue;
    }
    add(v, v, (n - 3) / n);
    vertexQuads[v]!.forEach((q) => addFacePoint(v, q, 1 / (n * n)));
    for (const e of vertexEdges[v]!) {
      add(v, v, 1 / (n * n));
      add(v, other(e), 1 / (n * n));
    }
  }
  const matrix = csrFromTriplets([vertexCount + edgeCount + quadCount, vertexCount], rows, cols, Float64Array.from(values));
  return { matrix, edges: Int32Array.from(edges), quadEdges };
}
