import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';
import { antialiasEdgesBackpropImageImpl, antialiasEdgesBackpropVerticesImpl, antialiasEdgesImpl } from '../../src/kernels/impl/antialias-edges.ts';
import { meshEdges } from '../../src/mesh/mesh-edges.ts';
import { antialiasEdges } from '../../src/ops/antialias-edges.ts';
import { interpolateAttributes } from '../../src/ops/interpolate-attributes.ts';
import { rasterizeMesh } from '../../src/ops/rasterize-mesh.ts';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { normals, poisonFreedMemory } from '../support/graphs.ts';
import { hostileTriangles } from '../support/hostile-triangles.ts';
import { icosphere, joined, moved, sheet, soup } from '../support/meshes.ts';
import { type RasterCase, randomTriangles, referenceFragments, toClip } from '../support/raster.ts';

/** A sphere before a wavy sheet, twice, the second from nearer. */
function sphereAndSheet(): RasterCase {
  const mesh = joined(moved(icosphere(2), [0.3, 0.2, 0]), moved(sheet(5, 6, (x, y) => 0.3 * Math.sin(x + y)), [-2, -2.4, -1.2]));
  const vertices = Float32Array.from([...toClip(mesh, { distance: 4, far: 9 }), ...toClip(mesh, { distance: 3.4, far: 9 })]);
  return { vertices, faces: mesh.faces, sizes: { batch: 2, vertexCount: mesh.vertices.length / 3, faceCount: mesh.faces.length / 3, height: 33, width: 41 } };
}

/** Image and gradients of the op. */
function run({ vertices, faces, sizes }: RasterCase, image: Float32Array, dy: Float32Array, channels: number) {
  return tf.tidy(() => {
    const { batch, vertexCount, height, width } = sizes, v = tf.tensor3d(vertices, [batch, vertexCount, 4]), f = tf.tensor2d(faces, [faces.length / 3, 3], 'int32');
    const edges = tf.tensor2d(meshEdges(faces), [meshEdges(faces).length / 4, 4], 'int32'), fragments = rasterizeMesh(v, f, sizes);
    const op = (i: tf.Tensor, x: tf.Tensor): tf.Tensor4D => antialiasEdges(i as tf.Tensor4D, { vertices: x as tf.Tensor3D, faces: f, edges }, fragments);
    const i = tf.tensor4d(image, [batch, height, width, channels]), [dImage, dVertices] = tf.grads(op)([i, v], tf.tensor4d(dy, [batch, height, width, channels]));
    return { out: op(i, v).dataSync(), dImage: dImage!.dataSync(), dVertices: dVertices!.dataSync() };
  });
}

