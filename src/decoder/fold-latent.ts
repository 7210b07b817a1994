import * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import type { FloatArray } from '../sparse/csr-matrix.ts';
import type { MeshDecoder } from './mesh-decoder.ts';

/** The layers that read the latent itself; a linear path that is first reduced reads it there. */
const FIRST_LAYERS = [['dense'], ['linearShapeReduce', 'linearShape'], ['linearColorReduce', 'linearColor']] as const;

/**
 * Changes the coordinates of the latent without changing what the decoder can make: with `z_old = A z_new + b`, the
 * weights `W` (rows by latent) and biases `c` of every layer that reads the latent become `A^T W` and `c + b W`.
 *
 * @param transform - `A`, row-major `[L, L]`.
 * @param offset - `b`, `[L]`.
 * @throws {@link ArgumentError} if a size does not fit or a number is not finite.
 */
export function foldLatentTransform(decoder: MeshDecoder, transform: FloatArray, offset: FloatArray): void {
  const where = 'foldLatentTransform', L = decoder.config.latentSize;
  if (transform.length !== L * L) throw new ArgumentError(where, 'transform', `length ${L} x ${L}`, `${transform.length}`);
  if (offset.length !== L) throw new ArgumentError(where, 'offset', `length ${L}`, `${offset.length}`);
  if (![...transform, ...offset].every(Number.isFinite)) throw new ArgumentError(where, 'transform and offset', 'finite numbers', 'others');
  for (const names of FIRST_LAYERS) {
    const layer = names.find((name) => `${name}.weight` in decoder.parameters);
    const weight = decoder.parameters[`${layer}.weight`], bias = decoder.parameters[`${layer}.bias`];
    if (!weight || !bias) continue;
    const old = weight.dataSync<'float32'>(), N = weight.shape[1]!;
    const next = Float64Array.from(old, (x, at) => (at < L * N ? 0 : x)), constant = Float64Array.from(bias.dataSync<'float32'>());
    for (let m = 0; m < L; m++) {
      for (let n = 0; n < N; n++) constant[n]! += offset[m]! * old[m * N + n]!;
      for (let j = 0; j < L; j++) {
        const a = transform[m * L + j]!;
        if (a !== 0) for (let n = 0; n < N; n++) next[j * N + n]! += a * old[m * N + n]!;
      }
    }
    tf.tidy(() => {
      weight.assign(tf.tensor(Float32Array.from(next), weight.shape));
      bias.assign(tf.tensor(Float32Array.from(constant), bias.shape));
    });
  }
}
