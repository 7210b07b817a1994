import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { interpolateAttributes } from '../../src/ops/interpolate-attributes.ts';
import { rasterizeMesh } from '../../src/ops/rasterize-mesh.ts';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { normals, poisonFreedMemory } from '../support/graphs.ts';
import { randomTriangles, referenceRender } from '../support/raster.ts';

describeOnBackends('interpolateAttributes', () => {
  it.each([
    [1, false, 2], [2, true, 3], [3, false, 2], [3, true, 1], [4, false, 2], [5, true, 2], [6, false, 3], [8, true, 2], [9, false, 1], [13, false, 2],
  ])('%i channels (shared: %s, batch %i): image and both gradients of the reference', (channels, shared, batch) => {
    const scene = randomTriangles(channels, { batch }), { vertices, faces, sizes: { vertexCount, faceCount, height, width } } = scene;
    const attributes = Float32Array.from(normals((shared ? 1 : batch) * vertexCount * channels, 3)), dy = Float32Array.from(normals(batch * height * width * channels, 4));
    const reference = referenceRender(scene, attributes, channels, shared, dy);
    poisonFreedMemory();
    expectNoLeak(() => tf.tidy(() => {
      const v = tf.tensor3d(vertices, [batch, vertexCount, 4]), a = tf.tensor3d(attributes, [shared ? 1 : batch, vertexCount, channels]);
      const f = tf.tensor2d(faces, [faceCount, 3], 'int32'), d = tf.tensor4d(dy, [batch, height, width, channels]);
      const [dv, da] = tf.grads((x: tf.Tensor, y: tf.Tensor) => {
        const image = interpolateAttributes(y as tf.Tensor3D, f, rasterizeMesh(x as tf.Tensor3D, f, { height, width }));
        expect(image.shape).toEqual([batch, height, width, channels]);
        expectClose(image.dataSync(), reference.image, { rtol: 1e-5, atol: 1e-5 });
        return image;
      })([v, a], d);
      expectClose(da!.dataSync(), reference.dAttributes, { rtol: 1e-4, atol: 1e-5 });
      expectClose(dv!.dataSync(), reference.dVertices, { rtol: 1e-4, atol: 1e-5 * Math.max(...reference.dVertices.map(Math.abs)) });
    }));
  });

  it('throws on what does not fit', () => {
    const faces = tf.tensor2d([[0, 1, 2]], [1, 3], 'int32'), attributes = tf.ones<tf.Rank.R3>([1, 3, 2]), barycentrics = tf.ones<tf.Rank.R4>([2, 1, 2, 3]);
    const seeing = (...index: number[]) => ({ faceIndex: tf.tensor3d(index, [2, 1, 2], 'int32'), barycentrics }), good = seeing(0, -1, 0, 0);
    expect(interpolateAttributes(attributes, faces, good).dataSync()).toEqual(Float32Array.of(3, 3, 0, 0, 3, 3, 3, 3));
    expect(() => interpolateAttributes(attributes, faces, seeing(0, -1, 1, 0))).toThrow('interpolateAttributes: expected faceIndex[2] to have -1 or a face in [0, 1), got 1');
    expect(() => interpolateAttributes(attributes, faces, seeing(0, -1, 0, -2))).toThrow('interpolateAttributes: expected faceIndex[3] to have -1 or a face in [0, 1), got -2');
    expect(() => interpolateAttributes(attributes, tf.tensor2d([[0, 3, 2]], [1, 3], 'int32'), good)).toThrow('interpolateAttributes: expected faces[0, 1] to have a vertex in [0, 3), got 3');
    expect(() => interpolateAttributes(tf.ones([3, 3, 2]), faces, good)).toThrow('interpolateAttributes: expected attributes');
    expect(() => interpolateAttributes(attributes, faces, { ...good, faceIndex: good.faceIndex.cast('float32') })).toThrow('dtype int32, got float32');
  });
});
