import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import type { ProgressListener } from '../core/progress.ts';
import { conjugateGradient } from '../sparse/conjugate-gradient.ts';
import { csrFromTriplets } from '../sparse/csr-from-triplets.ts';
import type { CsrMatrix } from '../sparse/csr-matrix.ts';
import { csrTimesDense } from '../sparse/csr-times-dense.ts';
import { multiplyCsr } from '../sparse/multiply-csr.ts';
import { flippedFaces } from './flipped-faces.ts';
import { buildHierarchy } from './hierarchy.ts';
import { createSurfaceMatcher, type SurfaceMatches } from './match-surface.ts';
import { smoothness } from './smoothness.ts';
import { assertTriangleMesh, type TriangleMesh } from './triangle-mesh.ts';

/** Where a vertex is led. */
export interface SurfaceLandmark {
  readonly vertex: number;
  readonly position: ArrayLike<number>;
}

/** Options of {@link registerSurface}. */
export interface RegisterOptions {
  /** Steps on each level, the coarsest first; a quarter of the vertices from one to the next coarser. */
  readonly steps: readonly number[];
  /** Weight of smoothness against a matched vertex's squared distance, at the first and the last step; geometric between. */
  readonly stiffness: readonly [first: number, last: number];
  /** Weight of a landmark's squared distance against a matched vertex's. */
  readonly landmarkWeight: number;
  /** Least cosine of matched normals, and the greatest distance of a match at the first and the last step, mesh units. */
  readonly minCosine: number;
  readonly maxDistance: readonly [first: number, last: number];
  /** `[V]` in [0, 1]: how much each vertex is drawn to the surface; 0 follows its neighbours. `null` is 1 everywhere. */
  readonly follow: ArrayLike<number> | null;
  /** `[V]` the vertex on the other side of x = 0: the result is then symmetric. `null` for none. */
  readonly mirror: Int32Array | null;
  readonly onProgress: ProgressListener | null;
}

export const REGISTER_DEFAULTS: RegisterOptions = {
  steps: [12, 10, 8, 12], stiffness: [300, 20], landmarkWeight: 20, minCosine: 0.5, maxDistance: [20, 4], follow: null, mirror: null, onProgress: null,
};

/** A mesh that has taken a surface's shape. */
export interface RegisteredSurface {
  /** `[V, 3]`. */
  readonly vertices: Float64Array;
  /** Where each vertex lies on the surface, or `null` for those that follow. */
  readonly matches: SurfaceMatches;
  /** Faces that turned over, by `flippedFaces`: none, unless releasing them did not help. */
  readonly flipped: readonly number[];
}

/** Faces that turned over are let go with their neighbours and solved for again at most this often; from the given round on the landmarks among them too, and all is made twice as stiff each time. */
const RELEASES = 16, FIRMER = 4;

/** Residual at which a step's solution is good enough: the next step moves the matches anyway. */
const SOLVER = { tolerance: 1e-4, maxIterations: 5000 };

/**
 * Deforms a mesh onto a surface, led by landmarks: each step matches vertices to the nearest points of the surface with compatible normals and solves for the
 * displacement d of the least `stiffness |d|_S^2 + sum follow |p + d - match|^2 + landmarkWeight sum |p + d - landmark|^2`, S the `smoothness`
 * of the mesh as it came. Coarse to fine over the levels of `buildHierarchy`, each from the displacement of the one before; softer from step to step.
 * Triangles that turn over in the end are let go of the surface until they follow their neighbours, if need be ever stiffer ones. The same input gives the same bits.
 *
 * After Amberg, Romdhani and Vetter, "Optimal Step Nonrigid ICP Algorithms for Surface Registration", CVPR 2007, with a Laplacian in the place of
 * affine differences.
 *
 * @param mesh - Near the surface already: same unit, aligned.
 * @throws {@link ArgumentError} if a mesh is invalid, or an option or a landmark out of range.
 */
