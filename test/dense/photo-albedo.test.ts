import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodeMesh } from '../../src/decoder/decode-mesh.ts';
import { type FaceModel, readFaceModel } from '../../src/decoder/face-model.ts';
import { HEAD_REGIONS } from '../../src/data/head-topology.ts';
import { type CropFrame, cropToPhoto } from '../../src/dense/crop-frame.ts';
import { photoAlbedo } from '../../src/dense/photo-albedo.ts';
import { photoProjection, projectPoint } from '../../src/dense/photo-projection.ts';
import { renderFace } from '../../src/dense/render-face.ts';
import { sceneNumbers, type SceneNumbers } from '../../src/dense/scene.ts';
import type { PixelImage } from '../../src/io/image.ts';
import { vertexNormals } from '../../src/mesh/vertex-normals.ts';
import { useWasmBackend } from '../../src/kernels/wasm/index.ts';
import { expectNoLeak } from '../support/backends.ts';

const SIZE = 288, frame: CropFrame = { center: [SIZE / 2, SIZE / 2], side: SIZE, roll: 0 };
let model: FaceModel;
beforeAll(async () => {
  await useWasmBackend();
  model = readFaceModel(readFileSync('meshes/head.safetensors'), 'head.safetensors');
});
afterAll(() => model.decoder.dispose());

/** A face under a lamp at the side, turned by half a radian. */
function sideLit(): SceneNumbers {
  const scene = sceneNumbers(Float64Array.from({ length: 144 }, (_, i) => (i < 128 ? 0.8 * Math.sin(7 * i) : i === 128 ? 1.7 : 0)));
  return { ...scene, illumination: { lightPosition: [-1500, 400, 1200], lightColor: [0.6, 0.55, 0.5], ambientColor: [0.35, 0.35, 0.4] } };
}

function photoOf(scene: SceneNumbers, spoil: (x: number, y: number) => readonly number[] | null = () => null): PixelImage {
  const { colors, mask } = renderFace(scene, model, SIZE), data = new Uint8Array(3 * SIZE * SIZE);
  for (let p = 0; p < SIZE * SIZE; p++) {
    const spoiled = spoil(p % SIZE, Math.floor(p / SIZE));
    for (let k = 0; k < 3; k++) data[3 * p + k] = Math.round(255 * Math.min(1, spoiled?.[k] ?? (mask[p]! > 0.5 ? colors[3 * p + k]! : 0.3)));
  }
  return { width: SIZE, height: SIZE, channels: 3, data };
}

const quantile = (values: readonly number[], q: number): number => [...values].sort((a, b) => a - b)[Math.floor(q * (values.length - 1))]!;

it('divides the light out: a side-lit face gives the albedo that it was drawn with', () => {
  const scene = sideLit(), photo = photoOf(scene), { albedo, weight, difference } = photoAlbedo(photo, { scene, frame }, model), { colors } = decodeMesh(model, scene.latent);
  const seen = [...weight.keys()].filter((v) => weight[v]! > 0.5), off = seen.map((v) => Math.max(...[0, 1, 2].map((k) => Math.abs(albedo[3 * v + k]! - colors[3 * v + k]!))));
  expect(seen.length).toBeGreaterThan(1200);
  expect(quantile(off, 0.5)).toBeLessThan(0.006);
  expect(quantile(off, 0.95)).toBeLessThan(0.05);
  expect(difference).toBeLessThan(0.01);
  expectNoLeak(() => void photoAlbedo(photo, { scene, frame }, model));
  // What the photograph shows of the light is not small: the check above is of the division.
  const { colors: lit } = renderFace(scene, model, SIZE), tones = [...lit].filter((_, i) => i % 3 === 0 && lit[i]! > 0);
  expect(quantile(tones, 0.95) / quantile(tones, 0.2)).toBeGreaterThan(1.5);
});

it('believes nothing of what is hidden, turned away or no face', () => {
  const scene = sideLit(), { albedo, weight } = photoAlbedo(photoOf(scene), { scene, frame }, model), { vertices, colors } = decodeMesh(model, scene.latent), { faceMask, faces } = model.topology, normals = vertexNormals({ vertices, faces });
  for (let v = 0; v < faceMask.length; v++) {
    expect(weight[v]).toBeGreaterThanOrEqual(0);
    expect(weight[v]).toBeLessThanOrEqual(1);
    if (faceMask[v] === 0) expect(weight[v]).toBeLessThan(0.5);
    const view = [0, 1, 2].map((k) => scene.camera.eye[k]! - vertices[3 * v + k]!);
    if ([0, 1, 2].reduce((sum, k) => sum + normals[3 * v + k]! * view[k]!, 0) < 0) expect(weight[v]).toBeLessThan(0.05);
    if (weight[v] === 0) expect(albedo[3 * v]).toBe(colors[3 * v]);
  }
});

it('hardly believes what is far from the fit, and nothing that is overexposed', () => {
  const scene = sideLit(), clean = photoAlbedo(photoOf(scene), { scene, frame }, model), bar = (y: number): boolean => y > 130 && y < 140;
  const dark = photoAlbedo(photoOf(scene, (_, y) => (bar(y) ? [0.03, 0.03, 0.03] : null)), { scene, frame }, model), white = photoAlbedo(photoOf(scene, (_, y) => (bar(y) ? [1, 1, 1] : null)), { scene, frame }, model);
  const under = [...clean.weight.keys()].filter((v) => clean.weight[v]! > 0.5 && white.weight[v] === 0);
  expect(under.length).toBeGreaterThan(25);
  expect(quantile(under.map((v) => dark.weight[v]! / clean.weight[v]!), 0.5)).toBeLessThan(0.25);
  expect(white.difference).toBeLessThan(0.01);
});

it('takes no tooth for a lip: lips that are paler than the skin count nothing, red ones as before', () => {
  const scene = sideLit(), projection = photoProjection(scene.camera, cropToPhoto(frame, SIZE), SIZE), { vertices } = decodeMesh(model, scene.latent), { region } = model.topology;
  const lips = [...region.keys()].filter((v) => HEAD_REGIONS[region[v]!] === 'lips'), height = (v: number): number => projectPoint(projection, vertices, 3 * v)[1];
  const ys = lips.map(height), middle = (Math.min(...ys) + Math.max(...ys)) / 2, bar = (y: number): boolean => Math.abs(y - middle) < 5;
  const clean = photoAlbedo(photoOf(scene), { scene, frame }, model), toothy = photoAlbedo(photoOf(scene, (_, y) => (bar(y) ? [0.62, 0.6, 0.57] : null)), { scene, frame }, model, { tolerance: 2 });
  const untested = photoAlbedo(photoOf(scene, (_, y) => (bar(y) ? [0.62, 0.6, 0.57] : null)), { scene, frame }, model, { tolerance: 2, lipRedness: [-200, -199] });
  const inBar = lips.filter((v) => Math.abs(height(v) - middle) < 3 && clean.weight[v]! > 0.5);
  expect(inBar.length).toBeGreaterThan(20);
  expect(quantile(inBar.map((v) => untested.weight[v]!), 0.5)).toBeGreaterThan(0.5);
  expect(Math.max(...inBar.map((v) => toothy.weight[v]!))).toBeLessThan(0.01);
  expect(lips.filter((v) => untested.weight[v]! > 0.5 && toothy.weight[v]! > 0.9 * untested.weight[v]!).length).toBeGreaterThan(40);
});
