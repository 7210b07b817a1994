import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { cropToPhoto, frameFromBox } from '../../src/dense/crop-frame.ts';
import { FaceRenderer } from '../../src/dense/face-renderer.ts';
import { sceneFromRaw } from '../../src/dense/scene-map.ts';
import type { HeadSample } from '../../src/detector/head-sample.ts';
import { applyHead, trainDenseHead } from '../../src/detector/train-dense-head.ts';
import { imageFromFloats } from '../../src/io/image.ts';
import { useWasmBackend } from '../../src/kernels/wasm/index.ts';
import { eggModel } from '../support/face-model.ts';
import { normals } from '../support/graphs.ts';

const C = 3, SHORT = { steps: 12, batch: 3, size: 24, rate: 0.05 };

/** Eggs whose light depends on the features, drawn over the whole of a picture that is the enlarged window. */
function samples(model: ReturnType<typeof eggModel>): HeadSample[] {
  const renderer = new FaceRenderer(model), features = normals(8 * C, 2);
  return Array.from({ length: 8 }, (_, s) => {
    const own = Float32Array.from(features.subarray(C * s, C * (s + 1)), (x) => 5 + 2 * x), raw = new Float32Array(144);
    for (let i = 0; i < 6; i++) raw[128 + 10 + i] = own[i % C]! - 5;
    const image = tf.tidy(() => renderer.render(sceneFromRaw(tf.tensor2d(raw, [1, 144]), { pose: 'roll' }), { height: 45, width: 45 }).image.dataSync());
    const box = [6.5, 6.5, 38.5, 38.5] as const;
    return { picture: imageFromFloats(image, 45, 45), features: own, window: { image: 0, box, landmarks: [] as never }, frame: frameFromBox(box, 1) };
  }).map((sample) => ({ ...sample, window: { ...sample.window, landmarks: Array.from({ length: 5 }, () => [22, 22] as const) } }));
}

describe('trainDenseHead', () => {
  beforeAll(() => useWasmBackend());

  it('begins with the mean face and lowers the pixel loss; neither features nor decoder change, and nothing leaks', async () => {
    const model = eggModel(), all = samples(model), before = tf.memory().numTensors, weights = Object.values(model.decoder.parameters).map((v) => v.dataSync().slice());
    const seen: { step: number; loss: number; zero: boolean }[] = [];
    const head = await trainDenseHead(all, model, { ...SHORT, steps: 60, landmarkWeight: 0 }, { look: { every: 20, at: ({ weight, bias }, step, loss) => seen.push({ step, loss, zero: [...weight, ...bias].every((x) => x === 0) }) } });
    expect(seen.map(({ step, zero }) => [step, zero])).toEqual([[0, true], [20, false], [40, false], [60, false]]);
    expect(seen[3]!.loss).toBeLessThan(0.6 * seen[1]!.loss);
    // What was learned is the light, which depends on the features.
    const said = all.map(({ features }) => applyHead(head, features)[128 + 10]!), meant = all.map(({ features }) => features[0]! - 5), mean = (x: number[]): number => x.reduce((a, b) => a + b) / x.length;
    const covariance = mean(said.map((x, i) => (x - mean(said)) * (meant[i]! - mean(meant))));
    expect(covariance / Math.sqrt(mean(said.map((x) => (x - mean(said)) ** 2)) * mean(meant.map((x) => (x - mean(meant)) ** 2)))).toBeGreaterThan(0.7);
    expect(Math.abs(mean(said) - mean(meant))).toBeLessThan(1);
    expect(tf.memory().numTensors).toBe(before);
    expect(Object.values(model.decoder.parameters).every((v, i) => v.dataSync().every((x, k) => x === weights[i]![k]))).toBe(true);
  });

  it('gives the same bits for the same seed and others for another; points and prior have a say', async () => {
    const model = eggModel(), all = samples(model), run = async (options: object): Promise<string> => `${(await trainDenseHead(all, model, { ...SHORT, ...options })).bias}`;
    const first = await run({});
    expect(await run({})).toBe(first);
    for (const change of [{ seed: 2 }, { landmarkWeight: 0 }, { prior: 0.1 }, { rate: 0.01 }]) expect(await run(change)).not.toBe(first);
  });

  it('stays finite where a feature never changes', async () => {
    const model = eggModel(), all = samples(model).map((sample) => ({ ...sample, features: Float32Array.of(7, ...sample.features.subarray(1)) })), { weight, bias } = await trainDenseHead(all, model, SHORT);
    expect([...weight, ...bias].every(Number.isFinite)).toBe(true);
    expect(weight.subarray(0, 144).every((w) => w === 0)).toBe(true);
  });

  it('stops when told, and throws on what it cannot work with', async () => {
    const model = eggModel(), all = samples(model), stop = new AbortController();
    await expect(trainDenseHead(all, model, SHORT, { signal: stop.signal, look: { every: 100, at: () => stop.abort(new Error('enough')) } })).rejects.toThrow('enough');
    await expect(trainDenseHead([], model)).rejects.toThrow('trainDenseHead: expected samples to have at least one face, got none');
    await expect(trainDenseHead(all, model, { steps: 0 })).rejects.toThrow('trainDenseHead: expected steps to have a whole number of at least 1, got 0');
    await expect(trainDenseHead(all, model, { prior: -1 })).rejects.toThrow('trainDenseHead: expected prior to have a number of at least 0, got -1');
  });
});

it('draws the eggs of the test where the branch looks for them', () => {
  const [[a]] = cropToPhoto(frameFromBox([6.5, 6.5, 38.5, 38.5], 1.4), 24);
  expect(24 * a).toBeCloseTo(44.8, 9);
});
