import * as tf from '@tensorflow/tfjs';
import type { MeshDecoder } from '../decoder/mesh-decoder.ts';
import type { FaceModel } from '../decoder/face-model.ts';
import { conjugateGradient } from '../sparse/conjugate-gradient.ts';
import { csrFromTriplets } from '../sparse/csr-from-triplets.ts';

/** Millimetres by which an expression moves landmarks (iBUG): right of the picture, up, out of the face; points not named may do anything. */
type Displacements = Readonly<Record<number, readonly [number, number, number]>>;

const still = (...points: readonly number[]): Displacements => Object.fromEntries(points.map((p) => [p, [0, 0, 0]]));
const all = (points: readonly number[], by: readonly [number, number, number]): Displacements => Object.fromEntries(points.map((p) => [p, by]));

/** Both overshoot: a fit comes back from too much more easily than it finds its way from too little. */
const EXPRESSIONS = {
  /** Lips drawn apart over the teeth. */
  smile: {
    ...still(27, 30, 36, 39, 42, 45), ...all([48, 60], [-17, 7, -12]), ...all([54, 64], [17, 7, -12]), ...all([61, 62, 63], [0, 7, -2.4]), ...all([65, 66, 67], [0, -12, -2.4]),
  },
  /** Lids drawn apart. */
  openEyes: { ...still(19, 24, 27, 30, 36, 39, 42, 45, 48, 54, 62, 66), ...all([37, 38, 43, 44], [0, 7.5, 1.5]), ...all([40, 41, 46, 47], [0, -1.5, 0]) },
} as const satisfies Record<string, Displacements>;

/** Millimetres of freedom at each point. */
const SLACK = 1;

/** Latents decoded at once. */
const CHUNK = 16;

const known = new WeakMap<MeshDecoder, Readonly<Record<keyof typeof EXPRESSIONS, Float32Array>>>();

/**
 * The most likely latents whose mean faces smile or open their eyes: places to start a fit from, since what closed lips and lids hide gives no
 * gradient. The least `|z|^2 + |J z - d|^2 / SLACK^2`, J the Jacobian of the landmarks at the mean by differences of one deviation, d the displacements
 * of the expression. Worked out once for each decoder, in a few tenths of a second.
 */
export function expressionLatents({ decoder, topology }: Pick<FaceModel, 'decoder' | 'topology'>): Readonly<Record<keyof typeof EXPRESSIONS, Float32Array>> {
  const before = known.get(decoder);
  if (before) return before;
  const jacobian = landmarkJacobian(decoder, topology.landmarks68);
  const latents = { smile: solve(jacobian, EXPRESSIONS.smile), openEyes: solve(jacobian, EXPRESSIONS.openEyes) };
  known.set(decoder, latents);
  return latents;
}

/** Per latent number, `[3 * 68]`: millimetres that one deviation moves each landmark. */
function landmarkJacobian(decoder: MeshDecoder, landmarks: Int32Array): Float64Array[] {
  const L = decoder.config.latentSize, V = decoder.vertexCount, out: Float64Array[] = [];
  const places = (rows: number[][]): Float32Array[] => tf.tidy(() => {
    const vertices = decoder.decode(tf.tensor2d(rows)).vertices.dataSync<'float32'>();
    return rows.map((_, b) => Float32Array.from({ length: 3 * landmarks.length }, (__, i) => vertices[3 * (b * V + landmarks[Math.floor(i / 3)]!) + (i % 3)]!));
  });
  const mean = places([new Array<number>(L).fill(0)])[0]!;
  for (let begin = 0; begin < L; begin += CHUNK) {
    const units = Array.from({ length: Math.min(CHUNK, L - begin) }, (_, i) => Array.from({ length: L }, (__, j) => (j === begin + i ? 1 : 0)));
    for (const at of places(units)) out.push(Float64Array.from(at, (x, k) => x - mean[k]!));
  }
  return out;
}

// z = J^T (J J^T + SLACK^2 I)^-1 d, of the landmarks that the expression names.
function solve(jacobian: readonly Float64Array[], displacements: Displacements): Float32Array {
  const points = Object.keys(displacements).map(Number), rows = points.flatMap((p) => [3 * p, 3 * p + 1, 3 * p + 2]), d = Float64Array.from(points.flatMap((p) => [...displacements[p]!])), index = [...d.keys()];
  const entries = rows.flatMap((a, i) => rows.map((b, j) => jacobian.reduce((sum, column) => sum + column[a]! * column[b]!, i === j ? SLACK ** 2 : 0)));
  const gram = csrFromTriplets([d.length, d.length], index.flatMap((i) => index.map(() => i)), index.flatMap(() => index), Float64Array.from(entries)), solution = conjugateGradient(gram, d, 1);
  return Float32Array.from(jacobian, (column) => rows.reduce((sum, row, k) => sum + column[row]! * solution[k]!, 0));
}
