import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import { alignPoints, type Similarity } from '../mesh/align-points.ts';
import { createClosestPoint } from '../mesh/closest-point.ts';
import { invertSimilarity, movePoints } from '../mesh/move-points.ts';
import type { TriangleMesh } from '../mesh/triangle-mesh.ts';
import { vertexAreas } from '../mesh/vertex-areas.ts';
import { type DepthWindow, visibleVertices } from '../mesh/visible-vertices.ts';
import { type FaceArea, faceArea, faceWindows } from './face-area.ts';

/** Options of {@link shapeError}. */
export interface ShapeErrorOptions {
  /** Whether the mesh may be scaled to the scan. */
  readonly scale: boolean;
  /** Rounds of closest points after the seven points: each aligns the mesh to all vertices of the face area; 0: the seven points alone. */
  readonly rounds: number;
  /** Of the face area, millimetres; `null`: as {@link faceArea} has it. */
  readonly radius: number | null;
}

export const SHAPE_ERROR_DEFAULTS: ShapeErrorOptions = { scale: true, rounds: 50, radius: null };

/** How far a scan lies from a mesh. */
export interface ShapeError {
  /** `[V]` of the scan, millimetres; NaN outside the face area. */
  readonly distance: Float64Array;
  /** `[V]` what each vertex counts, sum 1: its share of the face area's surface; 0 outside. Of a scan without faces all count the same. */
  readonly weight: Float64Array;
  /** Vertices in the face area. */
  readonly count: number;
  readonly median: number;
  readonly mean: number;
  /** Standard deviation. */
  readonly deviation: number;
  /** Root mean square distance of the seven points when they alone had been aligned, millimetres. */
  readonly points: number;
  /** Mesh to scan. */
  readonly alignment: Similarity;
}

/** The refinement ends when the mean square distance falls by less than this share, or the distance is this share of the area's radius. */
const STILL = 1e-6, NOTHING = 1e-7;

/**
 * Distances from the vertices of a scan's face area to the surface of a mesh that was aligned to it: by seven points, then by closest points.
 *
 * Sanyal, Bolkart, Feng and Black, "Learning to regress 3D face shape and expression from an image without 3D supervision" (the NoW benchmark),
 * CVPR 2019, section 6 and its evaluation: area, alignment, distance from the scan to the mesh.
 * Its scans are of even density; here each vertex counts by the surface about it, so that a scan's finer parts (lids, lips) count no more than they measure,
 * and what is seen neither from the front nor from the sides (the inside of a scan's mouth) does not count.
 *
 * @param scan - Millimetres, any place and attitude.
 * @param scanPoints - `[7, 3]` in the order of `SEVEN_POINTS`, on the scan.
 * @param meshPoints - `[7]` vertices of the mesh, in the same order.
 * @throws {@link ArgumentError} if there are not seven points, a vertex is none of the mesh, the points lie on a line, fewer than 100 vertices of the scan
 *   lie in the face area, or an option is out of range.
 */
export function shapeError(scan: Pick<TriangleMesh, 'vertices' | 'faces'>, scanPoints: ArrayLike<number>, mesh: TriangleMesh, meshPoints: ArrayLike<number>, options?: Partial<ShapeErrorOptions>): ShapeError {
  const where = 'shapeError', { scale, rounds, radius } = resolveOptions(where, SHAPE_ERROR_DEFAULTS, options);
  if (!(Number.isInteger(rounds) && rounds >= 0)) throw new ArgumentError(where, 'rounds', 'a whole number of at least 0', String(rounds));
  if (radius !== null && !(radius > 0 && radius < Infinity)) throw new ArgumentError(where, 'radius', 'a positive number', String(radius));
  const own = pointsOfMesh(where, mesh, meshPoints);
  assertPoints(where, scanPoints);
  const area = faceArea(scanPoints, radius ?? undefined), inArea = areaVertices(where, scan, area, faceWindows(scanPoints, area)), targets = Float64Array.from(inArea.flatMap((v) => [scan.vertices[3 * v]!, scan.vertices[3 * v + 1]!, scan.vertices[3 * v + 2]!]));
  const weights = shares(scan, inArea);
  let alignment = alignPoints(own, scanPoints, { scale, weights: null });
  const seven = movePoints(own, alignment), points = Math.sqrt(seven.reduce((sum, x, i) => sum + (x - scanPoints[i]!) ** 2, 0) / 7), closest = createClosestPoint(mesh);
  let found = measure(closest, mesh, targets, weights, alignment);
  for (let round = 0; round < rounds && Math.sqrt(found.square) > NOTHING * area.radius; round++) {
    const next = alignPoints(found.nearest, targets, { scale, weights }), then = measure(closest, mesh, targets, weights, next);
    if (!(then.square < found.square)) break;
    const gain = 1 - then.square / found.square;
    [alignment, found] = [next, then];
    if (gain < STILL) break;
  }
  const distance = new Float64Array(scan.vertices.length / 3).fill(NaN), weight = new Float64Array(distance.length), { distances } = found;
  inArea.forEach((v, i) => {
    distance[v] = distances[i]!;
    weight[v] = weights[i]!;
  });
  const mean = distances.reduce((sum, d, i) => sum + weights[i]! * d, 0), variance = distances.reduce((sum, d, i) => sum + weights[i]! * (d - mean) ** 2, 0);
  return { distance, weight, count: inArea.length, median: weightedMedian(distances, weights), mean, deviation: Math.sqrt(variance), points, alignment };
}

