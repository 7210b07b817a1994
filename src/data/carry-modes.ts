import type { ProgressListener } from '../core/progress.ts';
import type { SurfacePoint } from '../mesh/closest-point.ts';
import { smoothness } from '../mesh/smoothness.ts';
import type { TriangleMesh } from '../mesh/triangle-mesh.ts';
import { conjugateGradient } from '../sparse/conjugate-gradient.ts';
import { csrFromTriplets } from '../sparse/csr-from-triplets.ts';
import type { CsrMatrix } from '../sparse/csr-matrix.ts';
import { Cholesky } from '../sparse/cholesky.ts';
import type { HeadPieces } from './head-pieces.ts';
import type { IctFace } from './ict.ts';

/** A registered head and the scan that its vertices lie on. */
export interface CarryingHead {
  /** `[V, 3]` the neutral head. */
  readonly vertices: Float64Array;
  /** Its connected skin, in the order of `pieces.skin`. */
  readonly skin: TriangleMesh<Float64Array>;
  /** `[V]` where each vertex lies on the scan; `null` for those that follow. */
  readonly points: readonly (SurfacePoint | null)[];
  readonly pieces: HeadPieces;
  readonly face: IctFace;
}

/** What of a mode the pieces without a place on the scan share. */
export type ModeKind = 'identity' | 'expression' | 'jaw';

/**
 * Modes of the scan as modes of the head: a vertex on the scan moves as its point there does; those beside it follow as smoothly as `smoothness` has it. In an identity,
 * eyeballs move with their lids and teeth with the lips; in an expression all stay, but the lower teeth follow the chin, turning with it, where it is the jaw that moves.
 *
 * @param modes - `[M, N, 3]`.
 * @param kindOf - Of mode m.
 * @returns `[M, V, 3]`.
 */
export function carryModes({ vertices, skin, points, pieces, face }: CarryingHead, modes: Float32Array, kindOf: (m: number) => ModeKind, onProgress?: ProgressListener): Float32Array {
  const V = points.length, N = face.neutral.length / 3, M = modes.length / (3 * N), out = new Float32Array(3 * M * V), chin = chinOf(points, face);
  for (let m = 0; m < M; m++) {
    points.forEach((point, v) => {
      if (point) for (let k = 0; k < 3; k++) out[3 * (m * V + v) + k] = point.weights.reduce((sum, w, c) => sum + w * modes[3 * (m * N + point.corners[c]!) + k]!, 0);
    });
  }
  const extend = createExtension(skin, points, pieces.skin), began = performance.now();
  for (let m = 0; m < M; m += BATCH) {
    const count = Math.min(BATCH, M - m);
    extend(out.subarray(3 * m * V, 3 * (m + count) * V), count);
    onProgress?.({ label: 'carry modes', done: m + count, total: M, seconds: (performance.now() - began) / 1000 });
  }
  for (let m = 0; m < M; m++) {
    const mode = out.subarray(3 * m * V, 3 * (m + 1) * V), kind = kindOf(m), shift = (from: Int32Array, to: Int32Array): void => {
      for (let k = 0; k < 3; k++) {
        const mean = from.reduce((sum, v) => sum + mode[3 * v + k]! / from.length, 0);
        for (const v of to) mode[3 * v + k] = mean;
      }
    };
    if (kind === 'identity') {
      for (const { ball, lids } of pieces.eyes) shift(lids, ball);
      shift(pieces.lips, pieces.upperTeeth);
      shift(pieces.lips, pieces.lowerTeeth);
    } else if (kind === 'jaw') turnAlong(mode, vertices, chin, pieces.lowerTeeth);
  }
  return out;
}

/** Vertices whose places are nearest to ICT's landmarks of the chin, 6 to 10: within 12 mm. */
function chinOf(points: readonly (SurfacePoint | null)[], { neutral, landmarks68 }: IctFace): Int32Array {
  const chin = [6, 7, 8, 9, 10].map((i) => 3 * landmarks68[i]!);
  return Int32Array.from([...points.keys()].filter((v) => {
    const point = points[v];
    if (!point) return false;
    const p = [0, 1, 2].map((k) => point.weights.reduce((sum, w, c) => sum + w * neutral[3 * point.corners[c]! + k]!, 0));
    return chin.some((o) => Math.hypot(...p.map((x, k) => x - neutral[o + k]!)) < 12);
  }));
}

/** Moves `to` as the small rigid motion d = t + w x p that is nearest to what `from` does. */
function turnAlong(mode: Float32Array, vertices: Float64Array, from: Int32Array, to: Int32Array): void {
  const normal = new Float64Array(36), right = new Float64Array(6), middle = [0, 1, 2].map((k) => from.reduce((sum, v) => sum + vertices[3 * v + k]! / from.length, 0));
  const rows = (v: number): number[][] => {
    const [x, y, z] = [0, 1, 2].map((k) => vertices[3 * v + k]! - middle[k]!) as [number, number, number];
    return [[1, 0, 0, 0, z, -y], [0, 1, 0, -z, 0, x], [0, 0, 1, y, -x, 0]];
  };
  for (const v of from) {
    rows(v).forEach((row, k) => {
      for (let a = 0; a < 6; a++) {
        right[a]! += row[a]! * mode[3 * v + k]!;
        for (let b = 0; b < 6; b++) normal[6 * a + b]! += row[a]! * row[b]!;
      }
    });
  }
  const factor = new Cholesky(normal, 6), motion = factor.backward(factor.forward(right));
  for (const v of to) rows(v).forEach((row, k) => { mode[3 * v + k] = row.reduce((sum, x, a) => sum + x * motion[a]!, 0); });
}

/** Modes solved for at once. */
const BATCH = 17;
const SOLVER = { tolerance: 1e-5, maxIterations: 20000 };

/** Prepares the filling of the rows of vertices without a place: S_ff x_f = -S_fh x_h, several modes `[M, V, 3]` at once. */
function createExtension(skin: TriangleMesh, points: readonly (SurfacePoint | null)[], index: Int32Array): (modes: Float32Array, M: number) => void {
  const S = smoothness(skin), V = points.length, free = [...index.keys()].filter((i) => !points[index[i]!]), row = new Int32Array(index.length).fill(-1);
  free.forEach((i, r) => { row[i] = r; });
  const rows: number[] = [], columns: number[] = [], values: number[] = [], held: { r: number; v: number; value: number }[] = [];
  free.forEach((i, r) => {
    for (let p = S.rowPtr[i]!; p < S.rowPtr[i + 1]!; p++) {
      const j = S.colIndex[p]!, value = S.values[p]!;
      if (row[j]! < 0) held.push({ r, v: index[j]!, value });
      else { rows.push(r); columns.push(row[j]!); values.push(value); }
    }
  });
  const matrix: CsrMatrix<Float64Array> = csrFromTriplets([free.length, free.length], rows, columns, Float64Array.from(values));
  return (modes, M) => {
    const cols = 3 * M, right = new Float64Array(free.length * cols);
    for (const { r, v, value } of held) for (let m = 0; m < M; m++) for (let k = 0; k < 3; k++) right[r * cols + 3 * m + k]! -= value * modes[3 * (m * V + v) + k]!;
    const x = conjugateGradient(matrix, right, cols, SOLVER);
    free.forEach((i, r) => { for (let m = 0; m < M; m++) for (let k = 0; k < 3; k++) modes[3 * (m * V + index[i]!) + k] = x[r * cols + 3 * m + k]!; });
  };
}
