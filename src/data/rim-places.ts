import { createClosestPoint, type SurfacePoint } from '../mesh/closest-point.ts';
import type { TriangleMesh } from '../mesh/triangle-mesh.ts';
import type { IctFace } from './ict.ts';
import { rimEdges } from './rim-edges.ts';

/** How far from the scan a rim still has its place on it, millimetres. */
const FARTHEST = 3;

/**
 * Places on the scan of the rims of lids and lips, where skin turns inwards: a normal means little there, so the nearest point counts whichever way it faces. Lips touch each other; which of the scan's triangles are
 * the lower one's is told by the opening jaw.
 *
 * @param mesh - The neutral head's skin.
 * @param lids - Loops of its vertices.
 * @param lips - One loop.
 * @returns Vertex to place, for those that have one.
 */
export function rimPlaces(mesh: TriangleMesh<Float64Array>, { lids, lips }: { readonly lids: readonly Int32Array[]; readonly lips: Int32Array }, face: IctFace): Map<number, SurfacePoint> {
  const closest = createClosestPoint({ vertices: face.neutral, faces: face.faces }), out = new Map<number, SurfacePoint>(), jaw = face.expressionNames.indexOf('jawOpen');
  const put = (v: number, accept?: (f: number) => boolean): void => {
    const point = closest(mesh.vertices[3 * v]!, mesh.vertices[3 * v + 1]!, mesh.vertices[3 * v + 2]!, accept);
    if (point.distance <= FARTHEST) out.set(v, point);
  };
  for (const loop of lids) for (const v of loop) put(v);
  if (jaw < 0) return out;
  const drop = (v: number): number => -face.expression[jaw * face.neutral.length + 3 * v + 1]!, middleTop = drop(face.landmarks68[62]!), middleBottom = drop(face.landmarks68[66]!), between = (middleTop + middleBottom) / 2;
  const isLower = (f: number): boolean => drop(face.faces[3 * f]!) + drop(face.faces[3 * f + 1]!) + drop(face.faces[3 * f + 2]!) > 3 * between;
  rimEdges(mesh, lips).forEach((way, i) => { for (const v of way.slice(1, -1)) put(v, (f) => isLower(f) === (i === 1)); });
  return out;
}
