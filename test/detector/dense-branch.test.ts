import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { cropToPhoto, frameFromBox } from '../../src/dense/crop-frame.ts';
import { compareFaces, denseLoss } from '../../src/dense/dense-loss.ts';
import { FaceRenderer } from '../../src/dense/face-renderer.ts';
import { resampleCrop } from '../../src/dense/resample.ts';
import { sceneFromRaw } from '../../src/dense/scene-map.ts';
import type { FaceWindow } from '../../src/detector/choose-faces.ts';
import { createDenseBranch } from '../../src/detector/dense-branch.ts';
import { linear } from '../../src/ops/linear.ts';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { noisePhoto } from '../support/egg-scene.ts';
import { eggModel } from '../support/face-model.ts';
import { normals } from '../support/graphs.ts';

const SIZE = 24, L = 128, PHOTOS = [noisePhoto(90, 70), noisePhoto(90, 71)] as const;
const images = (): tf.Tensor4D => tf.tensor4d(Float32Array.from([...PHOTOS[0].data, ...PHOTOS[1].data.subarray(0, 3 * 90 * 70)], (x) => x / 255), [2, 70, 90, 3]);
const WINDOWS: FaceWindow[] = [
  { image: 0, box: [10, 10, 58, 60], landmarks: [[24, 28], [44, 30], null, [26, 46], [42, 47]] }, { image: 1, box: [20, 8, 70, 56] }, { image: 1, box: [1, 2, 9, 60] },
];
const numbers = (count: number, seed = 7): Float32Array => Float32Array.from(normals(count * 144, seed), (x) => 0.4 * x);

function model(): ReturnType<typeof eggModel> {
  const egg = eggModel();
  for (const variable of Object.values(egg.decoder.parameters)) variable.assign(tf.tidy(() => tf.randomNormal(variable.shape, 0, 0.02, 'float32', 3)));
  return egg;
}

/** Central difference of a scalar along `direction`. */
function slope(f: (x: tf.Tensor2D) => tf.Scalar, at: Float32Array, shape: [number, number], direction: ArrayLike<number>, step: number): number {
  const value = (sign: number): number => tf.tidy(() => f(tf.tensor2d(at.map((x, i) => x + sign * step * direction[i]!), shape)).dataSync()[0]!);
  return (value(1) - value(-1)) / (2 * step);
}