export function registerSurface(mesh: TriangleMesh, surface: TriangleMesh, landmarks: readonly SurfaceLandmark[], options?: Partial<RegisterOptions>): RegisteredSurface {
  const where = 'registerSurface', resolved = resolveOptions(where, REGISTER_DEFAULTS, options), { steps, stiffness, landmarkWeight, minCosine, maxDistance, mirror, onProgress } = resolved;
  assertTriangleMesh(where, mesh);
  assertTriangleMesh(where, surface);
  const V = mesh.vertices.length / 3;
  assertOptions(where, resolved, landmarks, V);
  const { levels, upTransforms, downTransforms, permutation } = buildHierarchy(mesh, { levels: steps.length - 1, factor: 4 }), place = new Int32Array(V), match = createSurfaceMatcher(surface);
  permutation.forEach((v, i) => { place[v] = i; });
  const follows = [Float64Array.from(permutation, (v) => resolved.follow?.[v] ?? 1)];
  for (const down of downTransforms) follows.push(csrTimesDense(down, follows.at(-1)!, 1));
  const targets = Float64Array.from(landmarks.flatMap(({ vertex, position }) => [0, 1, 2].map((k) => position[k]! - mesh.vertices[3 * vertex + k]!)));
  const led = new Float64Array(landmarks.length).fill(landmarkWeight), twin = mirror && Int32Array.from(permutation, (v) => place[mirror[v]!]!), total = steps.reduce((a, b) => a + b, 0), began = performance.now();
  let displacement = new Float64Array(levels.at(-1)!.vertices.length), done = 0, matches: SurfaceMatches = [];
  for (let level = steps.length - 1; level >= 0; level--) {
    const { vertices: rest, faces } = levels[level]!, rough = smoothness(levels[level]!), follow = follows[level]!;
    const pick = upTransforms.slice(0, level).reduce<CsrMatrix<Float64Array>>((left, up) => multiplyCsr(left, up), selectRows(landmarks.map(({ vertex }) => place[vertex]!), V));
    const solve = (softness: number, limits: readonly [number, number], pull: ArrayLike<number>): void => {
      matches = match({ vertices: add(rest, displacement), faces }, { minCosine: limits[0], maxDistance: limits[1] }, pull);
      displacement = step({ rest, rough, pick, targets, led, softness }, matches, pull, surface, displacement);
      if (level === 0 && twin) symmetrize(displacement, twin);
    };
    for (let i = 0; i < steps[steps.length - 1 - level]!; i++) {
      const t = total > 1 ? done / (total - 1) : 1;
      solve(stiffness[0] * (stiffness[1] / stiffness[0]) ** t, [minCosine, maxDistance[0] + t * (maxDistance[1] - maxDistance[0])], follow);
      done++;
      onProgress?.({ label: 'register', done, total, seconds: (performance.now() - began) / 1000, note: `${rest.length / 3} vertices` });
    }
    if (level > 0) displacement = csrTimesDense(upTransforms[level - 1]!, displacement, 3);
    else releaseFlipped(levels[0]!, () => displacement, (v, round) => {
      follow[v] = 0;
      if (round >= FIRMER) for (const [l, { vertex }] of landmarks.entries()) if (place[vertex] === v) led[l] = 0;
    }, twin, (round) => solve(stiffness[1] * 2 ** Math.max(0, round - FIRMER), [minCosine, maxDistance[1]], follow));
  }
  const [finest] = levels, moved = add(finest!.vertices, displacement), final = match({ vertices: moved, faces: finest!.faces }, { minCosine, maxDistance: maxDistance[1] }, follows[0]);
  return {
    vertices: Float64Array.from({ length: 3 * V }, (_, i) => moved[3 * place[Math.floor(i / 3)]! + i % 3]!), matches: Array.from(place, (i) => final[i]!), flipped: flippedFaces(finest!, moved),
  };
}

function assertOptions(where: string, { steps, stiffness, landmarkWeight, follow, mirror }: RegisterOptions, landmarks: readonly SurfaceLandmark[], V: number): void {
  if (steps.length === 0 || !steps.every((n) => Number.isInteger(n) && n >= 0)) throw new ArgumentError(where, 'steps', 'a whole number for each level', `[${steps}]`);
  if (!stiffness.every((x) => x > 0 && x < Infinity)) throw new ArgumentError(where, 'stiffness', 'two positive numbers', `[${stiffness}]`);
  if (!(landmarkWeight >= 0 && landmarkWeight < Infinity)) throw new ArgumentError(where, 'landmarkWeight', 'a number of at least 0', `${landmarkWeight}`);
  if (follow && follow.length !== V) throw new ArgumentError(where, 'follow', `length ${V}`, `${follow.length}`);
  if (mirror && mirror.length !== V) throw new ArgumentError(where, 'mirror', `length ${V}`, `${mirror.length}`);
  const stray = landmarks.find(({ vertex, position }) => !(Number.isInteger(vertex) && vertex >= 0 && vertex < V) || ![0, 1, 2].every((k) => Number.isFinite(position[k])));
  if (stray) throw new ArgumentError(where, 'landmarks', `a vertex in [0, ${V}) and three finite numbers each`, `vertex ${stray.vertex}`);
}

