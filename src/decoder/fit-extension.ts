import * as tf from '@tensorflow/tfjs';
import type { Random } from '../core/random.ts';
import { Adam } from '../training/adam.ts';
import { cosineRate } from '../training/cosine-rate.ts';
import { encodeHeads } from './encode-heads.ts';
import { drawHeads, type HeadSource, type WorkHooks } from './head-samples.ts';
import type { LatentSpace } from './latent-space.ts';
import type { MeshDecoder } from './mesh-decoder.ts';
import type { PcaBaseline } from './pca-baseline.ts';

/** Options of {@link fitExtension}. */
export interface FitExtensionOptions {
  /** Heads drawn for it; few thousand teach nothing that holds for others. */
  readonly heads: number;
  readonly steps: number;
  readonly batch: number;
  readonly rate: number;
}

/** Heads drawn, encoded and forgotten at a time. */
const BLOCK = 512;

/**
 * Teaches the coarsest features of a decoder to predict, from the latent, the components that follow it. A face is not linear in
 * what makes it: age and sex multiply, a nose bends one way for more and another way for less. So part of what lies outside the
 * span of the latent follows from the latent, and costs it no number.
 *
 * @returns Share of the variance of those components, each over its own, that is predicted on heads that took no part.
 */
export async function fitExtension(decoder: MeshDecoder, source: HeadSource, space: LatentSpace, pca: PcaBaseline, random: Random, { heads, steps, batch, rate }: FitExtensionOptions, hooks: WorkHooks = {}): Promise<number> {
  const { latentSize: L, extension: E, explained } = space, width = L + E, codes = new Float32Array(heads * width), start = performance.now(), apart = Math.ceil(heads / 20);
  for (let first = 0; first < heads; first += BLOCK) {
    const drawn = await drawHeads(source, Math.min(BLOCK, heads - first), random.fork(`heads.${first}`), { signal: hooks.signal });
    codes.set(encodeHeads(drawn, space, pca), first * width);
    hooks.onProgress?.({ label: 'draw heads for the extension', done: Math.min(heads, first + BLOCK), total: heads, seconds: (performance.now() - start) / 1000 });
  }
  const sum = explained.slice(L).reduce((a, b) => a + b, 0), share = Float32Array.from(explained.slice(L), (x) => x / sum), began = performance.now();
  const rows = (picked: readonly number[], first: number, size: number): tf.Tensor2D => {
    const out = new Float32Array(picked.length * size);
    picked.forEach((n, b) => out.set(codes.subarray(n * width + first, n * width + first + size), b * size));
    return tf.tensor2d(out, [picked.length, size]);
  };
  const loss = (picked: readonly number[]): tf.Scalar => decoder.extensionOf(rows(picked, 0, L))!.sub(rows(picked, L, E)).square().mul(tf.tensor1d(share)).sum().div(picked.length) as tf.Scalar;
  const variables = Object.fromEntries(Object.entries(decoder.parameters).filter(([name]) => /^(dense|extend)\./.test(name)));
  const host = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, value.dataSync<'float32'>().slice()])), adam = new Adam(), draw = random.fork('batches');
  for (let step = 0; step < steps; step++) {
    hooks.signal?.throwIfAborted();
    const picked = Array.from({ length: batch }, () => apart + draw.integer(heads - apart));
    tf.tidy(() => {
      const { grads } = tf.variableGrads(() => loss(picked), Object.values(variables));
      adam.update(host, Object.fromEntries(Object.entries(variables).map(([name, { name: id }]) => [name, grads[id]!.dataSync<'float32'>()])), cosineRate(step, { steps, rate, warmup: Math.min(50, steps / 10), final: 0.01 }));
      for (const [name, variable] of Object.entries(variables)) variable.assign(tf.tensor(host[name]!, variable.shape));
    });
    if (step % 100 === 99) {
      hooks.onProgress?.({ label: 'fit the extension', done: step + 1, total: steps, seconds: (performance.now() - began) / 1000 });
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
  return tf.tidy(() => 1 - loss(Array.from({ length: apart }, (_, i) => i)).dataSync()[0]!);
}
