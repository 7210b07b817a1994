import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CommandContext } from '../../src/cli/context.ts';
import { loadHeadGenerator } from '../../src/cli/load-head-generator.ts';
import type { HeadSamplerOptions } from '../../src/cli/load-head-sampler.ts';
import { modelSize, standIn } from '../../src/cli/portrait-model.ts';
import { decodeMesh } from '../../src/decoder/decode-mesh.ts';
import type { FaceModel } from '../../src/decoder/face-model.ts';
import { prepareHeads, startDecoder, TRAIN_DECODER_DEFAULTS } from '../../src/decoder/train-decoder.ts';
import { useWasmBackend } from '../../src/kernels/wasm/index.ts';
import { eggModel } from '../support/face-model.ts';

const MAKEHUMAN = '../shared/data/meshes/makehuman', folder = mkdtempSync(join(tmpdir(), 'retinamesh-stand-in-')), signal = new AbortController().signal;
const from = (makehuman: string): HeadSamplerOptions => ({ makehuman, source: 'makehuman', share: 0.5, colorShare: 0.7 });
const context = { signal, progress: () => {}, note: () => {} } as unknown as CommandContext;
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => useWasmBackend());

it('knows the size of each model: as many numbers in the latent, or no more parameters', async () => {
  const { decoder } = eggModel(), { parameterCount, vertexCount } = decoder, one = 6 * vertexCount;
  expect(await modelSize('decoder', decoder)).toEqual({ kind: 'decoder', latent: 128, parameters: parameterCount });
  expect(await modelSize('pca', decoder)).toEqual({ kind: 'pca', latent: 128, parameters: 128 * one });
  expect(await modelSize('mean', decoder)).toEqual({ kind: 'mean', latent: 0, parameters: 0 });
  const { latent, parameters } = await modelSize('pca-small', decoder);
  expect([latent * one, parameters <= parameterCount, parameters + one > parameterCount]).toEqual([parameters, true, true]);
  decoder.dispose();
});

it.skipIf(!existsSync(MAKEHUMAN))('draws the heads of the training again, keeps their PCA in a file, and refuses other heads (skipped where ../shared/data/meshes/makehuman is absent)', async () => {
  const options = { ...TRAIN_DECODER_DEFAULTS, samples: 12, decoder: { ...TRAIN_DECODER_DEFAULTS.decoder, latentSize: 4, filters: [2, 2, 2, 2], linearShapeRank: null, linearColorRank: null, extension: null } };
  const source = await loadHeadGenerator(MAKEHUMAN, false), heads = await prepareHeads(source, options), file = join(folder, 'model.safetensors');
  const trained = (seed: number): FaceModel => ({ decoder: startDecoder(heads, options.decoder, 1), topology: source.topology, metadata: { training: JSON.stringify({ ...options, seed }) } });
  const zero = decodeMesh(trained(1), new Float32Array(4)), made = await standIn(context, trained(1), { kind: 'pca', latent: 3, parameters: 0 }, from(MAKEHUMAN), file);
  expect([made.decoder.config.latentSize, made.decoder.config.linearShapeLevel, made.metadata.model]).toEqual([3, 0, 'PCA of 3 modes of 12 heads']);
  const mean = decodeMesh(made, new Float32Array(3));
  expect(Math.max(...mean.vertices.map((x, i) => Math.abs(x - zero.vertices[i]!)))).toBeLessThan(1e-3);
  const again = await standIn(context, trained(1), { kind: 'pca', latent: 3, parameters: 0 }, from('nowhere'), file), latent = Float32Array.of(1, -1, 0.5);
  expect(decodeMesh(again, latent)).toEqual(decodeMesh(made, latent));
  await expect(standIn(context, trained(2), { kind: 'pca', latent: 3, parameters: 0 }, from(MAKEHUMAN), null)).rejects.toThrow(/the heads of --source makehuman to have the mean of those that the decoder was trained on \(makehuman; .*\), got one that is [\d.]+ mm off/);
});
