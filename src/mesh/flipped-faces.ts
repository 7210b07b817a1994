import { faceNormals } from './face-normals.ts';
import type { TriangleMesh } from './triangle-mesh.ts';

/**
 * The faces that a deformation has turned over: their normals before and after lie 90 degrees apart or more, or no area is left.
 * A face without area before counts as sound.
 *
 * @param after - `[V, 3]` where the vertices of `before` went.
 * @returns Their indices, ascending.
 */
export function flippedFaces(before: TriangleMesh, after: ArrayLike<number>): number[] {
  const from = faceNormals(before), to = faceNormals({ vertices: Float64Array.from(after), faces: before.faces }), out: number[] = [];
  for (let f = 0; f < from.length; f += 3) {
    if (from[f] === 0 && from[f + 1] === 0 && from[f + 2] === 0) continue;
    if (!(from[f]! * to[f]! + from[f + 1]! * to[f + 1]! + from[f + 2]! * to[f + 2]! > 0)) out.push(f / 3);
  }
  return out;
}
