import { ArgumentError } from '../core/errors.ts';
import { meshEdges } from '../mesh/mesh-edges.ts';
import type { TriangleMesh } from '../mesh/triangle-mesh.ts';

/**
 * The two ways of a closed loop of vertices from its corner of the least x to that of the greatest, each by x, the upper one first; both hold the corners.
 *
 * @throws {@link ArgumentError} if the vertices make no closed loop.
 */
export function rimEdges({ vertices, faces }: TriangleMesh, rim: Int32Array): [number[], number[]] {
  const near = new Map<number, number[]>([...rim].map((v) => [v, []])), byX = (a: number, b: number): number => vertices[3 * a]! - vertices[3 * b]! || a - b, [first, ...rest] = [...rim].sort(byX), last = rest.pop();
  for (const edge of edgesOf(faces)) if (near.has(edge[0]) && near.has(edge[1])) { near.get(edge[0])!.push(edge[1]); near.get(edge[1])!.push(edge[0]); }
  if (first === undefined || last === undefined || [...near.values()].some((list) => list.length !== 2)) throw new ArgumentError('rimEdges', 'rim', 'vertices of a closed loop of edges', `${rim.length} of another kind`);
  const ways = near.get(first)!.map((start) => {
    const way = [first, start];
    while (way.at(-1) !== last) way.push(near.get(way.at(-1)!)!.find((v) => v !== way.at(-2))!);
    return way.sort(byX);
  }) as [number[], number[]];
  const height = (way: readonly number[]): number => way.reduce((sum, v) => sum + vertices[3 * v + 1]! / way.length, 0);
  return height(ways[0]) > height(ways[1]) ? ways : [ways[1], ways[0]];
}

function* edgesOf(faces: Int32Array): Generator<readonly [number, number]> {
  const edges = meshEdges(faces);
  for (let e = 0; e < edges.length; e += 4) if (e === 0 || edges[e] !== edges[e - 4] || edges[e + 1] !== edges[e - 3]) yield [edges[e]!, edges[e + 1]!];
}
