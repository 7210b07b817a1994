import { csrFromTriplets } from '../sparse/csr-from-triplets.ts';
import { type CsrMatrix, transposeCsr } from '../sparse/csr-matrix.ts';
import { multiplyCsr } from '../sparse/multiply-csr.ts';
import { meshEdges } from './mesh-edges.ts';
import type { TriangleMesh } from './triangle-mesh.ts';

/** Share of the first-order term: keeps what hangs free from swinging out linearly. */
const TENSION = 0.01;

/**
 * How rough a field on a mesh is, as a quadratic form: `x^T S x = |L x|^2 + 0.01 x^T G x`. Row v of L takes from x_v the mean of its neighbours,
 * each weighted by the inverse of its edge's length, so that uneven triangles count as what they are; G is the same Laplacian,
 * symmetric (weights are scaled to a mean of one). O(E).
 *
 * @returns `[V, V]` symmetric, positive semidefinite; constants are its null space on a connected mesh.
 */
export function smoothness({ vertices, faces }: TriangleMesh): CsrMatrix<Float64Array> {
  const count = vertices.length / 3, edges = meshEdges(faces), near: Map<number, number>[] = Array.from({ length: count }, () => new Map<number, number>());
  for (let e = 0; e < edges.length; e += 4) {
    const a = edges[e]!, b = edges[e + 1]!;
    const weight = 1 / Math.max(1e-9, Math.sqrt([0, 1, 2].reduce((sum, k) => sum + (vertices[3 * a + k]! - vertices[3 * b + k]!) ** 2, 0)));
    near[a]!.set(b, weight);
    near[b]!.set(a, weight);
  }
  const totals = near.map((row) => [...row.values()].reduce((a, b) => a + b, 0)), mean = totals.reduce((a, b) => a + b, 0) / Math.max(1, totals.filter((x) => x > 0).length);
  const rows: number[] = [], cols: number[] = [], values: number[] = [], tension: number[] = [];
  near.forEach((row, v) => {
    if (row.size === 0) return;
    rows.push(v); cols.push(v); values.push(1); tension.push(TENSION * totals[v]! / mean);
    for (const [u, weight] of row) { rows.push(v); cols.push(u); values.push(-weight / totals[v]!); tension.push(-TENSION * weight / mean); }
  });
  const L = csrFromTriplets([count, count], rows, cols, Float64Array.from(values)), square = multiplyCsr(transposeCsr(L), L);
  const places: number[] = [];
  for (let r = 0; r < count; r++) for (let p = square.rowPtr[r]!; p < square.rowPtr[r + 1]!; p++) places.push(r);
  return csrFromTriplets([count, count], [...places, ...rows], [...square.colIndex, ...cols], Float64Array.from([...square.values, ...tension]));
}
