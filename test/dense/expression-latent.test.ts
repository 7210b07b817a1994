import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { decodeMesh } from '../../src/decoder/decode-mesh.ts';
import { type FaceModel, readFaceModel } from '../../src/decoder/face-model.ts';
import { expressionLatents } from '../../src/dense/expression-latent.ts';
import { useWasmBackend } from '../../src/kernels/wasm/index.ts';

let model: FaceModel;

beforeAll(async () => {
  await useWasmBackend();
  model = readFaceModel(new Uint8Array(readFileSync('meshes/head.safetensors')));
});

/** Millimetres by which a latent moves a landmark, beside the mean face. */
const moves = (latent: Float32Array, landmark: number): number[] => {
  const at = 3 * model.topology.landmarks68[landmark]!, there = decodeMesh(model, latent).vertices, here = decodeMesh(model, new Float32Array(latent.length)).vertices;
  return [0, 1, 2].map((k) => there[at + k]! - here[at + k]!);
};

it('knows a broad smile that opens the lips and leaves the eyes', () => {
  const { smile } = expressionLatents(model);
  expect(moves(smile, 62)[1]! - moves(smile, 66)[1]!).toBeGreaterThan(8);
  expect(moves(smile, 54)[0]! - moves(smile, 48)[0]!).toBeGreaterThan(12);
  for (const eye of [36, 45]) expect(Math.hypot(...moves(smile, eye))).toBeLessThan(3);
  expect(Math.hypot(...smile)).toBeLessThan(11); // of 128 numbers: no further out than any face
});

it('knows open eyes that leave the mouth, and works both out once', () => {
  const { openEyes } = expressionLatents(model);
  for (const [upper, lower] of [[37, 41], [44, 46]] as const) expect(moves(openEyes, upper)[1]! - moves(openEyes, lower)[1]!).toBeGreaterThan(3);
  for (const point of [36, 45, 48, 54, 62]) expect(Math.hypot(...moves(openEyes, point))).toBeLessThan(3);
  expect(Math.hypot(...openEyes)).toBeLessThan(7);
  expect(expressionLatents(model).openEyes).toBe(openEyes);
});
