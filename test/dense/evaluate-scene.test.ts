import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';
import { type FaceModel, readFaceModel } from '../../src/decoder/face-model.ts';
import { evaluateScene } from '../../src/dense/evaluate-scene.ts';
import { headScene, syntheticScene } from '../../src/dense/synthetic-scene.ts';
import { useWasmBackend } from '../../src/kernels/wasm/index.ts';

let model: FaceModel;

beforeAll(async () => {
  await useWasmBackend();
  model = readFaceModel(new Uint8Array(readFileSync('meshes/head.safetensors')));
});

it('recovers at least nine of ten scenes that the decoder drew, from five points moved by 2 % of the box', async () => {
  const random = createRandom(1), scores = [];
  for (let i = 0; i < 10; i++) scores.push(await evaluateScene(syntheticScene(model, random.fork(`scene ${i}`), i), 'points', i, model));
  expect(scores.filter((s) => s.recovered).length, JSON.stringify(scores)).toBeGreaterThanOrEqual(9);
}, 600_000); // ten fits: a minute, but on a machine that others use several

it('draws the same scene from the same seed, on each background in turn', () => {
  const [a, b, c] = [0, 0, 1].map((i) => syntheticScene(model, createRandom(4), i)) as [ReturnType<typeof syntheticScene>, ReturnType<typeof syntheticScene>, ReturnType<typeof syntheticScene>];
  expect(a.photo.data).toEqual(b.photo.data);
  expect([a.background, c.background]).toEqual(['black', 'white']);
  expect([...a.photo.data.subarray(0, 3), ...c.photo.data.subarray(0, 3)]).toEqual([0, 0, 0, 255, 255, 255]);
});

it('draws heads of the generator as it draws its own, finer and with noise', () => {
  const { vertices, colors } = model.decoder.statistics, random = createRandom(4), head = { vertices, colors };
  const [a, b] = [0, 1].map((i) => headScene(head, model.topology, createRandom(4), i)) as [ReturnType<typeof headScene>, ReturnType<typeof headScene>];
  expect(headScene(head, model.topology, random, 0).photo.data).toEqual(a.photo.data);
  expect(b.landmarks5).toEqual(a.landmarks5);
  // Same view, other backgrounds: the face is the same in both, but for what lies behind its rim.
  const [x, y] = a.landmarks5[2]!.map(Math.floor) as [number, number], nose = 3 * (256 * y + x);
  expect([...b.photo.data.subarray(nose, nose + 3)]).toEqual([...a.photo.data.subarray(nose, nose + 3)]);
  expect(a.photo.data[nose]).toBeGreaterThan(20);
  const corner = a.photo.data.subarray(0, 3 * 20);
  expect(Math.max(...corner)).toBeGreaterThan(0);
  expect(Math.max(...corner)).toBeLessThan(15);
});
