import { csrTimesDense } from '../sparse/csr-times-dense.ts';
import { buildHeadHalf, HEAD_PARTS } from './head-half.ts';
import { type LinearSurface, matrixFromRows, type Row } from './linear-surface.ts';
import type { MakeHumanBase } from './makehuman.ts';

/** The project's head: one half and its mirror image; every vertex a fixed linear combination of MakeHuman's. */
export interface HeadSurface extends LinearSurface {
  /** `[V, 2]` texture coordinates, (0, 0) at the bottom left; zeros on eyeballs and teeth. */
  readonly uvs: Float64Array;
  /** `[V]` positions in `HEAD_PARTS`. Lid margins and inner lips, where skin ends, are skin. */
  readonly part: Uint8Array;
  /** `[V]` 1 on the lid margins and inner lips. */
  readonly rim: Uint8Array;
  /** `[V]` degrees from the gaze on eyeballs, else 0. */
  readonly eyeAngle: Float64Array;
  /** `[V]` the vertex on the other side. */
  readonly mirror: Int32Array;
  /** `[V, 3]` the mean head, decimetres, in MakeHuman's place. */
  readonly mean: Float64Array;
}

/**
 * Builds the surface that every head of the project has, in about a second. The person's left half (x >= 0) comes first, then
 * the mirror images of its vertices off the middle line in the same order.
 *
 * @param mean - `[N, 3]` from `meanHead`.
 */
export function buildHeadSurface(base: MakeHumanBase, mean: Float64Array): HeadSurface {
  const mirrorVertex = mirrorVertices(base), half = buildHeadHalf(base, mean, mirrorVertex), count = half.rows.length;
  const twins = half.positions.flatMap((p, v) => (Math.abs(p[0]!) < 1e-9 ? [] : [v])), twinOf = Int32Array.from({ length: count }, (_, v) => v);
  twins.forEach((v, i) => { twinOf[v] = count + i; });
  const rows = [...half.rows, ...twins.map((v): Row => new Map([...half.rows[v]!].map(([col, w]) => [mirrorVertex[col]!, w])))];
  const both = <T>(values: readonly T[]): T[] => [...values, ...twins.map((v) => values[v]!)];
  const faces = half.faces.flatMap(([a, b, c]) => [a!, b!, c!, twinOf[a!]!, twinOf[c!]!, twinOf[b!]!]);
  const matrix = matrixFromRows(rows, mean.length / 3);
  return {
    matrix, faces: Int32Array.from(faces), mirror: Int32Array.from([...twinOf, ...twins]), mean: csrTimesDense(matrix, mean, 3),
    uvs: Float64Array.from([...half.uvs.flatMap((uv) => uv.slice(0, 2)), ...twins.flatMap((v) => half.uvs[v]!.slice(2))]),
    part: Uint8Array.from(both(half.parts), (part) => HEAD_PARTS.indexOf(part as never)), rim: Uint8Array.from(both(half.rim), Number), eyeAngle: Float64Array.from(both(half.eyeAngles)),
  };
}

/** `[N]` the base mesh's vertex at (-x, y, z), exactly; itself where there is none. */
function mirrorVertices({ vertices }: MakeHumanBase): Int32Array {
  const key = (x: number, v: number): string => `${x + 0} ${vertices[3 * v + 1]} ${vertices[3 * v + 2]}`, count = vertices.length / 3, at = new Map<string, number>();
  for (let v = 0; v < count; v++) at.set(key(vertices[3 * v]! + 0, v), v);
  return Int32Array.from({ length: count }, (_, v) => at.get(key(0 - vertices[3 * v]!, v)) ?? v);
}
