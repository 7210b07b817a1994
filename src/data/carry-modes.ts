import type { ProgressListener } from '../core/progress.ts';
import type { SurfacePoint } from '../mesh/closest-point.ts';
import { createExtension } from '../mesh/extend-smoothly.ts';
import type { TriangleMesh } from '../mesh/triangle-mesh.ts';
import { Cholesky } from '../sparse/cholesky.ts';
import type { HeadPieces } from './head-pieces.ts';
import type { IctFace } from './ict.ts';
import { createRimClosing } from './rim-closing.ts';
import { smoothstep } from './smoothstep.ts';

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
export type ModeKind = 'identity' | 'expression' | 'jaw' | 'blink';

/**
 * Modes of the scan as modes of the head: a vertex on the scan moves as its point there does; the pieces without a place have rules of their own; what lies between follows smoothly (`createExtension`).
 *
 * In an identity, eyeballs and sockets move with the mean of the lid margins, teeth and the mouth's cavity with the mean of the lips, and the lips stay closed (`createRimClosing`). In an expression all of these
 * stay, but where it is the jaw that moves: the lower teeth and the floor of the cavity then follow the chin, turning with it. A blink is a tenth stronger than the scan's, which leaves a slit.
 *
 * @param modes - `[M, N, 3]`.
 * @param kindOf - Of mode m.
 * @returns `[M, V, 3]`.
 */
export function carryModes(head: CarryingHead, modes: Float32Array, kindOf: (m: number) => ModeKind, onProgress?: ProgressListener): Float32Array {
  const { vertices, skin, points, pieces, face } = head, V = points.length, N = face.neutral.length / 3, M = modes.length / (3 * N), out = new Float32Array(3 * M * V), began = performance.now();
  const held = new Uint8Array(V), chin = chinOf(points, face), floor = floorWeights(head), closeLips = createRimClosing(skin, pieces.lips.map((v) => pieces.skin.indexOf(v)));
  points.forEach((point, v) => { if (point) held[v] = 1; });
  for (const v of [...pieces.cavity, ...pieces.eyes.flatMap(({ socket }) => [...socket])]) held[v] = 1;
  const extend = createExtension(skin, Array.from(pieces.skin, (v) => held[v]!));
  for (let first = 0; first < M; first += BATCH) {
    const count = Math.min(BATCH, M - first), cols = 3 * count, field = new Float64Array(pieces.skin.length * cols);
    for (let m = first; m < first + count; m++) {
      const mode = out.subarray(3 * m * V, 3 * (m + 1) * V), kind = kindOf(m), gain = kind === 'blink' ? BLINK : 1;
      points.forEach((point, v) => { if (point) for (let k = 0; k < 3; k++) mode[3 * v + k] = gain * point.weights.reduce((sum, w, c) => sum + w * modes[3 * (m * N + point.corners[c]!) + k]!, 0); });
      if (kind === 'identity') {
        for (const { ball, lids, socket } of pieces.eyes) for (const to of [ball, socket]) shift(mode, lids, to, held);
        for (const to of [pieces.upperTeeth, pieces.lowerTeeth, pieces.cavity]) shift(mode, pieces.lips, to, held);
      } else if (kind === 'jaw') turnAlong(mode, vertices, chin, floor);
      pieces.skin.forEach((v, i) => { for (let k = 0; k < 3; k++) field[i * cols + 3 * (m - first) + k] = mode[3 * v + k]!; });
    }
    extend(field, cols);
    if (kindOf(first) === 'identity') closeLips(field, cols);
    pieces.skin.forEach((v, i) => { for (let m = 0; m < count; m++) for (let k = 0; k < 3; k++) out[3 * ((first + m) * V + v) + k] = field[i * cols + 3 * m + k]!; });
    onProgress?.({ label: 'carry modes', done: first + count, total: M, seconds: (performance.now() - began) / 1000 });
  }
  return out;
}

/** ICT's full blink leaves the inner third of an eye 0.8 mm open; this much more of it closes. */
const BLINK = 1.1;
/** Modes solved for at once. */
const BATCH = 17;

/** Moves `to` by the mean of those of `from` that are known. */
function shift(mode: Float32Array, from: Int32Array, to: Int32Array, held: Uint8Array): void {
  const known = from.filter((v) => held[v]);
  for (let k = 0; k < 3; k++) {
    const mean = known.reduce((sum, v) => sum + mode[3 * v + k]! / known.length, 0);
    for (const v of to) mode[3 * v + k] = mean;
  }
}

/** How much each piece moves with the jaw: the lower teeth wholly, the cavity below the lips' meeting. */
function floorWeights({ vertices, pieces: { lips, lowerTeeth, cavity } }: CarryingHead): Map<number, number> {
  const middle = lips.reduce((sum, v) => sum + vertices[3 * v + 1]! / lips.length, 0);
  return new Map([...[...lowerTeeth].map((v) => [v, 1] as const), ...[...cavity].map((v) => [v, smoothstep(middle + 5, middle - 5, vertices[3 * v + 1]!)] as const)]);
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

/** Moves vertices, each by its weight, as the small rigid motion d = t + w x p that is nearest to what `from` does. */
function turnAlong(mode: Float32Array, vertices: Float64Array, from: Int32Array, weights: ReadonlyMap<number, number>): void {
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
  for (const [v, weight] of weights) rows(v).forEach((row, k) => { mode[3 * v + k] = weight * row.reduce((sum, x, a) => sum + x * motion[a]!, 0); });
}