describeOnBackends('createDenseBranch', () => {
  it('compares as denseLoss does, on crops of the pictures, and passes small windows over', () => {
    const egg = model(), branch = createDenseBranch({ model: egg, size: SIZE }), renderer = new FaceRenderer(egg);
    expectNoLeak(() => tf.tidy(() => {
      const raw = tf.tensor2d(numbers(3), [3, 144]), { loss, pixel, landmarks, chosen } = branch.loss(raw, images(), WINDOWS);
      expect(chosen).toEqual([0, 1]);
      const crops = tf.tensor4d(Float32Array.from([0, 1].flatMap((i) => [...resampleCrop(PHOTOS[i as 0 | 1], cropToPhoto(frameFromBox(WINDOWS[i]!.box, 1.4), SIZE), SIZE).pixels])), [2, SIZE, SIZE, 3]);
      expectClose(pixel.dataSync(), denseLoss(renderer, raw.slice(0, 2), crops, { pose: 'roll' }).dataSync(), { rtol: 1e-5 });
      expect(loss.dataSync()[0]).toBe(pixel.dataSync()[0]);
      expect(landmarks.dataSync()[0]).toBeGreaterThan(0);
    }));
    branch.dispose();
    renderer.dispose();
  });

  it('does not count what lies beyond the picture', () => tf.tidy(() => {
    const egg = model(), box = [60, 30, 108, 80] as const, branch = createDenseBranch({ model: egg, size: SIZE }), renderer = new FaceRenderer(egg);
    const raw = tf.tensor2d(numbers(1), [1, 144]), { pixels, inside } = resampleCrop(PHOTOS[0], cropToPhoto(frameFromBox(box, 1.4), SIZE), SIZE);
    expect(inside.some((x) => x === 0)).toBe(true);
    const drawn = renderer.render(sceneFromRaw(raw, { pose: 'roll' }), { height: SIZE, width: SIZE }), crop = tf.tensor4d(pixels, [1, SIZE, SIZE, 3]), only = { weighting: 'face', norm: 'l1' } as const;
    const [within] = compareFaces(drawn, crop, only, tf.tensor4d(inside, [1, SIZE, SIZE, 1])).dataSync(), [all] = compareFaces(drawn, crop, only).dataSync();
    expectClose(branch.loss(raw, images(), [{ image: 0, box }]).loss.dataSync(), [within!]);
    expect(Math.abs(within! - all!)).toBeGreaterThan(1e-4);
  }));

  it('sends its gradient to the weights of a 1 x 1 convolution before it, as differences have it', () => tf.tidy(() => {
    const C = 5, features = tf.tensor2d(Float32Array.from(normals(3 * C, 1)), [3, C]), weights = numbers(C, 4).map((x) => 0.3 * x), pictures = images(), branch = createDenseBranch({ model: model(), size: SIZE });
    const loss = (w: tf.Tensor2D): tf.Scalar => branch.loss(linear(features, w, null), pictures, WINDOWS).loss;
    const grad = tf.grad((w) => loss(w as tf.Tensor2D))(tf.tensor2d(weights, [C, 144])).dataSync<'float32'>();
    expect(grad.every(Number.isFinite)).toBe(true);
    expect(grad.filter((g) => g !== 0).length).toBeGreaterThan(C * 140);
    // Along the numbers of the light, which move no edge of the mesh: the loss has no jumps there.
    const direction = normals(C * 144, 5).map((x, i) => (i % 144 >= L + 7 ? 0.3 * x : 0)), expected = grad.reduce((sum, g, i) => sum + g * direction[i]!, 0);
    expect(Math.abs(expected)).toBeGreaterThan(1e-3);
    expectClose([slope(loss, weights, [C, 144], direction, 0.02)], [expected], { rtol: 0.02, atol: 0 });
  }));

  it('has a five-point term whose gradient is that of differences, over the points that are known', () => tf.tidy(() => {
    const at = numbers(3), pictures = images(), branch = createDenseBranch({ model: model(), size: SIZE, landmarkWeight: 10 });
    const points = (raw: tf.Tensor2D): tf.Scalar => branch.loss(raw, pictures, WINDOWS).landmarks;
    const { loss, pixel, landmarks } = branch.loss(tf.tensor2d(at, [3, 144]), pictures, WINDOWS);
    expectClose(loss.dataSync(), [pixel.dataSync()[0]! + 10 * landmarks.dataSync()[0]!]);
    const grad = tf.grad((raw) => points(raw as tf.Tensor2D))(tf.tensor2d(at, [3, 144])).dataSync<'float32'>(), direction = normals(3 * 144, 9);
    expect(grad.subarray(144).every((g) => g === 0)).toBe(true); // the second window has no points, the third is too small
    expectClose([slope(points, at, [3, 144], direction, 0.01)], [grad.reduce((sum, g, i) => sum + g * direction[i]!, 0)], { rtol: 0.02, atol: 0 });
  }));

  it('looks at no more faces than allowed, at others in other steps; its weight rises along the ramp', () => tf.tidy(() => {
    const branch = createDenseBranch({ model: eggModel(), size: SIZE, maxFaces: 1, start: 10, ramp: 4 }), raw = tf.zeros<tf.Rank.R2>([3, 144]), pictures = images();
    const chosen = Array.from({ length: 12 }, (_, step) => branch.loss(raw, pictures, WINDOWS, step).chosen);
    expect(new Set(chosen.map(String))).toEqual(new Set(['0', '1']));
    expect([0, 9, 10, 11, 13, 14, 99].map((step) => branch.rampAt(step))).toEqual([0, 0, 0.25, 0.5, 1, 1, 1]);
    expect(createDenseBranch({ model: eggModel() }).rampAt(0)).toBe(1);
  }));

  it('is 0 with gradient 0 where no window is large enough', () => tf.tidy(() => {
    const branch = createDenseBranch({ model: eggModel(), size: SIZE, minSize: 200 }), pictures = images();
    const { value, grad } = tf.valueAndGrad((raw) => branch.loss(raw as tf.Tensor2D, pictures, WINDOWS).loss)(tf.tensor2d(numbers(3), [3, 144]));
    expect([...value.dataSync(), ...grad.dataSync()].every((x) => x === 0)).toBe(true);
    expect(branch.loss(tf.zeros([0, 144]), pictures, []).loss.dataSync()[0]).toBe(0);
  }));

  it('throws on what does not fit', () => {
    const egg = eggModel(), branch = createDenseBranch({ model: egg }), raw = tf.zeros<tf.Rank.R2>([1, 144]), pictures = tf.zeros<tf.Rank.R4>([1, 9, 9, 3]), box = [0, 0, 9, 9] as const;
    expect(() => branch.loss(raw, pictures, [])).toThrow('DenseBranch.loss: expected raw to have shape [0,144], got [1,144]');
    expect(() => branch.loss(raw, tf.zeros([1, 9, 9, 1]), [{ image: 0, box }])).toThrow('expected images to have shape [B,H,W,3], got [1,9,9,1]');
    expect(() => branch.loss(raw, pictures, [{ image: 1, box }])).toThrow('expected windows[0].image to have the index of one of 1 images, got 1');
    expect(() => branch.loss(raw, pictures, [{ image: 0, box: [0, 0, NaN, 9] }])).toThrow('expected windows[0].box to have four finite numbers x1, y1, x2, y2, got [0,0,NaN,9]');
    expect(() => branch.loss(raw, pictures, [{ image: 0, box, landmarks: [null] }])).toThrow('expected windows[0].landmarks to have five points, got 1');
    for (const [option, message] of [[{ size: 4 }, 'size to have a whole number from 8 to 1024, got 4'], [{ maxFaces: 0 }, 'maxFaces to have a whole number of at least 1, got 0'], [{ enlarge: 0 }, 'enlarge to have a positive number, got 0'],
      [{ minSize: 0 }, 'minSize to have a positive number, got 0'], [{ ramp: -1 }, 'ramp to have a number of at least 0, got -1'], [{ faces: 1 }, 'got faces']] as const) {
      expect(() => createDenseBranch({ model: egg, ...option } as never)).toThrow(message);
    }
  });
});