function shares({ vertices, faces }: Pick<TriangleMesh, 'vertices' | 'faces'>, inArea: readonly number[]): number[] {
  const areas = vertexAreas({ vertices, faces }), chosen = inArea.map((v) => (faces.length > 0 ? areas[v]! : 1)), total = chosen.reduce((a, b) => a + b, 0);
  return chosen.map((x) => x / total);
}

function weightedMedian(values: ArrayLike<number>, weights: readonly number[]): number {
  let below = 0;
  const order = weights.map((_, i) => i).sort((a, b) => values[a]! - values[b]!), at = order.find((i) => (below += weights[i]!) >= 0.5);
  return values[at ?? order.at(-1)!]!;
}

// Distances are sought in the mesh's own place, where its tree is, and scaled to the scan's.
function measure(closest: ReturnType<typeof createClosestPoint>, { vertices }: TriangleMesh, targets: Float64Array, shares: readonly number[], alignment: Similarity): { distances: Float64Array; nearest: Float64Array; square: number } {
  const moved = movePoints(targets, invertSimilarity(alignment)), distances = new Float64Array(moved.length / 3), nearest = new Float64Array(moved.length);
  let square = 0;
  for (let i = 0; i < distances.length; i++) {
    const { corners, weights, distance } = closest(moved[3 * i]!, moved[3 * i + 1]!, moved[3 * i + 2]!);
    distances[i] = alignment.scale * distance;
    square += shares[i]! * distances[i]! ** 2;
    for (let k = 0; k < 3; k++) nearest[3 * i + k] = corners.reduce((sum, v, c) => sum + weights[c]! * vertices[3 * v + k]!, 0);
  }
  return { distances, nearest, square };
}

const MIN_VERTICES = 100;

function areaVertices(where: string, { vertices, faces }: Pick<TriangleMesh, 'vertices' | 'faces'>, { center: [x, y, z], radius }: FaceArea, windows: readonly DepthWindow[]): number[] {
  const out: number[] = [], seen = windows.map((window) => visibleVertices({ vertices, faces }, window));
  for (let v = 0; v < vertices.length / 3; v++) if (Math.hypot(vertices[3 * v]! - x!, vertices[3 * v + 1]! - y!, vertices[3 * v + 2]! - z!) <= radius && seen.some((by) => by[v] === 1)) out.push(v);
  if (out.length < MIN_VERTICES) throw new ArgumentError(where, 'the scan', `at least ${MIN_VERTICES} vertices within ${radius.toFixed(1)} mm of the middle of the face`, `${out.length} of ${vertices.length / 3}`);
  return out;
}

function pointsOfMesh(where: string, { vertices }: TriangleMesh, indices: ArrayLike<number>): number[] {
  const stray = Array.from(indices).find((v) => !(Number.isInteger(v) && v >= 0 && v < vertices.length / 3));
  if (indices.length !== 7 || stray !== undefined) throw new ArgumentError(where, 'the points of the mesh', `seven vertices below ${vertices.length / 3}`, stray === undefined ? String(indices.length) : String(stray));
  return Array.from(indices).flatMap((v) => [vertices[3 * v]!, vertices[3 * v + 1]!, vertices[3 * v + 2]!]);
}

/** Least distance of some point from the line through the outer eye corners, as a share of their distance. */
const THIN = 0.1;

function assertPoints(where: string, p: ArrayLike<number>): void {
  if (p.length !== 21 || !Array.from(p).every(Number.isFinite)) throw new ArgumentError(where, 'the points of the scan', 'seven places of three finite numbers', `${p.length / 3}`);
  const line = [0, 1, 2].map((k) => p[9 + k]! - p[k]!), length = Math.hypot(...line);
  const away = Math.max(...[1, 2, 4, 5, 6].map((i) => {
    const d = [0, 1, 2].map((k) => p[3 * i + k]! - p[k]!), along = d.reduce((sum, x, k) => sum + x * line[k]!, 0) / length;
    return Math.sqrt(Math.max(0, d.reduce((sum, x) => sum + x * x, 0) - along * along));
  }));
  if (!(away > THIN * length)) throw new ArgumentError(where, 'the points of the scan', 'places that span a face', 'all of them on one line or in one place');
}
