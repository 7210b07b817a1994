import { createExtension } from '../mesh/extend-smoothly.ts';
import type { TriangleMesh } from '../mesh/triangle-mesh.ts';
import { rimEdges } from './rim-edges.ts';
import { smoothstep } from './smoothstep.ts';

/** How far from the inner edge of the lips its surroundings follow, and how far from the corners it closes not at all and wholly, millimetres. */
const REACH = 12, CORNER = [2, 9] as const;

/**
 * Prepares the closing of the mouth at rest: the inner edges of the lips meet half-way, but for the corners, where they are together; what lies around them follows smoothly. Scans are taken with lips a little
 * apart, more or less from person to person. Linear, so that it can be done to the neutral head and to each identity once.
 *
 * @param mesh - The neutral head.
 * @param rim - Vertices of the edge, a closed loop.
 * @throws `ArgumentError` if the edge is no closed loop.
 * @returns A function that closes fields of positions or displacements, row-major `[V, 3 M]`, in place.
 */
export function createRimClosing(mesh: TriangleMesh<Float64Array>, rim: Int32Array): (field: Float64Array, cols: number) => void {
  const { vertices } = mesh, V = vertices.length / 3, [upper, lower] = rimEdges(mesh, rim), known = new Uint8Array(V).fill(1);
  const distance = (v: number): number => rim.reduce((least, l) => Math.min(least, Math.hypot(...[0, 1, 2].map((k) => vertices[3 * v + k]! - vertices[3 * l + k]!))), Infinity);
  for (let v = 0; v < V; v++) if (distance(v) < REACH) known[v] = 0;
  for (const v of rim) known[v] = 1;
  const extend = createExtension(mesh, known), pairs = [...partners(vertices, upper, lower), ...partners(vertices, lower, upper)];
  return (field, cols) => {
    const shift = new Float64Array(field.length);
    for (const { v, a, b, t, share } of pairs) for (let n = 0; n < cols; n++) shift[v * cols + n] = share * ((1 - t) * field[a * cols + n]! + t * field[b * cols + n]! - field[v * cols + n]!) / 2;
    extend(shift, cols);
    for (let i = 0; i < field.length; i++) field[i]! += shift[i]!;
  };
}

/** For each vertex of one edge but its ends its place on the other, at the same x: between a and b. */
function partners(vertices: Float64Array, from: readonly number[], to: readonly number[]): { v: number; a: number; b: number; t: number; share: number }[] {
  const ends = [from[0]!, from.at(-1)!];
  return from.slice(1, -1).map((v) => {
    const x = vertices[3 * v]!, found = to.findIndex((u) => vertices[3 * u]! >= x), i = found < 0 ? to.length - 1 : Math.max(1, found), a = to[i - 1]!, b = to[i]!;
    return {
      v, a, b, t: Math.min(1, Math.max(0, (x - vertices[3 * a]!) / (vertices[3 * b]! - vertices[3 * a]!))),
      share: smoothstep(...CORNER, Math.min(...ends.map((end) => Math.abs(x - vertices[3 * end]!)))),
    };
  });
}
