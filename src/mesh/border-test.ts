import type { SurfacePoint } from './closest-point.ts';
import { meshEdges } from './mesh-edges.ts';

/** Weights below this count as none. */
const EDGE = 1e-9;

/** Prepares the test whether a point of a surface lies on an open border. */
export function createBorderTest(faces: Int32Array): (point: SurfacePoint) => boolean {
  const edges = meshEdges(faces), vertices = new Set<number>(), sides = new Set<string>(), key = (a: number, b: number): string => (a < b ? `${a} ${b}` : `${b} ${a}`);
  for (let e = 0; e < edges.length; e += 4) {
    if (edges[e + 3]! >= 0) continue;
    sides.add(key(edges[e]!, edges[e + 1]!));
    vertices.add(edges[e]!).add(edges[e + 1]!);
  }
  return ({ corners, weights }) => {
    const held = corners.filter((_, k) => weights[k]! > EDGE);
    return held.length === 1 ? vertices.has(held[0]!) : held.length === 2 && sides.has(key(held[0]!, held[1]!));
  };
}
