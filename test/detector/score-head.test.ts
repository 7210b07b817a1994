import { beforeAll, expect, it } from 'vitest';
import { sceneNumbers } from '../../src/dense/scene.ts';
import { scorePortrait } from '../../src/dense/score-portrait.ts';
import { headScene, renderHead, scoreHead } from '../../src/detector/score-head.ts';
import type { HeadSample } from '../../src/detector/head-sample.ts';
import { useWasmBackend } from '../../src/kernels/wasm/index.ts';
import { noisePhoto } from '../support/egg-scene.ts';
import { eggModel } from '../support/face-model.ts';
import { normals } from '../support/graphs.ts';

const PHOTO = noisePhoto(), BOX = [60, 20, 200, 180] as const;
const SAMPLE: HeadSample = { picture: PHOTO, features: Float32Array.of(1, 2), window: { image: 0, box: BOX, landmarks: [] }, frame: { center: [130, 100], side: 120, roll: 0 } };
const PORTRAIT = { file: 'a.jpg', box: BOX, reference: Array.from({ length: 68 }, (_, i) => [70 + i, 40 + (i * 37) % 100] as const) };

beforeAll(() => useWasmBackend());

it('scores the scene of a head in the enlarged anchor; zero is the mean face', () => {
  const model = eggModel(), zero = { weight: new Float32Array(2 * 144), bias: new Float32Array(144) }, frame = { center: [130, 100] as const, side: 1.4 * 120, roll: 0 };
  expect(headScene(zero, SAMPLE)).toEqual({ scene: sceneNumbers(new Float64Array(144), 'roll'), frame });
  const expected = scorePortrait(PHOTO, { scene: sceneNumbers(new Float64Array(144), 'roll'), frame }, PORTRAIT, model);
  const { nme, colorDifference } = scoreHead(zero, [{ photo: PHOTO, sample: SAMPLE, portrait: PORTRAIT }], model);
  expect({ nme, colorDifference }).toEqual({ nme: expected.nme, colorDifference: expected.colorDifference });
});

it('applies weights to features, draws the face on grey', () => {
  const model = eggModel(), weight = Float32Array.from(normals(2 * 144, 1), (x) => 0.1 * x), bias = Float32Array.from(normals(144, 2), (x) => 0.1 * x);
  const raw = Float64Array.from(bias, (b, n) => b + weight[n]! + 2 * weight[144 + n]!);
  expect(headScene({ weight, bias }, SAMPLE).scene).toEqual(sceneNumbers(raw, 'roll'));
  const { width, height, data } = renderHead({ weight, bias }, SAMPLE, model, 40);
  expect([width, height]).toEqual([40, 40]);
  expect([...data.subarray(0, 3)]).toEqual([128, 128, 128]);
  expect(new Set(data).size).toBeGreaterThan(50);
});
