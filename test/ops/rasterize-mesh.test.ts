import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rasterizeMeshGradImpl } from '../../src/kernels/impl/rasterize-mesh-grad.ts';
import { rasterizeMeshImpl } from '../../src/kernels/impl/rasterize-mesh.ts';
import { rasterizeMesh } from '../../src/ops/rasterize-mesh.ts';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { normals, poisonFreedMemory } from '../support/graphs.ts';
import { icosphere } from '../support/meshes.ts';
import { type RasterCase, randomTriangles, toClip } from '../support/raster.ts';

const cases = fc.record({
  seed: fc.nat(1e6), batch: fc.integer({ min: 1, max: 3 }), vertexCount: fc.integer({ min: 3, max: 40 }), faceCount: fc.integer({ min: 1, max: 50 }),
  height: fc.integer({ min: 1, max: 30 }), width: fc.integer({ min: 1, max: 30 }), behind: fc.boolean(),
});

/** The reference on float32 numbers: edge functions in float64, depths rounded. */
function expected({ vertices, faces, sizes }: RasterCase, dBarycentrics: Float32Array) {
  const pixels = sizes.batch * sizes.height * sizes.width;
  const out = { faceIndex: new Int32Array(pixels), barycentrics: new Float32Array(3 * pixels).fill(NaN), zBuffer: new Float32Array(pixels).fill(NaN) };
  expect(rasterizeMeshImpl(vertices, faces, out, sizes)).toBe(-1);
  const dVertices = new Float64Array(vertices.length).fill(NaN);
  rasterizeMeshGradImpl(vertices, faces, out.faceIndex, out.barycentrics, dBarycentrics, dVertices, sizes);
  return { ...out, dVertices };
}

function expectReference(scene: RasterCase): void {
  const { vertices, faces, sizes: { batch, vertexCount, height, width } } = scene;
  const dBarycentrics = Float32Array.from(normals(3 * batch * height * width, 7)), reference = expected(scene, dBarycentrics);
  poisonFreedMemory();
  expectNoLeak(() => tf.tidy(() => {
    const gradient = tf.grad((v: tf.Tensor) => {
      const { faceIndex, barycentrics, zBuffer } = rasterizeMesh(v as tf.Tensor3D, tf.tensor2d(faces, [faces.length / 3, 3], 'int32'), { height, width });
      expect([faceIndex.shape, barycentrics.shape, zBuffer.shape]).toEqual([[batch, height, width], [batch, height, width, 3], [batch, height, width]]);
      expect(faceIndex.dataSync()).toEqual(reference.faceIndex);
      expect(zBuffer.dataSync()).toEqual(reference.zBuffer);
      expectClose(barycentrics.dataSync(), reference.barycentrics, { rtol: 1e-6, atol: 1e-12 });
      return barycentrics.mul(tf.tensor4d(dBarycentrics, [batch, height, width, 3])).sum();
    })(tf.tensor3d(vertices, [batch, vertexCount, 4]));
    expectClose(gradient.dataSync(), reference.dVertices, { rtol: 1e-4, atol: 1e-5 * Math.max(...reference.dVertices.map(Math.abs)) });
  }));
}

