import * as tf from '@tensorflow/tfjs';
import { resolveOptions } from '../core/options.ts';
import { linear } from '../ops/linear.ts';
import { symmetricEigen } from '../sparse/symmetric-eigen.ts';
import { Adam } from '../training/adam.ts';
import { cosineRate } from '../training/cosine-rate.ts';
import type { HeadSamples, WorkHooks } from './head-samples.ts';
import type { MeshDecoder } from './mesh-decoder.ts';

/** Options of {@link fitLatents}. */
export interface FitLatentsOptions {
  /** Least-squares steps with the decoder's derivative at the mean face, which a decoder that is nearly linear hardly needs to go beyond. */
  readonly linearSteps: number;
  /** Steps of Adam after them. */
  readonly steps: number;
  readonly rate: number;
  /** What the squared error of all colours counts beside that of all vertices, each over its variance. */
  readonly colorWeight: number;
  readonly batch: number;
}

export const FIT_LATENTS_DEFAULTS: FitLatentsOptions = { linearSteps: 4, steps: 80, rate: 0.05, colorWeight: 1, batch: 16 };

/**
 * The latent with which a decoder comes nearest to each of some heads, by least squares over all vertices and colours.
 *
 * @returns `[N, L]`.
 */
export async function fitLatents(decoder: MeshDecoder, heads: HeadSamples, options?: Partial<FitLatentsOptions>, { signal, onProgress }: WorkHooks = {}): Promise<Float32Array> {
  const { linearSteps, steps, rate, colorWeight, batch } = resolveOptions('fitLatents', FIT_LATENTS_DEFAULTS, options);
  const { count: N, vertexCount: V } = heads, L = decoder.config.latentSize, start = performance.now(), { statistics } = decoder;
  const scales = [1 / rms(heads.vertices, statistics.vertices), Math.sqrt(colorWeight) / rms(heads.colors, statistics.colors)] as const;
  const decode = (z: tf.Tensor2D): tf.Tensor2D => {
    const { vertices, colors } = decoder.decode(z), rows = z.shape[0];
    return tf.concat([vertices.reshape([rows, 3 * V]).mul(scales[0]), colors.reshape([rows, 3 * V]).mul(scales[1])], 1) as tf.Tensor2D;
  };
  const { jacobian, inverse } = linearize(decode, L, 6 * V), latents = new Float32Array(N * L);
  for (let first = 0; first < N; first += batch) {
    const size = Math.min(batch, N - first), part = (data: Float32Array): tf.Tensor => tf.tensor2d(data.subarray(first * 3 * V, (first + size) * 3 * V), [size, 3 * V]);
    const target = tf.tidy(() => tf.concat([part(heads.vertices).mul(scales[0]), part(heads.colors).mul(scales[1])], 1) as tf.Tensor2D), z = new Float32Array(size * L);
    for (let i = 0; i < linearSteps; i++) {
      tf.tidy(() => {
        const step = linear(linear(target.sub(decode(tf.tensor2d(z, [size, L]))), jacobian, null), inverse, null).dataSync<'float32'>();
        for (let at = 0; at < z.length; at++) z[at]! += step[at]!;
      });
    }
    const adam = new Adam({ beta2: 0.99 }), slope = tf.grad((x: tf.Tensor) => decode(x as tf.Tensor2D).sub(target).square().sum());
    for (let i = 0; i < steps; i++) {
      tf.tidy(() => { adam.update({ z }, { z: slope(tf.tensor2d(z, [size, L])).dataSync<'float32'>() }, cosineRate(i, { steps, rate })); });
    }
    target.dispose();
    latents.set(z, first * L);
    onProgress?.({ label: 'fit latents', done: first + size, total: N, seconds: (performance.now() - start) / 1000 });
    await new Promise((resolve) => setTimeout(resolve));
    if (signal?.aborted) break;
  }
  tf.dispose([jacobian, inverse]);
  signal?.throwIfAborted();
  return latents;
}

/** Derivative at zero by central differences, `[D, L]`, and the inverse of its square, `[L, L]`. */
function linearize(decode: (z: tf.Tensor2D) => tf.Tensor2D, L: number, D: number): { jacobian: tf.Tensor2D; inverse: tf.Tensor2D } {
  const rows = new Float32Array(L * D), block = 16;
  for (let first = 0; first < L; first += block) {
    const size = Math.min(block, L - first);
    tf.tidy(() => {
      const unit = tf.tensor2d(Float32Array.from({ length: size * L }, (_, at) => (at % L === first + Math.floor(at / L) ? 0.5 : 0)), [size, L]);
      rows.set(decode(unit).sub(decode(unit.neg())).dataSync<'float32'>(), first * D);
    });
  }
  const square = new Float64Array(L * L);
  for (let i = 0; i < L; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let d = 0; d < D; d++) sum += rows[i * D + d]! * rows[j * D + d]!;
      square[i * L + j] = square[j * L + i] = sum;
    }
  }
  // Numbers that hardly move anything stay where they are.
  const { values, vectors } = symmetricEigen(square, L), floor = 1e-6 * values[L - 1]!;
  const inverse = Float32Array.from({ length: L * L }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < L; k++) if (values[k]! > floor) sum += vectors[Math.floor(at / L) * L + k]! * vectors[(at % L) * L + k]! / values[k]!;
    return sum;
  });
  return tf.tidy(() => ({ jacobian: tf.tensor2d(rows, [L, D]).transpose() as tf.Tensor2D, inverse: tf.tensor2d(inverse, [L, L]) }));
}

// Root mean squared departure from the mean mesh.
function rms(data: Float32Array, mean: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < data.length; at++) sum += (data[at]! - mean[at % mean.length]!) ** 2;
  return Math.sqrt(sum / data.length) || 1;
}