describeOnBackends('antialiasEdges', () => {
  it.each([1, 3, 5])('image and both gradients of the reference (%i channels)', (channels) => {
    for (const scene of [sphereAndSheet(), randomTriangles(channels, { height: 25, width: 31 })]) {
      const { batch, height, width } = scene.sizes, count = batch * height * width * channels, sizes = { ...scene.sizes, channels };
      const image = Float32Array.from(normals(count, 5)), dy = Float32Array.from(normals(count, 6)), fragments = referenceFragments(scene);
      const outlined = { ...fragments, zBuffer: Float32Array.from(fragments.zBuffer), vertices: scene.vertices, faces: scene.faces, edges: meshEdges(scene.faces) };
      const out = new Float64Array(count).fill(NaN), dImage = new Float64Array(count).fill(NaN), dVertices = new Float64Array(scene.vertices.length).fill(NaN);
      antialiasEdgesImpl(image, outlined, out, sizes);
      antialiasEdgesBackpropImageImpl(dy, outlined, dImage, sizes);
      antialiasEdgesBackpropVerticesImpl(dy, image, outlined, dVertices, sizes);
      expect(Math.max(...out.map((x, i) => Math.abs(x - image[i]!)))).toBeGreaterThan(0.1);
      poisonFreedMemory();
      expectNoLeak(() => {
        const actual = run(scene, image, dy, channels), largest = Math.max(...dVertices.map(Math.abs));
        expectClose(actual.out, out, { rtol: 1e-5, atol: 1e-6 });
        expectClose(actual.dImage, dImage, { rtol: 1e-5, atol: 1e-6 });
        expectClose(actual.dVertices, dVertices, { rtol: 1e-4, atol: 1e-6 * largest });
      });
    }
  });

  it('hostile triangles and edges of many faces: finite images and gradients, the same bits twice', () => {
    const random = createRandom(9);
    for (let k = 0; k < 60; k++) {
      const scene = hostileTriangles(random, 40, 13, 16), image = Float32Array.from(normals(3 * 13 * 16, k)), shared = { ...scene, faces: soup(120, 40, k).faces };
      for (const each of [scene, shared]) {
        const first = run(each, image, image, 3);
        for (const [name, values] of Object.entries(first)) if (!values.every(Number.isFinite)) throw new Error(`scene ${k}: ${name} is not finite`);
        expect(run(each, image, image, 3)).toEqual(first);
      }
    }
  });

  it('a shifted triangle comes to cover another: nothing but visibility tells it where', () => {
    const faces = tf.tensor2d([[0, 1, 2]], [1, 3], 'int32'), edges = tf.tensor2d([...meshEdges(Int32Array.of(0, 1, 2))], [3, 4], 'int32'), white = tf.ones<tf.Rank.R3>([1, 3, 1]);
    const corners = tf.tensor3d([[[-0.52, -0.41, 0, 1], [0.43, -0.37, 0, 1], [0.07, 0.61, 0, 1]]]), size = { height: 28, width: 24 };
    const picture = (shift: tf.Tensor): tf.Tensor4D => {
      const vertices = corners.add(shift.pad([[0, 2]])) as tf.Tensor3D, fragments = rasterizeMesh(vertices, faces, size);
      return antialiasEdges(interpolateAttributes(white, faces, fragments), { vertices, faces, edges }, fragments);
    };
    const target = picture(tf.tensor1d([0, 0])), gradient = tf.grad((shift: tf.Tensor) => picture(shift).sub(target).square().sum());
    let shift = tf.tensor1d([0.31, -0.27]);
    for (let k = 0; k < 60; k++) shift = tf.tidy(() => { const g = gradient(shift); return shift.sub(g.mul(0.05 * 0.92 ** k).div(g.norm().add(1e-9))) as tf.Tensor1D; });
    expect(Math.hypot(...shift.dataSync())).toBeLessThan(0.01);
  });

  it('throws on what does not fit', () => {
    const vertices = tf.tensor3d([[[0, 0, 0, 1], [1, 0, 0, 1], [0, 1, 0, 1]]]), faces = tf.tensor2d([[0, 1, 2]], [1, 3], 'int32'), image = tf.ones<tf.Rank.R4>([1, 4, 5, 3]);
    const fragments = rasterizeMesh(vertices, faces, { height: 4, width: 5 }), edges = (...rows: number[]) => tf.tensor2d(rows, [rows.length / 4, 4], 'int32');
    const call = (changes: Record<string, tf.Tensor>, seen: Record<string, tf.Tensor> = {}) => () => antialiasEdges(image, { vertices, faces, edges: edges(0, 1, 2, -1), ...changes }, { ...fragments, ...seen });
    expect(call({})).not.toThrow();
    expect(call({ edges: edges(0, 1, 2, -1, 0, -1, 2, -1) })).toThrow('antialiasEdges: expected edges[1, 1] to have a vertex in [0, 3), got -1');
    expect(call({ edges: edges(0, 1, 2, 3) })).toThrow('antialiasEdges: expected edges[0, 3] to have -1 or a vertex in [0, 3), got 3');
    expect(call({ faces: tf.tensor2d([[0, 1, 3]], [1, 3], 'int32') })).toThrow('antialiasEdges: expected faces[0, 2] to have a vertex in [0, 3), got 3');
    expect(call({}, { faceIndex: tf.fill([1, 4, 5], 1, 'int32') })).toThrow('antialiasEdges: expected faceIndex[0] to have -1 or a face in [0, 1), got 1');
    expect(call({ edges: tf.tensor2d([[0, 1, 2, -1]]) })).toThrow('antialiasEdges: expected edges to have dtype int32, got float32');
    expect(() => antialiasEdges(tf.ones([1, 5, 4, 3]), { vertices, faces, edges: edges(0, 1, 2, -1) }, fragments)).toThrow('antialiasEdges: expected faceIndex');
  });
});
