import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { projectVerticesImpl } from '../../src/kernels/impl/project-vertices.ts';
import { shadeFragmentsGradImpl, shadeFragmentsImpl } from '../../src/kernels/impl/shade-fragments.ts';
import { vertexNormalsImpl } from '../../src/kernels/impl/vertex-normals.ts';
import { shadeFragments } from '../../src/ops/shade-fragments.ts';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { normals as random, poisonFreedMemory } from '../support/graphs.ts';
import { referenceFragments } from '../support/raster.ts';
import { SPHERES_SETTINGS, spheresScene } from '../support/render.ts';

const { height, width, near, far } = SPHERES_SETTINGS;

function shaded() {
  const { vertices, colors, faces, cameras, lights } = spheresScene(), V = vertices.length / 6, pixels = height * width;
  const sizes = { batch: 2, vertexCount: V, faceCount: faces.length / 3, height, width, pixels }, clip = new Float64Array(8 * V), normals = new Float64Array(vertices.length);
  projectVerticesImpl(vertices, cameras, clip, sizes, { aspect: width / height, near, far });
  vertexNormalsImpl(vertices, faces, normals, sizes);
  const narrow = (x: ArrayLike<number>): Float32Array => Float32Array.from(x), fragments = referenceFragments({ vertices: clip, faces, sizes });
  return { sizes, inputs: { vertices: narrow(vertices), normals: narrow(normals), colors: narrow(colors), lights: narrow(lights) }, at: { faces, faceIndex: fragments.faceIndex, barycentrics: narrow(fragments.barycentrics) } };
}

const tensors = ({ sizes: { vertexCount: V }, inputs, at }: ReturnType<typeof shaded>) => ({
  mesh: { vertices: tf.tensor3d(inputs.vertices, [2, V, 3]), normals: tf.tensor3d(inputs.normals, [2, V, 3]), colors: tf.tensor3d(inputs.colors, [2, V, 3]), faces: tf.tensor2d(at.faces, [at.faces.length / 3, 3], 'int32') },
  lights: tf.tensor2d(inputs.lights, [2, 9]),
  fragments: { faceIndex: tf.tensor3d(at.faceIndex, [2, height, width], 'int32'), barycentrics: tf.tensor4d(at.barycentrics, [2, height, width, 3]), zBuffer: tf.zeros<tf.Rank.R3>([2, height, width]) },
});

describeOnBackends('shadeFragments', () => {
  it.each(['srgb', 'linear'] as const)('agrees with the float64 reference in the space %s, as do its five gradients', (space) => expectNoLeak(() => tf.tidy(() => {
    const scene = shaded(), { sizes, inputs, at } = scene, image = new Float64Array(6 * sizes.pixels).fill(NaN), dy = Float32Array.from(random(image.length, 8));
    shadeFragmentsImpl(inputs, at, image, sizes, space);
    const per = (like: Float32Array): Float64Array => new Float64Array(like.length).fill(NaN);
    const gradient = { dVertices: per(inputs.vertices), dNormals: per(inputs.normals), dColors: per(inputs.colors), dLights: per(inputs.lights), dBarycentrics: per(at.barycentrics) };
    shadeFragmentsGradImpl(inputs, at, dy, gradient, sizes, space);
    const { mesh, lights, fragments } = tensors(scene);
    poisonFreedMemory();
    const { grads } = tf.valueAndGrads((...t: tf.Tensor[]) => {
      const [vertices, normals, colors] = t as tf.Tensor3D[];
      const out = shadeFragments({ vertices: vertices!, normals: normals!, colors: colors!, faces: mesh.faces }, t[3] as tf.Tensor2D, { ...fragments, barycentrics: t[4] as tf.Tensor4D }, space);
      expectClose(out.dataSync(), image, { rtol: 1e-5, atol: 1e-5 });
      return out.mul(tf.tensor4d(dy, [2, height, width, 3])).sum();
    })([mesh.vertices, mesh.normals, mesh.colors, lights, fragments.barycentrics]);
    Object.entries(gradient).forEach(([name, expected], i) => {
      const largest = Math.max(...expected.map(Math.abs));
      grads[i]!.dataSync().forEach((g, k) => expect(Math.abs(g - expected[k]!) / Math.max(Math.abs(expected[k]!), 1e-2 * largest), `${name}[${k}]`).toBeLessThan(1e-3));
    });
  })));

  it('shows the albedo where light and normal meet, the ambient part alone where the light is behind', () => tf.tidy(() => {
    const corners = tf.tensor3d([[[0, 0, 0], [1, 0, 0], [0, 1, 0]]]), normals = tf.tensor3d([[[0, 0, 2], [0, 0, 1], [0, 0, 1]]]), colors = tf.fill<tf.Rank.R3>([1, 3, 3], 0.5);
    const fragments = { faceIndex: tf.tensor3d([[[0, -1]]], [1, 1, 2], 'int32'), barycentrics: tf.tensor4d([[[[1, 0, 0], [0, 0, 0]]]]), zBuffer: tf.zeros<tf.Rank.R3>([1, 1, 2]) };
    const at = (z: number): number[] => [...shadeFragments({ vertices: corners, normals, colors, faces: tf.tensor2d([[0, 1, 2]], [1, 3], 'int32') }, tf.tensor2d([[0, 0, z, 0.6, 0.5, 0.4, 0.2, 0.1, 0]]), fragments).dataSync()];
    expectClose(at(5), [0.4, 0.3, 0.2, 0, 0, 0]);
    expectClose(at(-5), [0.1, 0.05, 0, 0, 0, 0]);
    expect(at(0)).toEqual(at(-5)); // a light in the surface has no direction
  }));

  it('throws on fragments of another mesh', () => {
    const { mesh, lights, fragments } = tensors(shaded());
    expect(() => shadeFragments(mesh, lights, { ...fragments, faceIndex: tf.fill([2, height, width], 9999, 'int32') })).toThrow('shadeFragments: expected faceIndex[0] to have -1 or a face in [0, 320), got 9999');
    expect(() => shadeFragments(mesh, tf.zeros([2, 8]), fragments)).toThrow('expected lights to have shape [B=2,9], got [2,8]');
  });
});
