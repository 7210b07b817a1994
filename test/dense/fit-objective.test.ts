import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { decodeMesh } from '../../src/decoder/decode-mesh.ts';
import { HEAD_REGIONS } from '../../src/data/head-topology.ts';
import { FaceRenderer } from '../../src/dense/face-renderer.ts';
import { FIT_DEFAULTS } from '../../src/dense/fit-face.ts';
import { FitObjective } from '../../src/dense/fit-objective.ts';
import { renderFace } from '../../src/dense/render-face.ts';
import { projectPoint } from '../../src/dense/photo-projection.ts';
import { sceneNumbers } from '../../src/dense/scene.ts';
import { useWasmBackend } from '../../src/kernels/wasm/index.ts';
import { pixelProjection } from '../../src/renderer/projection.ts';
import { eggModel } from '../support/face-model.ts';
import { normals } from '../support/graphs.ts';

const SIZE = 32, POINTS = [[0.35, 0.4], [0.65, 0.4], [0.5, 0.5], [0.4, 0.7], [0.6, 0.7]] as const;

beforeAll(() => useWasmBackend());

const objective = (landmarks: typeof POINTS | null = POINTS): FitObjective => {
  const pixels = Float32Array.from(normals(3 * SIZE * SIZE, 2), (x) => 0.5 + 0.1 * x);
  return new FitObjective(new FaceRenderer(eggModel()), { size: SIZE, pixels, inside: new Float32Array(SIZE * SIZE).fill(1) }, landmarks, FIT_DEFAULTS.weights, 'roll');
};

it('has the gradient of its landmarks and priors, leaves no tensor, and gives the same bits twice', () => {
  const fit = objective(), raw = Float32Array.from(normals(144, 3), (x) => 0.3 * x), tensors = tf.memory().numTensors, value = fit.evaluate(raw);
  expect(tf.memory().numTensors).toBe(tensors);
  expect(fit.evaluate(raw)).toEqual(value);
  const without = objective(null).evaluate(raw), off = raw.slice();
  const i = 128 + 3, step = 0.02; // the look-at point: landmarks move by whole tenths of their deviation
  const landmarks = (x: number): number => { off[i] = x; return fit.evaluate(off).loss - objective(null).evaluate(off).loss; };
  const numeric = (landmarks(raw[i]! + step) - landmarks(raw[i]! - step)) / (2 * step);
  expect(Math.abs(value.gradient[i]! - without.gradient[i]! - numeric) / Math.abs(numeric)).toBeLessThan(0.02);
});

it('measures landmarks in deviations, as a projection on the host does', () => {
  const { decoder, topology } = eggModel(), { vertices } = decodeMesh({ decoder, topology }, new Float32Array(128)), zero = new Float32Array(144);
  const M = pixelProjection(sceneNumbers(zero, 'roll').camera, 1, 1), { landmarkDeviation } = FIT_DEFAULTS.weights;
  const expected = POINTS.reduce((sum, [x, y], i) => {
    const [u, v] = projectPoint(M, vertices, 3 * topology.landmarks5[i]!);
    return sum + 0.5 * (((u - x) / landmarkDeviation) ** 2 + ((v - y) / landmarkDeviation) ** 2);
  }, 0);
  expect(objective().evaluate(zero).loss - objective(null).evaluate(zero).loss).toBeCloseTo(expected, 1);
});

it('is no gain for a face that covers nothing: without a pixel there is no evidence', () => {
  const away = new Float32Array(144);
  away[128 + 3] = 60; // the look-at point 900 mm to the side
  const lost = objective(null).evaluate(away), seen = objective(null).evaluate(new Float32Array(144));
  expect(Number.isFinite(seen.loss)).toBe(true);
  expect(lost.loss).toBe(Infinity);
  expect(lost.gradient.every(Number.isFinite)).toBe(true);
});

it('does not hold it against a face that it is brighter than the photograph can be', () => {
  const lit = (light: number): Float32Array => { const raw = new Float32Array(144); for (let k = 0; k < 6; k++) raw[138 + k] = light; return raw; };
  const of = (value: number) => new FitObjective(new FaceRenderer(eggModel()), { size: SIZE, pixels: new Float32Array(3 * SIZE * SIZE).fill(value), inside: new Float32Array(SIZE * SIZE).fill(1) }, null, FIT_DEFAULTS.weights, 'roll');
  const white = of(1), grey = of(0.9);
  expect(white.evaluate(lit(6)).pixel).toBeLessThan(0.2 * white.evaluate(lit(0)).pixel);
  expect(grey.evaluate(lit(6)).pixel).toBeGreaterThan(0.3);
});

it('moves outlines out over what the face explains better than the background, and in from what it explains worse', () => {
  const model = eggModel(), size = 64, { colors, mask } = renderFace(sceneNumbers(new Float64Array(144), 'roll'), model, size), rim = [...mask.keys()].filter((p) => mask[p]! > 0 && mask[p]! < 1);
  const like = [0, 1, 2].map((k) => rim.reduce((sum, p) => sum + colors[3 * p + k]! / rim.length, 0)); // 0.2 from the rim's pixels, on average
  const slope = (background: number): number => {
    const pixels = Float32Array.from({ length: 3 * size * size }, (_, i) => like[i % 3]!);
    return new FitObjective(new FaceRenderer(model), { size, pixels, inside: new Float32Array(size * size).fill(1) }, null, { ...FIT_DEFAULTS.weights, pixel: 0, background }, 'roll').evaluate(new Float32Array(144)).gradient[128 + 6]!;
  };
  expect(slope(0.05)).toBeGreaterThan(0.1);
  expect(slope(0.5)).toBeLessThan(-0.1);
});

