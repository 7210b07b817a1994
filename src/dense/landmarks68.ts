import type { HeadTopology } from '../data/head-topology.ts';
import { vertexNormals } from '../mesh/vertex-normals.ts';
import { OUTLINE_POINTS } from './portrait-protocol.ts';

/** Outline points keep their vertex where its normal turns towards the eye by at least this cosine. */
const FACING = 0.15;

/** Candidates for an outline point lie within this share of its distance from the ray between it and the middle of the face. */
const STRIP = 0.12;

/**
 * The 68 vertices that are seen as landmarks from `eye`: those of the topology, but that outline points whose surface is turned away slide
 * towards the middle of the face, on the strip of vertices between, to the first that is not: the visible edge.
 *
 * Zhu et al., "High-fidelity pose and expression normalization for face recognition in the wild", CVPR 2015, 3.1 ("landmark marching"), with
 * facing normals in place of image extent.
 *
 * @param vertices - `[V, 3]` mm.
 * @param eye - `[3]` mm.
 */
export function visibleLandmarks68({ faces, landmarks68, faceMask }: Pick<HeadTopology, 'faces' | 'landmarks68' | 'faceMask'>, vertices: ArrayLike<number>, eye: readonly number[]): Int32Array {
  const normals = vertexNormals({ vertices: Float32Array.from(vertices), faces }), out = Int32Array.from(landmarks68);
  const at = (v: number): [number, number, number] => [vertices[3 * v]!, vertices[3 * v + 1]!, vertices[3 * v + 2]!];
  const facing = (v: number): number => {
    const ray = at(v).map((x, k) => eye[k]! - x), length = Math.hypot(...ray);
    return ray.reduce((sum, x, k) => sum + x * normals[3 * v + k]!, 0) / length;
  };
  // Middle of the face, in its frontal plane: the nose tip (iBUG 30).
  const [cx, cy] = at(landmarks68[30]!);
  for (let i = 0; i < OUTLINE_POINTS; i++) {
    const start = landmarks68[i]!, [x, y] = at(start), dx = cx - x, dy = cy - y, length = Math.hypot(dx, dy);
    if (facing(start) >= FACING || length === 0) continue;
    let best = start, least = Infinity;
    for (let v = 0; v < faceMask.length; v++) {
      if (faceMask[v]! < 0.5) continue;
      const [px, py] = at(v), along = ((px - x) * dx + (py - y) * dy) / length, across = Math.abs((px - x) * dy - (py - y) * dx) / length;
      if (along < 0 || along > 0.75 * length || across > STRIP * length || along >= least || facing(v) < FACING) continue;
      [best, least] = [v, along];
    }
    out[i] = best;
  }
  return out;
}