interface System {
  readonly rest: Float64Array;
  readonly rough: CsrMatrix<Float64Array>;
  /** `[landmarks, n]`. */
  readonly pick: CsrMatrix<Float64Array>;
  /** `[landmarks, 3]` displacements wanted. */
  readonly targets: Float64Array;
  /** `[landmarks]` weights. */
  readonly led: Float64Array;
  readonly softness: number;
}

/** One solution, as a correction of the displacement before: (softness S + W + P^T led P) correction = what is left. */
function step({ rest, rough, pick, targets, led, softness }: System, matches: SurfaceMatches, pull: ArrayLike<number>, surface: TriangleMesh, before: Float64Array): Float64Array<ArrayBuffer> {
  const n = rest.length / 3, rows: number[] = [], cols: number[] = [], values: number[] = [], right = csrTimesDense(rough, before, 3).map((x) => -softness * x);
  const put = (r: number, c: number, value: number): void => { rows.push(r); cols.push(c); values.push(value); };
  for (let r = 0; r < n; r++) for (let p = rough.rowPtr[r]!; p < rough.rowPtr[r + 1]!; p++) put(r, rough.colIndex[p]!, softness * rough.values[p]!);
  matches.forEach((point, v) => {
    put(v, v, point ? pull[v]! : 0);
    if (point) for (let k = 0; k < 3; k++) right[3 * v + k]! += pull[v]! * (pointOf(surface, point, k) - rest[3 * v + k]! - before[3 * v + k]!);
  });
  const left = csrTimesDense(pick, before, 3);
  for (let l = 0; l < pick.shape[0]; l++) {
    for (let p = pick.rowPtr[l]!; p < pick.rowPtr[l + 1]!; p++) {
      const v = pick.colIndex[p]!, weight = led[l]! * pick.values[p]!;
      for (let k = 0; k < 3; k++) right[3 * v + k]! += weight * (targets[3 * l + k]! - left[3 * l + k]!);
      for (let q = pick.rowPtr[l]!; q < pick.rowPtr[l + 1]!; q++) put(v, pick.colIndex[q]!, weight * pick.values[q]!);
    }
  }
  // A part that nothing holds, or a vertex of no face, stays where it is.
  for (let v = 0; v < n; v++) put(v, v, 1e-6);
  const correction = conjugateGradient(csrFromTriplets([n, n], rows, cols, Float64Array.from(values)), right, 3, SOLVER);
  return add(before, correction);
}

/** Coordinate k of a point of the surface. */
const pointOf = ({ vertices }: TriangleMesh, { corners, weights }: NonNullable<SurfaceMatches[number]>, k: number): number =>
  weights[0] * vertices[3 * corners[0] + k]! + weights[1] * vertices[3 * corners[1] + k]! + weights[2] * vertices[3 * corners[2] + k]!;

function releaseFlipped(finest: TriangleMesh<Float64Array>, displacement: () => Float64Array, release: (vertex: number, round: number) => void, twin: Int32Array | null, solve: (round: number) => void): void {
  for (let round = 0; round < RELEASES; round++) {
    const flipped = flippedFaces(finest, add(finest.vertices, displacement()));
    if (flipped.length === 0) return;
    const held = new Set(flipped.flatMap((f) => [...finest.faces.subarray(3 * f, 3 * f + 3)])), near = new Set(held);
    for (let f = 0; f < finest.faces.length; f += 3) {
      const corners = [...finest.faces.subarray(f, f + 3)];
      if (corners.some((v) => held.has(v))) corners.forEach((v) => near.add(v));
    }
    for (const v of near) {
      release(v, round);
      if (twin) release(twin[v]!, round);
    }
    solve(round);
  }
}

const selectRows = (index: readonly number[], count: number): CsrMatrix<Float64Array> =>
  csrFromTriplets([index.length, count], index.map((_, i) => i), index, new Float64Array(index.length).fill(1));

const add = (a: Float64Array, b: Float64Array): Float64Array<ArrayBuffer> => Float64Array.from(a, (x, i) => x + b[i]!);

function symmetrize(displacement: Float64Array, twin: Int32Array): void {
  twin.forEach((u, v) => {
    if (u < v) return;
    const x = (displacement[3 * v]! - displacement[3 * u]!) / 2;
    displacement[3 * v] = x;
    displacement[3 * u] = -x;
    for (const k of [1, 2]) displacement[3 * v + k] = displacement[3 * u + k] = (displacement[3 * v + k]! + displacement[3 * u + k]!) / 2;
  });
}
