import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';
import { type PoseForm, rawNumbers, sceneNumbers } from '../../src/dense/scene.ts';
import { hostScenes, rawFromScene, sceneFromRaw, sceneTensors } from '../../src/dense/scene-map.ts';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';

const flat = (scene: ReturnType<typeof sceneNumbers>): number[] => [
  ...scene.latent, ...scene.camera.eye, ...scene.camera.lookAt, scene.camera.focalLength, scene.camera.roll ?? 0,
  ...scene.illumination.lightPosition, ...scene.illumination.lightColor, ...scene.illumination.ambientColor,
];
const POSES: PoseForm[] = ['look-at', 'roll'];

describe('sceneNumbers', () => {
  it('is frontal and lit at zero', () => {
    const { latent, camera, illumination } = sceneNumbers(new Float64Array(144));
    expect(latent).toEqual(new Float32Array(128));
    expect(camera.eye[0]).toBe(0);
    expect(camera.eye[1]).toBe(camera.lookAt[1]);
    expect(camera.eye[2]! - camera.lookAt[2]!).toBeCloseTo(1000, 9);
    expect(illumination.lightColor[0]! + illumination.ambientColor[0]!).toBeCloseTo(1, 1);
  });

  it('makes any real vector a valid scene', () => {
    fc.assert(fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 144, maxLength: 144 }), fc.constantFrom(...POSES), (raw, pose) => {
      const { camera, illumination } = sceneNumbers(raw, pose);
      const offset = camera.eye.map((x, k) => x - camera.lookAt[k]!), distance = Math.hypot(...offset);
      expect(flat({ latent: new Float32Array(0), camera, illumination }).every(Number.isFinite)).toBe(true);
      expect(camera.focalLength).toBeGreaterThan(0);
      expect(distance).toBeGreaterThan(200);
      expect(Math.hypot(offset[0]!, offset[2]!) / distance).toBeGreaterThan(0.05); // never along the up vector
      expect(Math.min(...illumination.lightColor, ...illumination.ambientColor)).toBeGreaterThanOrEqual(0);
    }));
  });

  it.each(POSES)('is undone by rawNumbers, pose form %s', (pose) => {
    const random = createRandom(5);
    for (let i = 0; i < 50; i++) {
      const raw = Float64Array.from({ length: 144 }, () => random.normal(0, 1.5));
      expectClose(rawNumbers(sceneNumbers(raw, pose), pose).subarray(128), raw.subarray(128), { rtol: 1e-6, atol: 1e-6 });
    }
  });

  it('refuses what is no scene', () => {
    expect(() => sceneNumbers([1, 2])).toThrow(/at least 16/);
    expect(() => sceneNumbers(new Float64Array(144).fill(Number.NaN))).toThrow(/raw\[0\]/);
    const scene = sceneNumbers(new Float64Array(144));
    expect(() => rawNumbers({ ...scene, camera: { ...scene.camera, eye: scene.camera.lookAt } })).toThrow(/look-at/);
    expect(() => rawNumbers({ ...scene, camera: { ...scene.camera, focalLength: 0 } })).toThrow(/positive/);
    expect(() => rawNumbers({ ...scene, camera: { ...scene.camera, lookAt: [0, 0, 0] } }, 'roll')).toThrow(/z = /);
  });
});

describeOnBackends('sceneFromRaw', () => {
  const random = createRandom(6);
  const rows = Array.from({ length: 3 }, () => Array.from({ length: 144 }, () => random.normal(0, 1.2)));

  it.each(POSES)('is sceneNumbers on a batch, and rawFromScene undoes it, pose form %s', (pose) => {
    expectNoLeak(() => tf.tidy(() => {
      const scene = sceneFromRaw(tf.tensor2d(rows), { pose });
      for (const [b, one] of hostScenes(scene).entries()) expectClose(flat(one), flat(sceneNumbers(rows[b]!, pose)), { rtol: 2e-5, atol: 2e-5 });
      expectClose(rawFromScene(scene, pose).dataSync(), rows.flat(), { rtol: 1e-3, atol: 2e-3 });
      const again = hostScenes(sceneTensors(hostScenes(scene)));
      for (const [b, one] of again.entries()) expectClose(flat(one), flat(sceneNumbers(rows[b]!, pose)), { rtol: 2e-5, atol: 2e-5 });
    }));
  });

  it.each(POSES)('has the gradient of differences of sceneNumbers, pose form %s', (pose) => {
    const weights = Array.from({ length: 3 }, () => random.normal());
    const total = (scene: number[][]): number => scene.reduce((sum, row, i) => sum + row.reduce((s, x, j) => s + x * Math.cos(i + j), 0) * weights[i % 3]!, 0);
    const value = (raw: number[]): number => {
      const { camera, illumination } = sceneNumbers(raw, pose);
      return total([[...camera.eye], [...camera.lookAt], [camera.focalLength], [camera.roll ?? 0], [...illumination.lightPosition], [...illumination.lightColor], [...illumination.ambientColor]]);
    };
    const weighted = (x: tf.Tensor2D, i: number): tf.Scalar => x.mul(tf.tensor2d([Array.from({ length: x.shape[1] }, (_, j) => Math.cos(i + j) * weights[i % 3]!)])).sum() as tf.Scalar;
    const gradient = tf.tidy(() => tf.grad((raw: tf.Tensor) => {
      const { camera, illumination } = sceneFromRaw(raw as tf.Tensor2D, { pose });
      const parts = [camera.eye, camera.lookAt, camera.focalLength, camera.roll ?? tf.zeros([1, 1]) as tf.Tensor2D, illumination.lightPosition, illumination.lightColor, illumination.ambientColor];
      return tf.addN(parts.map(weighted)) as tf.Scalar;
    })(tf.tensor2d([rows[0]!])).dataSync());
    const step = (i: number, sign: number): number => value(rows[0]!.map((x, j) => (j === i ? x + sign * 1e-4 : x)));
    for (let i = 128; i < 144; i++) {
      const difference = (step(i, 1) - step(i, -1)) / 2e-4;
      expect(Math.abs(gradient[i]! - difference), `raw ${i}`).toBeLessThan(1e-4 * Math.max(1, Math.abs(difference)));
    }
  });

  it('refuses a wrong length', () => {
    expect(() => sceneFromRaw(tf.zeros([2, 143]))).toThrow(/shape \[B,144\]/);
  });
});
