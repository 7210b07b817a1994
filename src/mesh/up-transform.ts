import { csrFromTriplets } from '../sparse/csr-from-triplets.ts';
import type { CsrMatrix } from '../sparse/csr-matrix.ts';
import { createClosestPoint, type ClosestPoint, type SurfacePoint } from './closest-point.ts';
import { closestPointOnTriangle } from './closest-point-on-triangle.ts';
import type { TriangleMesh } from './triangle-mesh.ts';

/** Where a vertex finds its place on the coarser surface: see {@link upTransform}. */
export type UpSampling = 'connected' | 'nearest';

/**
 * The matrix that interpolates a fine level from a coarse one: row v holds the barycentric coordinates of a point of the
 * coarse surface near vertex v; a kept vertex copies itself.
 *
 * `nearest` takes the closest point of the whole surface. `connected` walks from the vertex that v was merged into,
 * face by face while the distance falls, so that an upper lip is never tied to a lower one that it touches.
 *
 * Weights are float32 numbers that sum to one within rounding.
 *
 * @param kept - `[C]` fine index of each coarse vertex.
 * @param mergedInto - `[V]` coarse vertex that each fine one became, or -1.
 * @returns `[V, C]`.
 */
export function upTransform(fine: TriangleMesh, coarse: TriangleMesh, kept: Int32Array, mergedInto: Int32Array, sampling: UpSampling): CsrMatrix<Float64Array> {
  const count = fine.vertices.length / 3, rows: number[] = [], columns: number[] = [], weights: number[] = [];
  const isKept = new Uint8Array(count);
  for (const v of kept) isKept[v] = 1;
  let anywhere: ClosestPoint | undefined;
  const nearest: ClosestPoint = (x, y, z) => (anywhere ??= createClosestPoint(coarse))(x, y, z);
  const walk = createWalk(coarse);
  for (let v = 0; v < count; v++) {
    const [x, y, z] = [fine.vertices[3 * v]!, fine.vertices[3 * v + 1]!, fine.vertices[3 * v + 2]!], start = mergedInto[v]!;
    const point = isKept[v] ? { corners: [start, start, start], weights: [1, 0, 0] } as const
      : sampling === 'nearest' ? nearest(x, y, z) : walk(start, x, y, z) ?? nearest(x, y, z);
    const [first, second] = point.weights.map(Math.fround) as [number, number];
    [first, second, Math.fround(Math.max(0, 1 - first - second))].forEach((weight, k) => {
      if (weight === 0) return;
      rows.push(v);
      columns.push(point.corners[k]!);
      weights.push(weight);
    });
  }
  return csrFromTriplets([count, coarse.vertices.length / 3], rows, columns, Float64Array.from(weights));
}

// Descends over the surface from vertex `start`; `undefined` if it has no face.
function createWalk({ vertices, faces }: TriangleMesh): (start: number, x: number, y: number, z: number) => SurfacePoint | undefined {
  const facesOf: number[][] = Array.from({ length: vertices.length / 3 }, () => []);
  faces.forEach((v, i) => { facesOf[v]!.push(Math.floor(i / 3)); });
  const found = new Float64Array(4);
  return (start, x, y, z) => {
    let best: SurfacePoint | undefined, open = start < 0 ? [] : [start];
    const visited = new Set<number>();
    while (open.length > 0) {
      let improved: SurfacePoint | undefined;
      for (const f of open.flatMap((v) => facesOf[v]!)) {
        if (visited.has(f)) continue;
        visited.add(f);
        const corners = [faces[3 * f]!, faces[3 * f + 1]!, faces[3 * f + 2]!] as const;
        closestPointOnTriangle(vertices, ...corners, x, y, z, found);
        const distance = found[3]!;
        if (distance < ((improved ?? best)?.distance ?? Infinity)) improved = { face: f, corners, weights: [found[0]!, found[1]!, found[2]!], distance };
      }
      open = improved ? [...improved.corners] : [];
      best = improved ?? best;
    }
    return best && { ...best, distance: Math.sqrt(best.distance) };
  };
}
