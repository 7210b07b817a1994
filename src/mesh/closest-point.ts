import { ArgumentError } from '../core/errors.ts';
import type { FloatArray } from '../sparse/csr-matrix.ts';
import { closestPointOnTriangle } from './closest-point-on-triangle.ts';
import type { TriangleMesh } from './triangle-mesh.ts';

/** The point of a surface nearest to a query. */
export interface SurfacePoint {
  /** -1 where the mesh has no faces and the point is a vertex. */
  readonly face: number;
  /** Corners of the face (or three times the vertex). */
  readonly corners: readonly [number, number, number];
  /** Barycentric, each at least 0, sum 1. */
  readonly weights: readonly [number, number, number];
  readonly distance: number;
}

/**
 * Finds the point of a surface nearest to (x, y, z); ties fall to the lower face index.
 *
 * `accept` tells which faces count; with none accepted, `face` is -1 and the distance infinite.
 */
export type ClosestPoint = (x: number, y: number, z: number, accept?: (face: number) => boolean) => SurfacePoint;

const LEAF_FACES = 4;

/**
 * Prepares closest-point queries on a triangle mesh: a bounding-volume hierarchy, median splits, exact.
 *
 * A mesh without faces answers with its nearest vertex, whatever `accept` says.
 *
 * @throws {@link ArgumentError} if the mesh has no vertex.
 */
export function createClosestPoint({ vertices, faces }: TriangleMesh): ClosestPoint {
  if (vertices.length === 0) throw new ArgumentError('createClosestPoint', 'mesh', 'at least one vertex', 'none');
  if (faces.length === 0) return (x, y, z) => closestVertex(vertices, x, y, z);
  const count = faces.length / 3, order = Int32Array.from({ length: count }, (_, f) => f);
  const centroids = Float64Array.from({ length: 3 * count }, (_, i) => {
    const f = Math.floor(i / 3), k = i % 3;
    return (vertices[3 * faces[3 * f]! + k]! + vertices[3 * faces[3 * f + 1]! + k]! + vertices[3 * faces[3 * f + 2]! + k]!) / 3;
  });
  // Node: box (6 numbers), then children (first, second) or, in a leaf, (-1 - begin, end).
  const boxes: number[] = [], children: number[] = [];
  const build = (begin: number, end: number): number => {
    const node = children.length / 2, box = boundingBox(vertices, faces, order, begin, end);
    boxes.push(...box);
    children.push(-1 - begin, end);
    if (end - begin <= LEAF_FACES) return node;
    const extents = [0, 1, 2].map((k) => box[k + 3]! - box[k]!), axis = extents.indexOf(Math.max(...extents));
    order.subarray(begin, end).sort((a, b) => centroids[3 * a + axis]! - centroids[3 * b + axis]! || a - b);
    const middle = (begin + end) >> 1;
    children[2 * node] = build(begin, middle);
    children[2 * node + 1] = build(middle, end);
    return node;
  };
  build(0, count);

  const boxDistance = (node: number, x: number, y: number, z: number): number => {
    const o = 6 * node;
    const dx = Math.max(boxes[o]! - x, 0, x - boxes[o + 3]!), dy = Math.max(boxes[o + 1]! - y, 0, y - boxes[o + 4]!), dz = Math.max(boxes[o + 2]! - z, 0, z - boxes[o + 5]!);
    return dx * dx + dy * dy + dz * dz;
  };
  const found = new Float64Array(4);
  return (x, y, z, accept) => {
    let best = Infinity, face = -1, weights: [number, number, number] = [1, 0, 0];
    const stack = [0];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (boxDistance(node, x, y, z) > best) continue;
      const first = children[2 * node]!, second = children[2 * node + 1]!;
      if (first >= 0) {
        const near = boxDistance(first, x, y, z) <= boxDistance(second, x, y, z);
        stack.push(near ? second : first, near ? first : second);
        continue;
      }
      for (let i = -1 - first; i < second; i++) {
        const f = order[i]!;
        if (accept && !accept(f)) continue;
        closestPointOnTriangle(vertices, faces[3 * f]!, faces[3 * f + 1]!, faces[3 * f + 2]!, x, y, z, found);
        if (found[3]! < best || (found[3] === best && f < face)) {
          best = found[3]!;
          face = f;
          weights = [found[0]!, found[1]!, found[2]!];
        }
      }
    }
    if (face < 0) return { face, corners: [0, 0, 0], weights: [1, 0, 0], distance: Infinity };
    return { face, corners: [faces[3 * face]!, faces[3 * face + 1]!, faces[3 * face + 2]!], weights, distance: Math.sqrt(best) };
  };
}

function boundingBox(vertices: FloatArray, faces: Int32Array, order: Int32Array, begin: number, end: number): number[] {
  const box = [Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity];
  for (let i = begin; i < end; i++) {
    for (let c = 0; c < 3; c++) {
      for (let k = 0; k < 3; k++) {
        const value = vertices[3 * faces[3 * order[i]! + c]! + k]!;
        box[k] = Math.min(box[k]!, value);
        box[k + 3] = Math.max(box[k + 3]!, value);
      }
    }
  }
  return box;
}

function closestVertex(vertices: FloatArray, x: number, y: number, z: number): SurfacePoint {
  let best = Infinity, vertex = 0;
  for (let v = 0; v < vertices.length / 3; v++) {
    const dx = vertices[3 * v]! - x, dy = vertices[3 * v + 1]! - y, dz = vertices[3 * v + 2]! - z, squared = dx * dx + dy * dy + dz * dz;
    if (squared < best) {
      best = squared;
      vertex = v;
    }
  }
  return { face: -1, corners: [vertex, vertex, vertex], weights: [1, 0, 0], distance: Math.sqrt(best) };
}
