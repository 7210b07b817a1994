import { beforeAll, expect, it } from 'vitest';
import { cropToPhoto, type Point } from '../../src/dense/crop-frame.ts';
import { FIT_DEFAULTS, fitFace, type FitStep } from '../../src/dense/fit-face.ts';
import { photoProjection, projectPoint } from '../../src/dense/photo-projection.ts';
import { renderFace } from '../../src/dense/render-face.ts';
import { resampleCrop } from '../../src/dense/resample.ts';
import { sceneNumbers } from '../../src/dense/scene.ts';
import { imageFromFloats, type PixelImage } from '../../src/io/image.ts';
import { useWasmBackend } from '../../src/kernels/wasm/index.ts';
import { eggModel } from '../support/face-model.ts';

beforeAll(() => useWasmBackend());

/** A photograph of the egg turned by some yaw, pitch and roll, and its five points. */
function eggPhoto() {
  const model = { ...eggModel(), metadata: {} }, size = 240, raw = new Float64Array(144);
  raw.set([0.7, -0.6, 0.1, 0.2, -0.3, 0.5, 0.2], 128); // in the form roll: a roll of 0.075
  raw[138] = 0.4;
  const scene = sceneNumbers(raw, 'roll'), { colors } = renderFace(scene, model, size), frame = { center: [120, 120] as Point, side: size, roll: 0 };
  const projection = photoProjection(scene.camera, cropToPhoto(frame, size), size), { vertices } = model.decoder.statistics;
  const seen = (v: number): Point => projectPoint(projection, vertices, 3 * v);
  return { model, photo: imageFromFloats(colors, size, size), landmarks: Array.from(model.topology.landmarks5, seen), points: Array.from(model.topology.landmarks68, seen) };
}

it('recovers a turned face from its landmarks, the same bits twice whoever listens, and reports progress', async () => {
  const { model, photo, landmarks, points } = eggPhoto(), seen: number[] = [], steps: FitStep[] = [];
  const fit = await fitFace(photo, { box: [40, 30, 200, 215], landmarks }, model, {}, { onProgress: ({ done, total }) => seen.push(done / total), onStep: (step) => steps.push(step) });
  expect(fit.losses.color).toBeLessThan(0.01);
  const inner = fit.landmarks68.slice(17).map(([x, y], i) => Math.hypot(x - points[17 + i]![0], y - points[17 + i]![1]));
  expect(inner.reduce((s, d) => s + d) / inner.length).toBeLessThan(1.5);
  expect(Math.abs(fit.frame.roll - 0.075)).toBeLessThan(0.03);
  expect(fit.scene.camera.roll).toBeUndefined();
  expect(seen.length).toBeGreaterThan(5);
  expect(Math.max(...seen)).toBeLessThanOrEqual(1);
  const again = await fitFace(photo, { box: [40, 30, 200, 215], landmarks }, model);
  expect(again.scene).toEqual(fit.scene);
  // What was told on the way is what the end is like, and the best of the starts so far: within a level it only falls.
  expect(steps.map(({ step, total }) => step / total)).toEqual(seen);
  expect(steps.map(({ loss }) => loss)).toEqual(steps.map(() => expect.any(Number)));
  const last = steps.at(-1)!, [, two, , best] = FIT_DEFAULTS.steps, second = steps.filter(({ step }) => step > FIT_DEFAULTS.steps[0] + two && step <= FIT_DEFAULTS.steps[0] + 2 * two);
  expect(last.total - last.step).toBeLessThan(8);
  expect(steps.filter(({ step, total }) => step > total - best).length).toBeGreaterThan(best / 8 - 2);
  expect(second.every(({ loss }) => loss <= Math.min(...steps.filter(({ step }) => step > FIT_DEFAULTS.steps[0] && step <= FIT_DEFAULTS.steps[0] + two).map((s) => s.loss)) + 1)).toBe(true);
  expect(last.scene.camera.roll).toBeUndefined();
  expect(Math.hypot(last.frame.center[0] - fit.frame.center[0], last.frame.center[1] - fit.frame.center[1], last.frame.side - fit.frame.side)).toBeLessThan(1e-9);
  expect(Math.abs(last.frame.roll - fit.frame.roll)).toBeLessThan(0.01);
  // The frame and the scene together draw what the photograph shows.
  const crop = resampleCrop(photo, cropToPhoto(fit.frame, 112), 112), drawn = renderFace(fit.scene, model, 112);
  let sum = 0, count = 0;
  drawn.faceMask.forEach((w, p) => { if (w > 0.5) { sum += Math.abs(drawn.colors[3 * p]! - crop.pixels[3 * p]!); count++; } });
  expect(sum / count).toBeLessThan(0.01);
});

it('recovers it from the box alone', async () => {
  const { model, photo } = eggPhoto(), fit = await fitFace(photo, { box: [40, 30, 200, 215] }, model);
  expect(fit.losses.color).toBeLessThan(0.02);
});

