import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';
import { resolveOptions } from '../../src/core/options.ts';
import { encodeHeads } from '../../src/decoder/encode-heads.ts';
import { decodeHeads, evaluateDecoder } from '../../src/decoder/evaluate-decoder.ts';
import { fitExtension } from '../../src/decoder/fit-extension.ts';
import { drawHeads } from '../../src/decoder/head-samples.ts';
import { prepareHeads, startDecoder, trainDecoder, TRAIN_DECODER_DEFAULTS } from '../../src/decoder/train-decoder.ts';
import type { SafeTensor } from '../../src/io/safetensors.ts';
import type { TrainingStore } from '../../src/training/loop.ts';
import { BACKENDS } from '../support/backends.ts';
import { colouredEggs } from '../support/coloured-heads.ts';

beforeAll(() => BACKENDS.wasm());

const decoder = { latentSize: 16, order: 3, filters: [8, 8, 8], linearShapeLevel: 1, linearColorLevel: 0, linearColorRank: 8 } as const;
const options = { decoder, samples: 200, factors: [3, 3, 3], steps: 12, batch: 4, checkpointEvery: 4, logEvery: 4, rate: 2e-3, colorWeight: 0.5 };

/** Keeps checkpoints in memory, and may end the training as a kill would. */
function memoryStore(killAt = Infinity): TrainingStore & { last: Awaited<ReturnType<TrainingStore['load']>>; readonly records: Readonly<Record<string, number>>[] } {
  const store = {
    last: null as { step: number; state: Readonly<Record<string, SafeTensor>> } | null, records: [] as Readonly<Record<string, number>>[],
    load: async () => store.last,
    async save(step: number, state: Readonly<Record<string, SafeTensor>>) {
      if (step > killAt) throw new Error('killed');
      store.last = { step, state };
    },
    async log(record: Readonly<Record<string, number>>) { store.records.push(record); },
  };
  return store;
}

it('the latent of the heads is white and ordered, and codes them', async () => {
  const heads = await prepareHeads(colouredEggs(), resolveOptions('test', TRAIN_DECODER_DEFAULTS, options)), { latents, explained } = heads.space, N = 200, L = 16;
  for (let i = 0; i < L; i++) {
    let mean = 0;
    for (let n = 0; n < N; n++) mean += latents[n * L + i]! / N;
    expect(mean).toBeCloseTo(0, 5);
    for (let j = 0; j <= i; j++) {
      let covariance = 0;
      for (let n = 0; n < N; n++) covariance += latents[n * L + i]! * latents[n * L + j]! / N;
      expect(covariance).toBeCloseTo(i === j ? 1 : 0, 5);
    }
    if (i > 0) expect(explained[i]).toBeLessThanOrEqual(explained[i - 1]!);
  }
  expect(explained.reduce((a, b) => a + b)).toBeGreaterThan(0.9);
  expect(explained.reduce((a, b) => a + b)).toBeLessThanOrEqual(1 + 1e-4);
  encodeHeads(heads.samples, heads.space, heads.pca).forEach((x, at) => { expect(x).toBeCloseTo(latents[at]!, 3); });
  const model = startDecoder(heads, decoder, 1), made = decodeHeads(model, latents, N), rms = (a: Float32Array, b: (at: number) => number): number => Math.sqrt(a.reduce((sum, x, at) => sum + (x - b(at)) ** 2, 0) / a.length);
  const { samples, statistics } = heads;
  expect(rms(made.vertices, (at) => samples.vertices[at]!)).toBeLessThan(0.35 * rms(samples.vertices, (at) => statistics.vertices[at % 1926]!));
  expect(rms(made.colors, (at) => samples.colors[at]!)).toBeLessThan(0.35 * rms(samples.colors, (at) => statistics.colors[at % 1926]!));
  model.dispose();
});

it('a training killed and gone on with gives the same bits, and learns', async () => {
  const whole = memoryStore(), killed = memoryStore(9), before = tf.memory().numTensors;
  const model = await trainDecoder(colouredEggs(), options, whole);
  model.decoder.dispose();
  await expect(trainDecoder(colouredEggs(), options, killed)).rejects.toThrow('killed');
  expect(killed.last!.step).toBe(8);
  const again = memoryStore();
  again.last = killed.last;
  (await trainDecoder(colouredEggs(), options, again)).decoder.dispose();
  expect(again.last).toEqual(whole.last);
  expect(whole.records.map(({ step }) => step)).toEqual([4, 8, 12]);
  expect(tf.memory().numTensors).toBe(before);
  expect(model.metadata.latent).toContain('whitened');
});

it('the convolutional path alone overfits a handful of heads', async () => {
  const store = memoryStore(), plain = { ...decoder, latentSize: 4, linearShapeLevel: null, linearColorLevel: null, linearColorRank: null, activation: 'elu' as const };
  (await trainDecoder(colouredEggs(3, 1), { ...options, decoder: plain, samples: 6, steps: 240, logEvery: 10, rate: 2e-2 }, store)).decoder.dispose();
  expect(store.records.at(-1)!.loss).toBeLessThan(0.4 * store.records[0]!.loss!);
});

it('on unseen heads a decoder of full linear paths is as good as PCA of the ranks that it shares out', async () => {
  const source = colouredEggs(), full = { ...decoder, latentSize: 20, linearShapeLevel: 0, linearColorRank: null };
  const heads = await prepareHeads(source, resolveOptions('test', TRAIN_DECODER_DEFAULTS, { ...options, decoder: full })), model = startDecoder(heads, full, 1);
  const unseen = await drawHeads(source, 20, createRandom(9)), result = await evaluateDecoder(model, unseen, heads.pca, { steps: 20 });
  expect(result.vertices.pca.map(({ rank }) => rank)).toEqual([2, 4, 8, 16, 32]);
  result.vertices.pca.slice(1, 4).forEach(({ error }, i) => expect(error.mean).toBeLessThan(result.vertices.pca[i]!.error.mean));
  expect(result.vertices.equivalentRank).toBeGreaterThan(10);
  expect(result.colors.equivalentRank).toBeGreaterThan(4);
  expect(result.vertices.share).toBeLessThan(0.2);
  const { mean, percentile95, max } = result.vertices.error;
  expect(mean).toBeLessThan(percentile95);
  expect(percentile95).toBeLessThan(max);
  model.dispose();
});

it('an extension predicts what follows from the latent without a number of its own', async () => {
  // The eggs' thirteenth mode is a product of the first two: with all linear ways to vary in the latent, it comes next.
  const source = colouredEggs(2, 1), extended = { ...decoder, latentSize: 3, extension: 1, linearShapeRank: 4, linearColorRank: 3 } as const;
  const heads = await prepareHeads(source, resolveOptions('test', TRAIN_DECODER_DEFAULTS, { ...options, decoder: extended })), model = startDecoder(heads, extended, 1);
  const error = async (): Promise<number> => (await evaluateDecoder(model, await drawHeads(source, 12, createRandom(9)), heads.pca, { steps: 20 })).vertices.error.mean;
  const before = await error(), predicted = await fitExtension(model, source, heads.space, heads.pca, createRandom(4), { heads: 1000, steps: 600, batch: 64, rate: 5e-3 });
  expect(predicted).toBeGreaterThan(0.8);
  expect(await error()).toBeLessThan(0.6 * before);
  model.dispose();
});
