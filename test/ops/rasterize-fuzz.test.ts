import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { ArgumentError } from '../../src/core/errors.ts';
import { createRandom } from '../../src/core/random.ts';
import { rasterizeMeshImpl } from '../../src/kernels/impl/rasterize-mesh.ts';
import { interpolateAttributes } from '../../src/ops/interpolate-attributes.ts';
import { rasterizeMesh } from '../../src/ops/rasterize-mesh.ts';
import { describeOnBackends } from '../support/backends.ts';
import { normals, poisonFreedMemory } from '../support/graphs.ts';
import { hostileTriangles } from '../support/hostile-triangles.ts';
import type { RasterCase } from '../support/raster.ts';

const CHANNELS = 2;

/** Image, fragments and both gradients. */
function render({ vertices, faces, sizes: { vertexCount, faceCount, height, width } }: RasterCase): Record<string, Float32Array | Int32Array> {
  return tf.tidy(() => {
    const v = tf.tensor3d(vertices, [1, vertexCount, 4]), f = tf.tensor2d(faces, [faceCount, 3], 'int32');
    const a = tf.tensor3d(Float32Array.from(normals(vertexCount * CHANNELS, 1)), [1, vertexCount, CHANNELS]);
    const dy = tf.tensor4d(Float32Array.from(normals(height * width * CHANNELS, 2)), [1, height, width, CHANNELS]);
    const [dVertices, dAttributes] = tf.grads((x: tf.Tensor, y: tf.Tensor) => interpolateAttributes(y as tf.Tensor3D, f, rasterizeMesh(x as tf.Tensor3D, f, { height, width })))([v, a], dy);
    const fragments = rasterizeMesh(v, f, { height, width });
    const all = { ...fragments, image: interpolateAttributes(a, f, fragments), dVertices: dVertices!, dAttributes: dAttributes! };
    return Object.fromEntries(Object.entries(all).map(([name, t]) => [name, t.dataSync().slice() as Float32Array | Int32Array]));
  });
}

function expectSameBits(actual: Float32Array | Int32Array, expected: Float32Array | Int32Array, what: string): void {
  if (Buffer.compare(Buffer.from(actual.buffer), Buffer.from(expected.buffer)) !== 0) throw new Error(`${what}: other bits`);
}

describeOnBackends('10,000 hostile triangles', () => {
  it.each([[90, 100, 1], [1, 1000, 2]])('%i at a time: finite images and gradients, the faces of the reference, the same bits twice', (faceCount, scenes, seed) => {
    const random = createRandom(seed), seen = { pixels: 0, gradients: 0 };
    for (let k = 0; k < scenes; k++) {
      const scene = hostileTriangles(random, faceCount, 13, 16), pixels = 13 * 16, out = render(scene);
      for (const [name, values] of Object.entries(out)) if (!values.every(Number.isFinite)) throw new Error(`scene ${k} of seed ${seed}: ${name} is not finite`);
      for (let p = 0; p < pixels; p++) {
        const covered = out.faceIndex![p]! >= 0, weights = [...out.barycentrics!.subarray(3 * p, 3 * p + 3)], sum = weights[0]! + weights[1]! + weights[2]!;
        if (!(Math.abs(out.zBuffer![p]!) <= 1 && Math.min(...weights) >= 0 && Math.abs(sum - Number(covered)) < 1e-5)) throw new Error(`scene ${k} of seed ${seed}, pixel ${p}: ${weights}, depth ${out.zBuffer![p]}`);
        seen.pixels += Number(covered);
      }
      for (const x of out.dVertices!) seen.gradients += Number(x !== 0);
      const reference = { faceIndex: new Int32Array(pixels), barycentrics: new Float32Array(3 * pixels), zBuffer: new Float32Array(pixels) };
      rasterizeMeshImpl(scene.vertices, scene.faces, reference, scene.sizes);
      for (const name of ['faceIndex', 'zBuffer'] as const) expectSameBits(out[name]!, reference[name], `scene ${k} of seed ${seed}: ${name}, against the reference`);
      if (k % 10 === 0) poisonFreedMemory();
      for (const [name, values] of Object.entries(render(scene))) expectSameBits(values, out[name]!, `scene ${k} of seed ${seed}: ${name}, second run`);
    }
    expect(seen.pixels).toBeGreaterThan(scenes * (faceCount > 1 ? 100 : 10));
    expect(seen.gradients).toBeGreaterThan(scenes * (faceCount > 1 ? 30 : 1));
  });

  it('NaN and infinity: a typed error', () => {
    const random = createRandom(4);
    for (let k = 0; k < 50; k++) {
      const scene = hostileTriangles(random, 5, 7, 9);
      scene.vertices[random.integer(60)] = [NaN, Infinity, -Infinity][k % 3]!;
      expect(() => render(scene)).toThrow(ArgumentError);
    }
  });
});
