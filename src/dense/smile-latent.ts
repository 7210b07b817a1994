import * as tf from '@tensorflow/tfjs';
import type { MeshDecoder } from '../decoder/mesh-decoder.ts';
import type { FaceModel } from '../decoder/face-model.ts';
import { conjugateGradient } from '../sparse/conjugate-gradient.ts';
import { csrFromTriplets } from '../sparse/csr-from-triplets.ts';

/** Millimetres by which a smile that shows the teeth moves landmarks (iBUG): right of the picture, up, out of the face; points not named may do anything. */
const SMILE: Readonly<Record<number, readonly [number, number, number]>> = {
  48: [-7, 3, -5], 54: [7, 3, -5], 60: [-7, 3, -5], 64: [7, 3, -5], 61: [0, 3, -1], 62: [0, 3, -1], 63: [0, 3, -1], 65: [0, -5, -1], 66: [0, -5, -1], 67: [0, -5, -1],
  27: [0, 0, 0], 30: [0, 0, 0], 36: [0, 0, 0], 39: [0, 0, 0], 42: [0, 0, 0], 45: [0, 0, 0],
};

/** Millimetres of freedom at each of them. */
const SLACK = 1;

/** Latents decoded at once. */
const CHUNK = 16;

const known = new WeakMap<MeshDecoder, Float32Array>();

/**
 * The most likely latent whose mean face smiles with open lips: a second place to start a fit from, since teeth that closed lips hide give no
 * gradient. The least `|z|^2 + |J z - d|^2 / SLACK^2`, J the Jacobian of the landmarks at the mean by central differences, d the displacements
 * of a smile. Worked out once for each decoder, in a few tenths of a second.
 */
export function smileLatent({ decoder, topology }: Pick<FaceModel, 'decoder' | 'topology'>): Float32Array {
  const before = known.get(decoder);
  if (before) return before;
  const points = Object.keys(SMILE).map(Number), L = decoder.config.latentSize, step = 1;
  const places = (rows: number[][]): Float32Array[] => tf.tidy(() => {
    const { vertices } = decoder.decode(tf.tensor2d(rows)), all = vertices.dataSync<'float32'>(), V = decoder.vertexCount;
    return rows.map((_, b) => Float32Array.from(points.flatMap((p) => [0, 1, 2].map((k) => all[3 * (b * V + topology.landmarks68[p]!) + k]!))));
  });
  const jacobian: Float64Array[] = [];
  for (let begin = 0; begin < L; begin += CHUNK) {
    const units = Array.from({ length: Math.min(CHUNK, L - begin) }, (_, i) => Array.from({ length: L }, (__, j) => (j === begin + i ? step : 0)));
    const up = places(units), down = places(units.map((row) => row.map((x) => -x)));
    up.forEach((at, i) => jacobian.push(Float64Array.from(at, (x, k) => (x - down[i]![k]!) / (2 * step))));
  }
  // z = J^T (J J^T + SLACK^2 I)^-1 d.
  const d = Float64Array.from(points.flatMap((p) => [...SMILE[p]!])), index = Array.from(d.keys());
  const entries = index.flatMap((i) => index.map((j) => jacobian.reduce((sum, column) => sum + column[i]! * column[j]!, i === j ? SLACK ** 2 : 0)));
  const gram = csrFromTriplets([d.length, d.length], index.flatMap((i) => index.map(() => i)), index.flatMap(() => index), Float64Array.from(entries));
  const solution = conjugateGradient(gram, d, 1), latent = Float32Array.from(jacobian, (column) => column.reduce((sum, x, k) => sum + x * solution[k]!, 0));
  known.set(decoder, latent);
  return latent;
}
