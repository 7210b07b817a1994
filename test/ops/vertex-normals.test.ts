import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { vertexNormalsGradImpl, vertexNormalsImpl } from '../../src/kernels/impl/vertex-normals.ts';
import { vertexNormals as hostNormals } from '../../src/mesh/vertex-normals.ts';
import { vertexNormals } from '../../src/ops/vertex-normals.ts';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { normals, poisonFreedMemory } from '../support/graphs.ts';
import { spheresScene } from '../support/render.ts';

describeOnBackends('vertexNormals', () => {
  it('agrees with the float64 reference and the host, as does its gradient; an isolated vertex has normal and gradient 0', () => expectNoLeak(() => tf.tidy(() => {
    const { vertices: wide, faces } = spheresScene(), vertices = Float32Array.from(wide), V = vertices.length / 6, sizes = { batch: 2, vertexCount: V };
    const expected = new Float64Array(vertices.length).fill(NaN), dy = Float32Array.from(normals(vertices.length, 4)), dVertices = new Float64Array(vertices.length).fill(NaN);
    vertexNormalsImpl(vertices, faces, expected, sizes);
    vertexNormalsGradImpl(vertices, faces, dy, dVertices, sizes);
    expectClose(hostNormals({ vertices: vertices.subarray(0, 3 * V), faces }), expected.subarray(0, 3 * V), { rtol: 1e-6, atol: 1e-7 });
    poisonFreedMemory();
    const { grads } = tf.valueAndGrads((v: tf.Tensor) => {
      const out = vertexNormals(v as tf.Tensor3D, tf.tensor2d(faces, [faces.length / 3, 3], 'int32'));
      expectClose(out.dataSync(), expected, { rtol: 1e-5, atol: 1e-5 });
      return out.mul(tf.tensor3d(dy, [2, V, 3])).sum();
    })([tf.tensor3d(vertices, [2, V, 3])]);
    expectClose(grads[0]!.dataSync(), dVertices, { rtol: 1e-4, atol: 1e-5 });
    expect([...expected.subarray(3 * V - 3, 3 * V), ...dVertices.subarray(3 * V - 3, 3 * V)].map(Math.abs)).toEqual([0, 0, 0, 0, 0, 0]);
  })));

  it('gives a vertex whose faces have no area the normal zero and a finite gradient', () => tf.tidy(() => {
    const faces = tf.tensor2d([[0, 1, 2]], [1, 3], 'int32'), g = tf.grad((v) => vertexNormals(v as tf.Tensor3D, faces).sum())(tf.zeros([1, 3, 3]));
    expect([...g.dataSync()].map(Math.abs)).toEqual(new Array(9).fill(0));
  }));

  it('throws on a face that names no vertex', () => {
    expect(() => vertexNormals(tf.zeros([1, 3, 3]), tf.tensor2d([[0, 1, 3]], [1, 3], 'int32'))).toThrow('vertexNormals: expected faces[0, 2] to have a vertex in [0, 3), got 3');
  });
});
