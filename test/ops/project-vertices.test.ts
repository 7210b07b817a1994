import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { projectVerticesGradImpl, projectVerticesImpl } from '../../src/kernels/impl/project-vertices.ts';
import { projectVertices } from '../../src/ops/project-vertices.ts';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { normals, poisonFreedMemory } from '../support/graphs.ts';
import { spheresScene } from '../support/render.ts';

const lens = { aspect: 1.3, near: 10, far: 10_000 };

describeOnBackends('projectVertices', () => {
  it('agrees with the float64 reference, as do its gradients', () => expectNoLeak(() => tf.tidy(() => {
    const scene = spheresScene(), [vertices, cameras] = [Float32Array.from(scene.vertices), Float32Array.from(scene.cameras)];
    const sizes = { batch: 2, vertexCount: vertices.length / 6 }, clip = new Float64Array(sizes.vertexCount * 8), dy = Float32Array.from(normals(clip.length, 3));
    const gradient = { dVertices: new Float64Array(vertices.length), dCameras: new Float64Array(16) };
    projectVerticesImpl(vertices, cameras, clip, sizes, lens);
    projectVerticesGradImpl(vertices, cameras, dy, gradient, sizes, lens);
    poisonFreedMemory();
    const { grads } = tf.valueAndGrads((v: tf.Tensor, c: tf.Tensor) => {
      const out = projectVertices(v as tf.Tensor3D, c as tf.Tensor2D, lens);
      expectClose(out.dataSync(), clip, { rtol: 1e-5, atol: 1e-3 });
      return out.mul(tf.tensor3d(dy, [2, sizes.vertexCount, 4])).sum();
    })([tf.tensor3d(vertices, [2, sizes.vertexCount, 3]), tf.tensor2d(cameras, [2, 8])]);
    expectClose(grads[0]!.dataSync(), gradient.dVertices, { rtol: 1e-5, atol: 1e-4 });
    for (let i = 0; i < 16; i++) expect(Math.abs(grads[1]!.dataSync()[i]! - gradient.dCameras[i]!)).toBeLessThan(1e-4 * Math.max(1, Math.abs(gradient.dCameras[i]!)));
  })));

  it('shows the look-at point at the centre, +Y up, the roll turning the camera', () => tf.tidy(() => {
    const at = (roll: number): number[] => [...projectVertices(tf.tensor3d([[[0, 0, 0], [10, 0, 0], [0, 10, 0]]]), tf.tensor2d([[0, 0, 100, 0, 0, 0, 2, roll]]), { aspect: 1, near: 1, far: 1000 }).dataSync()];
    const upright = at(0);
    expectClose([upright[0]!, upright[1]!, upright[3]!], [0, 0, 100], { atol: 1e-5, rtol: 1e-5 });
    expectClose([upright[4]!, upright[5]!, upright[8]!, upright[9]!], [20, 0, 0, 20], { atol: 1e-4, rtol: 1e-5 });
    const turned = at(Math.PI / 2); // the camera's right side is up: what is up is seen on the right
    expectClose([turned[8]!, turned[9]!], [20, 0], { atol: 1e-4, rtol: 1e-5 });
  }));

  it('throws on a camera that looks nowhere, straight down, or at NaN, and on planes out of order', () => {
    const vertices = tf.zeros<tf.Rank.R3>([1, 4, 3]), camera = (numbers: number[]): tf.Tensor2D => tf.tensor2d([numbers]);
    expect(() => projectVertices(vertices, camera([0, 0, 9, 0, 0, 9, 2, 0]), lens)).toThrow('projectVertices: expected camera 0 to have finite numbers, an eye away from the look-at point');
    expect(() => projectVertices(vertices, camera([0, 9, 0, 0, 0, 0, 2, 0]), lens)).toThrow('not straight above or below it, got eye [0,9,0], look-at [0,0,0]');
    expect(() => projectVertices(vertices, camera([0, 0, 9, NaN, 0, 0, 2, 0]), lens)).toThrow('finite numbers');
    expect(() => projectVertices(vertices, camera([0, 0, 9, 0, 0, 0, 2, 0]), { ...lens, near: 0 })).toThrow('expected near and far to have 0 < near < far, got 0 and 10000');
    expect(() => projectVertices(vertices, tf.zeros([2, 8]), lens)).toThrow('expected cameras to have shape [B=1,8], got [2,8]');
  });
});