it('comes to cover a silhouette where the picture itself says nothing, from a box that is off', async () => {
  const { model, photo } = eggPhoto(), steps = [15, 20, 20, 60] as const, flat = { ...photo, data: new Uint8Array(photo.data.length).fill(128) };
  const silhouette = { ...photo, data: photo.data.map((_, i, all) => { const p = i - (i % 3); return all[p]! + all[p + 1]! + all[p + 2]! > 0 ? 255 : 0; }) };
  const target = { box: [70, 60, 235, 240] as const, silhouette }, blind = await fitFace(flat, target, model, { steps, weights: { ...FIT_DEFAULTS.weights, silhouette: 0 } }), fit = await fitFace(flat, target, model, { steps });
  expect(blind.losses.silhouette).toBeGreaterThan(0.15);
  expect(fit.losses.silhouette).toBeLessThan(0.06);
});

it('passes over what hides a face: the rest is fitted as if it were not there', async () => {
  const { model, photo, landmarks, points } = eggPhoto(), hand = { ...photo, data: photo.data.slice() };
  for (let y = 70; y < 125; y++) for (let x = 55; x < 105; x++) hand.data.set([250, 40, 220], 3 * (240 * y + x));
  const fitWith = (occlusion: number) => fitFace(hand, { box: [40, 30, 200, 215], landmarks }, model, { occlusion });
  const off = ({ landmarks68 }: { landmarks68: readonly Point[] }): number => landmarks68.slice(17).reduce((sum, [x, y], i) => sum + Math.hypot(x - points[17 + i]![0], y - points[17 + i]![1]) / 51, 0);
  const around = (at: Awaited<ReturnType<typeof fitWith>>): number => {
    const clean = resampleCrop(photo, cropToPhoto(at.frame, 112), 112), spoiled = resampleCrop(hand, cropToPhoto(at.frame, 112), 112), drawn = renderFace(at.scene, model, 112);
    let sum = 0, count = 0;
    drawn.faceMask.forEach((w, p) => { if (w > 0.5 && Math.abs(clean.pixels[3 * p]! - spoiled.pixels[3 * p]!) < 0.01) { sum += Math.abs(drawn.colors[3 * p]! - clean.pixels[3 * p]!); count++; } });
    return sum / count;
  };
  const masked = await fitWith(FIT_DEFAULTS.occlusion), all = await fitWith(Infinity);
  expect(off(masked)).toBeLessThan(off(all));
  expect(around(masked)).toBeLessThan(0.7 * around(all));
});

it('stops when asked, and refuses what is no face box', async () => {
  const { model, photo, landmarks } = eggPhoto(), controller = new AbortController();
  const stopped = fitFace(photo, { box: [40, 30, 200, 215], landmarks }, model, {}, { signal: controller.signal, onProgress: () => controller.abort(new Error('enough')) });
  await expect(stopped).rejects.toThrow('enough');
  await expect(fitFace(photo, { box: [200, 30, 40, 215] }, model)).rejects.toThrow('fitFace: expected box to have x1 < x2');
  await expect(fitFace(photo, { box: [40, 30, 200, 215], landmarks: landmarks.slice(1) }, model)).rejects.toThrow('five points');
  await expect(fitFace(photo, { box: [40, 30, 200, 215] }, model, { size: 50 })).rejects.toThrow('expected size to have a multiple of 4');
  await expect(fitFace(photo, { box: [40, 30, 200, 215] }, model, { steps: [1, 1, 1, NaN] })).rejects.toThrow('expected steps to have four whole numbers from 1 to 100000, got [1,1,1,NaN]');
  await expect(fitFace(photo, { box: [40, 30, 200, 215] }, model, { occlusion: 0 })).rejects.toThrow('expected occlusion to have a positive number, or Infinity, got 0');
  await expect(fitFace(photo, { box: [40, 30, 200, 215] }, model, { weights: { ...FIT_DEFAULTS.weights, pixel: NaN } })).rejects.toThrow('expected weights.pixel to have a number of at least 0, got NaN');
  await expect(fitFace(photo, { box: [40, 30, 200, 215] }, model, { weights: { ...FIT_DEFAULTS.weights, landmarkDeviation: 0 } })).rejects.toThrow('expected weights.landmarkDeviation to have a positive number, got 0');
  const fitWith = (silhouette: PixelImage) => fitFace(photo, { box: [40, 30, 200, 215], silhouette }, model);
  await expect(fitWith({ width: 20, height: 10, channels: 3, data: new Uint8Array(600) })).rejects.toThrow("fitFace: expected silhouette to have the photograph's 240 x 240 pixels, got 20 x 10");
  await expect(fitWith({ ...photo, data: new Uint8Array(photo.data.length) })).rejects.toThrow('fitFace: expected silhouette to have pixels that are white or opaque, where the face is, got none');
});
