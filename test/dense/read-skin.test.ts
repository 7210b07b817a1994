import { beforeAll, expect, it } from 'vitest';
import { readSkin } from '../../src/dense/read-skin.ts';
import { renderFace } from '../../src/dense/render-face.ts';
import { sceneNumbers } from '../../src/dense/scene.ts';
import { imageFromFloats } from '../../src/io/image.ts';
import { useWasmBackend } from '../../src/kernels/wasm/index.ts';
import { eggModel } from '../support/face-model.ts';

let model: ReturnType<typeof eggModel>;
beforeAll(async () => {
  await useWasmBackend();
  model = eggModel();
});

const SIZE = 112, frame = { center: [SIZE / 2, SIZE / 2], side: SIZE, roll: 0 } as const;
const sceneWith = (change: (raw: Float64Array) => void) => {
  const raw = new Float64Array(144);
  change(raw);
  return sceneNumbers(raw);
};

it('divides the light out: a picture of the fit itself needs the fitted albedo, whatever the light', () => {
  // Little of the egg is overexposed under the dim, coloured light.
  const dim = sceneWith((raw) => raw.set([0.5, -0.3, 0.8], 128)), scene = { ...dim, illumination: { lightPosition: [900, 300, 900], lightColor: [0.4, 0.3, 0.2], ambientColor: [0.5, 0.45, 0.4] } };
  const { colors } = renderFace(scene, model, SIZE), skin = readSkin(imageFromFloats(colors, SIZE, SIZE), { scene, frame }, model);
  expect(skin.pixels).toBeGreaterThan(1000);
  for (let k = 0; k < 3; k++) {
    expect(Math.abs(skin.read[k]! - skin.fitted[k]!)).toBeLessThan(0.01);
    expect(skin.photo[k]! / skin.light[k]!).toBeGreaterThan(0.8 * skin.fitted[k]!);
    expect(skin.light[k]!).toBeGreaterThan(scene.illumination.ambientColor[k]!);
    expect(skin.light[k]!).toBeLessThan(scene.illumination.ambientColor[k]! + scene.illumination.lightColor[k]!);
  }
  expect(skin.luminance).toBeGreaterThan(0.2);
  expect(skin.luminance).toBeLessThan(0.6);
});

it('shows a photograph twice as bright as one of twice the albedo', () => {
  const scene = { ...sceneWith(() => undefined), illumination: { lightPosition: [0, 0, 2000], lightColor: [0.2, 0.2, 0.2], ambientColor: [0.3, 0.3, 0.3] } }, { colors } = renderFace(scene, model, SIZE);
  const [once, twice] = [1, 2].map((gain) => readSkin(imageFromFloats(colors.map((x) => gain * x), SIZE, SIZE), { scene, frame }, model)) as [ReturnType<typeof readSkin>, ReturnType<typeof readSkin>];
  for (let k = 0; k < 3; k++) expect(twice.read[k]! / once.read[k]!).toBeCloseTo(2, 1);
  expect(twice.luminance / once.luminance).toBeCloseTo(2, 1);
  expect(twice.fitted).toEqual(once.fitted);
  expect(once.mean).toEqual(once.fitted); // the mean face was fitted
});

it('refuses a photograph of nothing but white', () => {
  const scene = sceneWith(() => undefined);
  expect(() => readSkin(imageFromFloats(new Float32Array(3 * SIZE * SIZE).fill(1), SIZE, SIZE), { scene, frame }, model)).toThrow(/readSkin: expected the fit to have some skin that is neither dark nor overexposed, got none/);
});
