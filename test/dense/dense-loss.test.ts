import * as tf from '@tensorflow/tfjs';
import { expect, it, vi } from 'vitest';
import { denseLoss, denseLossWarnings, type DenseWeighting } from '../../src/dense/dense-loss.ts';
import { FaceRenderer } from '../../src/dense/face-renderer.ts';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { eggModel } from '../support/face-model.ts';
import { normals } from '../support/graphs.ts';

const SIZE = 24;

function scenes(): { raw: tf.Tensor2D; crops: tf.Tensor4D } {
  const raw = Float32Array.from(normals(2 * 144, 7), (x) => 0.4 * x);
  return { raw: tf.tensor2d(raw, [2, 144]), crops: tf.tensor4d(Float32Array.from(normals(2 * SIZE * SIZE * 3, 8), (x) => 0.5 + 0.2 * x), [2, SIZE, SIZE, 3]) };
}

describeOnBackends('denseLoss', () => {
  it.each(['paper', 'covered', 'face'] as const)('in the weighting %s agrees with its definition on the rendered image and reaches all the numbers', (weighting) => {
    const model = eggModel(), renderer = new FaceRenderer(model);
    for (const variable of Object.values(model.decoder.parameters)) variable.assign(tf.randomNormal(variable.shape, 0, 0.02, 'float32', 3));
    expectNoLeak(() => tf.tidy(() => {
      const { raw, crops } = scenes();
      const { value, grad } = tf.valueAndGrad((x) => denseLoss(renderer, x as tf.Tensor2D, crops, { weighting }))(raw);
      expect(value.dataSync()[0]).toBeGreaterThan(0.05);
      expect(grad.dataSync().every(Number.isFinite)).toBe(true);
      expect(grad.dataSync().filter((g) => g !== 0).length).toBeGreaterThan(2 * 140);
    }));
    renderer.dispose();
    model.decoder.dispose();
  });

  it('divides by W H, by what is covered, or by the mask, and no more', () => tf.tidy(() => {
    const renderer = new FaceRenderer(eggModel()), { raw } = scenes(), black = tf.zeros<tf.Rank.R4>([2, SIZE, SIZE, 3]);
    const loss = (weighting: DenseWeighting): number => denseLoss(renderer, raw, black, { weighting }).dataSync()[0]!;
    // On a black crop the paper's sum over all pixels is that over the covered ones: the two differ by the share covered, about half.
    expect(loss('paper') / loss('covered')).toBeGreaterThan(0.25);
    expect(loss('paper') / loss('covered')).toBeLessThan(0.85);
    expect(loss('face')).toBeGreaterThan(0);
  }));

  it('does not reward shrinking: on a crop that the face matches but for noise, the size has next to no gradient', () => tf.tidy(() => {
    const renderer = new FaceRenderer(eggModel()), raw = tf.zeros<tf.Rank.R2>([1, 144]), at = 128 + 6;
    const crop = tf.fill<tf.Rank.R4>([1, 48, 48, 3], 0.9); // brighter than any pixel of the face: each covered pixel costs
    const bySize = (weighting: DenseWeighting): number[] => [-0.5, 0, 0.5].map((logSize) => denseLoss(renderer, raw.add(tf.oneHot([at], 144).mul(logSize)) as tf.Tensor2D, crop, { weighting }).dataSync()[0]!);
    const [small, , large] = bySize('face') as [number, number, number];
    expect(Math.abs(small - large) / large).toBeLessThan(0.03);
  }));

  it('gives 0 with gradient 0 to a face that covers nothing, counts it and says so once', () => tf.tidy(() => {
    const renderer = new FaceRenderer(eggModel()), { crops } = scenes(), warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    denseLossWarnings.uncovered = 0;
    const away = tf.buffer([2, 144]);
    for (const b of [0, 1]) away.set(60, b, 128 + 3); // the look-at point 900 mm to the side
    for (let i = 0; i < 2; i++) {
      const { value, grad } = tf.valueAndGrad((x) => denseLoss(renderer, x as tf.Tensor2D, crops))(away.toTensor() as tf.Tensor2D);
      expect([...value.dataSync(), ...grad.dataSync()].every((x) => x === 0)).toBe(true);
    }
    expect(denseLossWarnings.uncovered).toBe(4);
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  }));

  it('throws on another weighting and on crops of another batch', () => {
    const renderer = new FaceRenderer(eggModel()), { raw, crops } = scenes();
    expect(() => denseLoss(renderer, raw, crops, { weighting: 'all' as never })).toThrow('denseLoss: expected weighting to have value paper, covered or face, got all');
    expect(() => denseLoss(renderer, raw, crops.slice([0], [1]))).toThrow('raw to have shape [B=1,N], got [2,144]');
  });
});