describeOnBackends('rasterizeMesh', () => {
  it('sees the same faces as the reference, and has its gradient', () => {
    fc.assert(fc.property(cases, ({ seed, behind, ...sizes }) => {
      const scene = randomTriangles(seed, sizes);
      // A sixth of the vertices behind the eye.
      if (behind) for (let v = 0; v < scene.vertices.length; v += 24) for (const k of [0, 1, 2, 3]) scene.vertices[v + k]! *= -1;
      expectReference(scene);
    }), { numRuns: 80, seed: 5 });
  });

  it('sees the same faces of a closed mesh of small ones', () => {
    const sphere = icosphere(4), vertices = Float32Array.from(toClip(sphere, { aspect: 1.2 }));
    expectReference({ vertices, faces: sphere.faces, sizes: { batch: 1, vertexCount: vertices.length / 4, faceCount: sphere.faces.length / 3, height: 53, width: 61 } });
  });

  it('has the first of equally near faces, those at the far plane, and pixels on an edge', () => {
    const vertices = Float32Array.from([-1, -1, 1, 1, 1, -1, 1, 1, 1, 1, 1, 1, -1, 1, 1, 1]), faces = Int32Array.from([0, 1, 2, 0, 2, 3, 2, 1, 0, 3, 2, 0]);
    expectReference({ vertices, faces, sizes: { batch: 1, vertexCount: 4, faceCount: 4, height: 6, width: 6 } });
  });

  it('gives the same bits twice', () => {
    const { vertices, faces, sizes } = randomTriangles(11, { vertexCount: 200, faceCount: 400, height: 40, width: 50 });
    const bits = () => tf.tidy(() => {
      const v = tf.tensor3d(vertices, [sizes.batch, sizes.vertexCount, 4]), f = tf.tensor2d(faces, [sizes.faceCount, 3], 'int32');
      const dv = tf.grad((x: tf.Tensor) => rasterizeMesh(x as tf.Tensor3D, f, sizes).barycentrics.square().sum())(v);
      return [...Object.values(rasterizeMesh(v, f, sizes)), dv].map((t) => Buffer.from(t.dataSync().buffer.slice(0)).toString('hex'));
    });
    const first = bits();
    poisonFreedMemory();
    expect(bits()).toEqual(first);
  });

  it('passes no gradient through faceIndex and zBuffer', () => {
    const vertices = tf.tensor3d(randomTriangles(3, { batch: 1 }).vertices, [1, 30, 4]), faces = tf.tensor2d([[0, 1, 2], [3, 4, 5]], [2, 3], 'int32');
    const masked = (v: tf.Tensor) => {
      const { faceIndex, barycentrics, zBuffer } = rasterizeMesh(v as tf.Tensor3D, faces, { height: 9, width: 9 });
      return barycentrics.square().sum(3).mul(faceIndex.greaterEqual(0).cast('float32')).mul(zBuffer.less(1).cast('float32')).sum();
    };
    expect(Number.isFinite(tf.grad(masked)(vertices).sum().dataSync()[0])).toBe(true);
  });

  it('throws on what does not fit', () => {
    const vertices = tf.tensor3d([[[0, 0, 0, 1], [1, 0, 0, 1], [0, 1, 0, 1], [0, NaN, 0, 1]], [[0, 0, 0, 1], [1, 0, 0, 1], [0, 1, 0, Infinity], [0, 1, 0, 1]]]);
    const faces = (...index: number[]) => tf.tensor2d(index, [index.length / 3, 3], 'int32'), size = { height: 4, width: 5 }, good = vertices.slice([0, 0, 0], [1, 3, 4]);
    expect(() => rasterizeMesh(good, faces(0, 1, 2, 0, 3, 1), size)).toThrow('rasterizeMesh: expected faces[1, 1] to have a vertex in [0, 3), got 3');
    expect(() => rasterizeMesh(good, faces(0, -1, 2), size)).toThrow('rasterizeMesh: expected faces[0, 1] to have a vertex in [0, 3), got -1');
    expect(() => rasterizeMesh(vertices, faces(0, 1, 2), size)).toThrow('rasterizeMesh: expected vertices[0, 3, 1] to have a finite coordinate, got NaN');
    expect(() => rasterizeMesh(vertices.slice(1, 1), faces(0, 1, 2), size)).toThrow('rasterizeMesh: expected vertices[0, 2, 3] to have a finite coordinate, got Infinity');
    expect(() => rasterizeMesh(good, tf.tensor2d([[0, 1, 2]]), size)).toThrow('rasterizeMesh: expected faces to have dtype int32, got float32');
    expect(() => rasterizeMesh(good, faces(0, 1, 2), { height: 0, width: 5 })).toThrow('rasterizeMesh: expected height to have an integer in [1, 16384], got 0');
    expect(() => rasterizeMesh(good.slice([0, 0, 0], [1, 3, 3]), faces(0, 1, 2), size)).toThrow('rasterizeMesh: expected vertices');
  });
});