it('has a curvature that is symmetric and positive, holds the prior, leaves no tensor, and tells how fast the gradient changes', () => {
  const raw = Float32Array.from(normals(144, 3), (x) => 0.3 * x), fit = objective(), tensors = tf.memory().numTensors, H = fit.curvature(raw);
  expect(tf.memory().numTensors).toBe(tensors);
  expect(fit.curvature(raw)).toEqual(H);
  for (let i = 0; i < 144; i++) {
    expect(H[i * 145]!).toBeGreaterThanOrEqual(1);
    for (let j = 0; j < i; j++) expect(H[i * 144 + j]! - H[j * 144 + i]!).toBeCloseTo(0, 2);
  }
  // Landmarks alone: their second derivative is the matrix, nearly.
  const without = objective(null).curvature(raw), i = 128 + 3, off = raw.slice(), step = 0.02;
  const slope = (x: number): number => { off[i] = x; return fit.evaluate(off).gradient[i]! - objective(null).evaluate(off).gradient[i]!; };
  const numeric = (slope(raw[i]! + step) - slope(raw[i]! - step)) / (2 * step);
  expect((H[i * 145]! - without[i * 145]!) / numeric).toBeCloseTo(1, 1);
});

it('holds the light nearly white before a grey photograph, and does not see colours', () => {
  const crop = { size: SIZE, pixels: Float32Array.from({ length: 3 * SIZE * SIZE }, (_, i) => 0.3 + 0.001 * (Math.floor(i / 3) % SIZE)), inside: new Float32Array(SIZE * SIZE).fill(1) };
  const of = (isGrey: boolean): FitObjective => new FitObjective(new FaceRenderer(eggModel()), crop, null, { ...FIT_DEFAULTS.weights, pixel: 0, outline: 0 }, 'roll', null, isGrey);
  const raw = Float32Array.from(normals(144, 3), (x) => 0.3 * x), at = 128 + 10, grey = of(true), a = grey.evaluate(raw), b = of(false).evaluate(raw);
  const expected = [at, at + 3].reduce((sum, i) => { const three = [...raw.subarray(i, i + 3)], mean = three.reduce((s, x) => s + x, 0) / 3; return sum + 50 * three.reduce((s, x) => s + (x - mean) ** 2, 0); }, 0);
  expect(a.loss - b.loss).toBeCloseTo(expected, 3);
  const off = raw.slice(), step = 0.01, moved = (x: number): number => { off[at] = x; return grey.evaluate(off).loss; };
  expect(a.gradient[at]!).toBeCloseTo((moved(raw[at]! + step) - moved(raw[at]! - step)) / (2 * step), 1);
  const H = grey.curvature(raw), plain = of(false).curvature(raw);
  expect([H[at * 144 + at]! - plain[at * 144 + at]!, H[at * 144 + at + 1]! - plain[at * 144 + at + 1]!].map((x) => Math.round(x * 10) / 10)).toEqual([66.7, -33.3]);
});

it('tells how far each pixel of the face is from the photograph, and nothing of the background and the inside of a mouth', () => {
  const egg = eggModel(), { vertices } = egg.decoder.statistics, lower = Uint8Array.from({ length: 642 }, (_, v) => (vertices[3 * v + 1]! < -30 ? HEAD_REGIONS.indexOf('mouth') : 0)), raw = new Float32Array(144);
  const { colors, faceMask } = renderFace(sceneNumbers(new Float64Array(144), 'roll'), egg, SIZE), crop = { size: SIZE, pixels: colors.map((x, i) => (i % 3 === 0 ? x + 0.25 : x)), inside: new Float32Array(SIZE * SIZE).fill(1) };
  const of = (region: Uint8Array): Float32Array => new FitObjective(new FaceRenderer({ ...egg, topology: { ...egg.topology, region } }), crop, null, FIT_DEFAULTS.weights, 'roll').differences(raw);
  const plain = of(egg.topology.region), mouth = of(lower);
  let hidden = 0;
  faceMask.forEach((share, p) => {
    if (share > 0.999) expect(plain[p]).toBeCloseTo(0.25, 1); // one sample a pixel against four
    if (share === 0) expect(plain[p]).toBe(-1);
    if (mouth[p] !== plain[p]) {
      hidden++;
      expect(mouth[p]).toBe(-1);
      expect(Math.floor(p / SIZE)).toBeGreaterThan(SIZE / 2);
    }
  });
  expect(hidden).toBeGreaterThan(20);
  expect([...plain].filter((d) => Math.abs(d - 0.25) < 0.02).length).toBeGreaterThan(0.8 * plain.filter((d) => d >= 0).length);
});
