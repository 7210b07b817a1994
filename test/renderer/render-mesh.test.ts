import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { renderMeshImpl } from '../../src/kernels/impl/render-mesh.ts';
import { renderMesh } from '../../src/renderer/render-mesh.ts';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { normals as random } from '../support/graphs.ts';
import { SPHERES_SETTINGS, spheresScene } from '../support/render.ts';

const { height, width } = SPHERES_SETTINGS;

function sceneTensors() {
  const { vertices, colors, faces, cameras, lights } = spheresScene(), V = vertices.length / 6;
  const columns = (values: ArrayLike<number>, row: number, begin: number, size: number): tf.Tensor2D => tf.tensor2d(Float32Array.from({ length: 2 * size }, (_, i) => values[row * Math.floor(i / size) + begin + (i % size)]!), [2, size]);
  return {
    mesh: { vertices: tf.tensor3d(Float32Array.from(vertices), [2, V, 3]), colors: tf.tensor3d(Float32Array.from(colors), [2, V, 3]), faces: tf.tensor2d(faces, [faces.length / 3, 3], 'int32') },
    camera: { eye: columns(cameras, 8, 0, 3), lookAt: columns(cameras, 8, 3, 3), focalLength: columns(cameras, 8, 6, 1), roll: columns(cameras, 8, 7, 1) },
    light: { lightPosition: columns(lights, 9, 0, 3), lightColor: columns(lights, 9, 3, 3), ambientColor: columns(lights, 9, 6, 3) },
  };
}

describeOnBackends('renderMesh', () => {
  it('agrees with the float64 reference of the whole render, as do the gradients of all its numbers', () => expectNoLeak(() => tf.tidy(() => {
    const scene = spheresScene(), reference = renderMeshImpl(scene, SPHERES_SETTINGS), weights = Float32Array.from(random(reference.image.length, 6));
    const { mesh, camera, light } = sceneTensors(), inputs = [mesh.vertices, mesh.colors, camera.eye, camera.lookAt, camera.focalLength, camera.roll, light.lightPosition, light.lightColor, light.ambientColor];
    const seen = renderMesh(mesh, camera, light, { height, width });
    // Pixels on an edge may see the other face in float32: they are left out on both sides.
    seen.fragments.faceIndex.dataSync().forEach((f, p) => { if (f !== reference.faceIndex[p]) weights.fill(0, 3 * p, 3 * p + 3); });
    expect(weights.filter((w) => w === 0).length).toBeLessThan(weights.length / 200);
    const expected = reference.gradient(weights), image = seen.image.dataSync();
    weights.forEach((w, i) => { if (w !== 0) expectClose([image[i]!], [reference.image[i]!], { rtol: 1e-3, atol: 1e-3 }); });
    const grads = tf.grads((...t: tf.Tensor[]) => {
      const [vertices, colors, eye, lookAt, focalLength, roll, lightPosition, lightColor, ambientColor] = t as [tf.Tensor3D, tf.Tensor3D, ...tf.Tensor2D[]];
      const drawn = renderMesh({ vertices, colors, faces: mesh.faces }, { eye: eye!, lookAt: lookAt!, focalLength: focalLength!, roll: roll! }, { lightPosition: lightPosition!, lightColor: lightColor!, ambientColor: ambientColor! }, { height, width });
      return drawn.image.mul(tf.tensor4d(weights, drawn.image.shape)).sum();
    })(inputs);
    const pick = (values: Float64Array, row: number, begin: number, size: number): number[] => Array.from({ length: 2 * size }, (_, i) => values[row * Math.floor(i / size) + begin + (i % size)]!);
    const { vertices, colors, cameras, lights } = expected;
    const groups = { vertices: [...vertices], colors: [...colors], eye: pick(cameras, 8, 0, 3), lookAt: pick(cameras, 8, 3, 3), focalLength: pick(cameras, 8, 6, 1), roll: pick(cameras, 8, 7, 1), lightPosition: pick(lights, 9, 0, 3), lightColor: pick(lights, 9, 3, 3), ambientColor: pick(lights, 9, 6, 3) };
    Object.entries(groups).forEach(([name, values], i) => {
      const largest = Math.max(...values.map(Math.abs)), found = grads[i]!.dataSync();
      values.forEach((e, k) => expect(Math.abs(found[k]! - e) / Math.max(Math.abs(e), 0.02 * largest), `${name}[${k}]: ${found[k]} for ${e}`).toBeLessThan(2e-3));
    });
  })));

  it('lays the face over a colour or images, and draws the albedo without a light', () => tf.tidy(() => {
    const { mesh, camera, light } = sceneTensors(), black = renderMesh(mesh, camera, light, { height, width }), mask = black.mask.dataSync(), colored = renderMesh(mesh, camera, light, { height, width, background: [0.1, 0.2, 0.3] });
    const over = renderMesh(mesh, camera, light, { height, width, background: tf.fill([1, height, width, 3], 0.7) }).image.dataSync(), image = black.image.dataSync(), tinted = colored.image.dataSync();
    expect(mask.filter((m) => m === 1).length).toBeGreaterThan(300);
    mask.forEach((m, p) => {
      expectClose(over.subarray(3 * p, 3 * p + 3), m === 1 ? image.subarray(3 * p, 3 * p + 3) : [0.7, 0.7, 0.7]);
      expectClose(tinted.subarray(3 * p, 3 * p + 3), m === 1 ? image.subarray(3 * p, 3 * p + 3) : [0.1, 0.2, 0.3]);
    });
    const even = { ...mesh, colors: tf.fill<tf.Rank.R3>(mesh.colors.shape, 0.4) };
    const albedo = renderMesh(even, camera, null, { height, width }).image.dataSync();
    mask.forEach((m, p) => expectClose([albedo[3 * p]!], [0.4 * m]));
    expect(() => renderMesh(mesh, camera, light, { height, width, background: tf.zeros([1, height, 1, 3]) })).toThrow('renderMesh: expected background to have shape');
    expect(() => renderMesh(mesh, camera, light, { heigth: 3 } as never)).toThrow('heigth');
  }));
});
