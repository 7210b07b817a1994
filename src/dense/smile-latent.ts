import * as tf from '@tensorflow/tfjs';
import type { MeshDecoder } from '../decoder/mesh-decoder.ts';
import type { FaceModel } from '../decoder/face-model.ts';

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
  // z = J^T (J J^T + SLACK^2 I)^-1 d, by conjugate gradients.
  const d = Float64Array.from(points.flatMap((p) => [...SMILE[p]!])), M = d.length;
  const toLatent = (r: Float64Array): Float64Array => Float64Array.from(jacobian, (column) => column.reduce((sum, x, k) => sum + x * r[k]!, 0));
  const apply = (r: Float64Array): Float64Array => {
    const z = toLatent(r), out = r.map((x) => SLACK ** 2 * x);
    jacobian.forEach((column, j) => { for (let k = 0; k < M; k++) out[k]! += column[k]! * z[j]!; });
    return out;
  };
  const latent = Float32Array.from(toLatent(conjugateGradient(apply, d)));
  known.set(decoder, latent);
  return latent;
}

function conjugateGradient(apply: (x: Float64Array) => Float64Array, target: Float64Array): Float64Array {
  const x = new Float64Array(target.length), r = Float64Array.from(target), p = Float64Array.from(target);
  const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, k) => sum + v * b[k]!, 0);
  let size = dot(r, r);
  const stop = 1e-16 * size;
  for (let i = 0; i < 4 * target.length && size > stop; i++) {
    const q = apply(p), a = size / dot(p, q);
    for (let k = 0; k < x.length; k++) {
      x[k]! += a * p[k]!;
      r[k]! -= a * q[k]!;
    }
    const next = dot(r, r);
    for (let k = 0; k < x.length; k++) p[k] = r[k]! + (next / size) * p[k]!;
    size = next;
  }
  return x;
}
