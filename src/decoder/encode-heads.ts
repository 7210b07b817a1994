import * as tf from '@tensorflow/tfjs';
import { linear } from '../ops/linear.ts';
import type { HeadSamples } from './head-samples.ts';
import type { LatentSpace } from './latent-space.ts';
import { DECODED_PARTS, type PcaBaseline } from './pca-baseline.ts';

/** Heads on the backend at a time. */
const BLOCK = 64;

/**
 * Latents of heads, and the components beyond them, by projection: what {@link LatentSpace.latents} is for the heads it was found from.
 *
 * @returns `[N, latentSize + extension]`.
 */
export function encodeHeads(heads: HeadSamples, { encoders, latentSize, extension }: LatentSpace, pca: PcaBaseline): Float32Array {
  const { count, vertexCount } = heads, size = 3 * vertexCount, L = latentSize + extension, out = new Float32Array(count * L);
  for (const part of DECODED_PARTS) {
    const { mean } = pca[part], weight = tf.tidy(() => tf.tensor2d(encoders[part], [size, L]));
    for (let first = 0; first < count; first += BLOCK) {
      const n = Math.min(BLOCK, count - first), rows = heads[part].slice(first * size, (first + n) * size);
      for (let at = 0, i = 0; at < rows.length; at++, i = i + 1 === size ? 0 : i + 1) rows[at]! -= mean[i]!;
      tf.tidy(() => { linear(tf.tensor2d(rows, [n, size]), weight, null).dataSync<'float32'>().forEach((x, at) => { out[first * L + at]! += x; }); });
    }
    weight.dispose();
  }
  return out;
}
