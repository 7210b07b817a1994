import { createRandom } from '../core/random.ts';

/** The latent of a random head: standard normal, the same for the same seed everywhere. */
export function randomLatent(seed: number, size: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: size }, () => random.normal());
}

/** `(1 - share) from + share to`. */
export const mixLatents = (from: ArrayLike<number>, to: ArrayLike<number>, share: number): Float32Array => Float32Array.from({ length: from.length }, (_, i) => (1 - share) * from[i]! + share * to[i]!);

/** Euclidean length; near the root of its size for a random head. */
export const latentNorm = (latent: ArrayLike<number>): number => Math.sqrt(Array.from(latent).reduce((sum, x) => sum + x * x, 0));
