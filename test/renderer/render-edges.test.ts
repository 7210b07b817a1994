import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { renderMesh } from '../../src/renderer/render-mesh.ts';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { icosphere } from '../support/meshes.ts';

/** A sphere of radius 80 a metre away, of one colour, with its camera. */
function sphereScene(focalLength = 7) {
  const { vertices, faces } = icosphere(3), count = vertices.length / 3;
  return {
    mesh: {
      vertices: tf.tensor3d(Float32Array.from(vertices, (x) => 80 * x), [1, count, 3]), colors: tf.fill([1, count, 3], 0.8) as tf.Tensor3D,
      faces: tf.tensor2d(faces, [faces.length / 3, 3], 'int32'),
    },
    camera: { eye: tf.tensor2d([[12, 5, 1000]]), lookAt: tf.tensor2d([[0, 0, 0]]), focalLength: tf.tensor2d([[focalLength]]) },
  };
}

const SIZE = { height: 40, width: 44 };

describeOnBackends("renderMesh with edges: 'antialias'", () => {
  it('mixes pixels on the outline and no others', () => tf.tidy(() => {
    const { mesh, camera } = sphereScene(), hard = renderMesh(mesh, camera, null, SIZE), soft = renderMesh(mesh, camera, null, { ...SIZE, edges: 'antialias' });
    const [a, b, mask] = [hard.image, soft.image, soft.mask].map((t) => t.dataSync()), changed = Array.from(a!, (x, i) => Number(Math.abs(x - b![i]!) > 1e-6));
    for (let p = 0; p < SIZE.height * SIZE.width; p++) {
      const covered = [1, -1, SIZE.width, -SIZE.width].map((step) => mask![p + step] ?? 0);
      if (changed[3 * p]) expect(covered.some((c) => c !== mask![p]) || [SIZE.width + 1, SIZE.width - 1].some((step) => mask![p + step] !== mask![p] || mask![p - step] !== mask![p])).toBe(true);
    }
    expect(changed.reduce((n, x) => n + x, 0) / 3).toBeGreaterThan(30);
    // The area of the disc, to what its pixels say.
    const radius = (20 * 7 * 80) / Math.sqrt(1000 ** 2 - 80 ** 2), area = Math.PI * radius ** 2;
    expect(Math.abs([...b!].reduce((sum, x) => sum + x, 0) / 2.4 / area - 1)).toBeLessThan(0.01);
  }));

  it('knows how the area grows with the focal length, which the gradient without edges does not', () => expectNoLeak(() => tf.tidy(() => {
    const { mesh, camera } = sphereScene();
    const growth = (edges: 'none' | 'antialias') => tf.grad((f: tf.Tensor) => renderMesh(mesh, { ...camera, focalLength: f as tf.Tensor2D }, null, { ...SIZE, edges }).image.sum())(camera.focalLength).dataSync()[0]!;
    const total = renderMesh(mesh, camera, null, { ...SIZE, edges: 'antialias' }).image.sum().dataSync()[0]!;
    expect(growth('none')).toBeCloseTo(0, 3);
    expect(Math.abs(growth('antialias') / ((2 * total) / 7) - 1)).toBeLessThan(0.02);
  })));

  it('throws on another value', () => tf.tidy(() => {
    const { mesh, camera } = sphereScene();
    expect(() => renderMesh(mesh, camera, null, { ...SIZE, edges: 'soft' as 'none' })).toThrow('renderMesh: expected edges to have value none or antialias, got soft');
  }));
});
