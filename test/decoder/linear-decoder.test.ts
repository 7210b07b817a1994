import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';
import { boundColorOnHost, unboundColor } from '../../src/decoder/bound-color.ts';
import { decodeHeads } from '../../src/decoder/evaluate-decoder.ts';
import { linearDecoder, linearParameters, modesWithin } from '../../src/decoder/linear-decoder.ts';
import { type PreparedHeads, prepareHeads, TRAIN_DECODER_DEFAULTS } from '../../src/decoder/train-decoder.ts';
import { useWasmBackend } from '../../src/kernels/wasm/index.ts';
import { colouredEggs } from '../support/coloured-heads.ts';

const L = 12;
let heads: PreparedHeads;
beforeAll(async () => {
  await useWasmBackend();
  heads = await prepareHeads(colouredEggs(), { ...TRAIN_DECODER_DEFAULTS, samples: 60, factors: [4, 4], decoder: { latentSize: L, filters: [4, 4], extension: null } });
});

it('decodes the mean plus covariances times the latent, colours before they are bounded, and no more', () => {
  const { statistics: { vertices, colors }, space } = heads, random = createRandom(2), latents = Float32Array.from({ length: 2 * L }, () => random.normal()), size = vertices.length;
  const decoder = linearDecoder(heads, L), made = decodeHeads(decoder, latents, 2);
  for (let b = 0; b < 2; b++) {
    for (let i = 0; i < size; i += 7) {
      const along = (covariance: Float32Array): number => Array.from({ length: L }, (_, j) => latents[b * L + j]! * covariance[j * size + i]!).reduce((sum, x) => sum + x, 0);
      expect(Math.abs(made.vertices[b * size + i]! - (vertices[i]! + along(space.vertexCovariance)))).toBeLessThan(1e-3);
      expect(Math.abs(made.colors[b * size + i]! - boundColorOnHost(unboundColor(colors[i]!) + along(space.colorCovariance)))).toBeLessThan(1e-5);
    }
  }
  decoder.dispose();
});

it('comes nearer to the heads with every mode, from the mean head of no mode on', () => {
  const { samples, space } = heads, errors = [0, 2, 6, L].map((modes) => {
    const decoder = linearDecoder(heads, modes), width = Math.max(1, modes), latents = Float32Array.from({ length: samples.count * width }, (_, at) => space.latents[Math.floor(at / width) * L + (at % width)]!);
    const made = decodeHeads(decoder, latents, samples.count).vertices;
    decoder.dispose();
    return made.reduce((sum, x, i) => sum + (x - samples.vertices[i]!) ** 2, 0);
  });
  const { vertices } = heads.statistics, spread = samples.vertices.reduce((sum, x, i) => sum + (x - vertices[i % vertices.length]!) ** 2, 0);
  expect(errors[0]! / spread).toBeCloseTo(1, 4);
  expect(errors[1]!).toBeLessThan(0.95 * errors[0]!);
  expect(errors[2]!).toBeLessThan(0.9 * errors[1]!);
  expect(errors[3]!).toBeLessThan(0.5 * errors[2]!);
});

it('counts its numbers, refuses more modes than there are, and leaves no tensor behind', () => {
  expect(linearParameters(128, 6821)).toBe(128 * 6 * 6821);
  expect([modesWithin(linearParameters(7, 100), 100), modesWithin(linearParameters(7, 100) - 1, 100)]).toEqual([7, 6]);
  const before = tf.memory().numTensors;
  linearDecoder(heads, 3).dispose();
  expect(tf.memory().numTensors).toBe(before);
  expect(() => linearDecoder(heads, L + 1)).toThrow(/modes .*from 0 to 12/);
});
