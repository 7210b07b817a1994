import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { interpolateAttributes } from '../../src/ops/interpolate-attributes.ts';
import { rasterizeMesh } from '../../src/ops/rasterize-mesh.ts';
import { describeOnBackends } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { CUBE, cubeCamera, eulerRotation, grayCube } from '../support/cube.ts';
import { expectGolden, GOLDENS_ABSENT, HAVE_GOLDENS } from '../support/golden.ts';
import { referenceRender } from '../support/raster.ts';

const SIZE = { height: 480, width: 640 }, TURNED = [-20, 0, 60]; // radians: scenes.md says degrees, the picture says otherwise

/** Barycentrics of one triangle as RGBA; the pictures have the bottom of clip space in row 0. */
function triangleImage(corners: number[][]): tf.Tensor3D {
  const { barycentrics } = rasterizeMesh(tf.tensor3d([corners]), tf.tensor2d([[0, 1, 2]], [1, 3], 'int32'), SIZE);
  return tf.concat([barycentrics.squeeze([0]).reverse(0), tf.ones([SIZE.height, SIZE.width, 1])], 2) as tf.Tensor3D;
}

const SIMPLE = [[-0.5, -0.5, 0.8, 1], [0, 0.5, 0.3, 1], [0.5, -0.5, 0.3, 1]];

describeOnBackends(`golden images${GOLDENS_ABSENT}`, () => {
  it.skipIf(!HAVE_GOLDENS).each([
    ['Simple_Triangle', SIMPLE],
    ['Perspective_Corrected_Triangle', SIMPLE.map((corner, i) => corner.map((x) => x * [0.2, 0.5, 2][i]!))],
    ['External_Triangle', [[-0.5, -0.5, 0, 1], [0, -0.5, 0, -1], [0.5, -0.5, 0, 1]]],
  ])('%s', async (name, corners) => {
    await expectGolden(name, tf.tidy(() => triangleImage(corners).dataSync()));
  });

  it.skipIf(!HAVE_GOLDENS)('Unlit_Cube_0', async () => {
    await expectGolden('Unlit_Cube_0', tf.tidy(() => {
      const vertices = tf.tensor2d(CUBE.vertices), faces = tf.tensor2d(CUBE.faces, [12, 3], 'int32');
      const clip = vertices.pad([[0, 0], [0, 1]], 1).matMul(tf.tensor2d(cubeCamera([2, 3, 6], 4 / 3)), false, true).expandDims(0) as tf.Tensor3D;
      const attributes = tf.concat([vertices.mul(0.5).add(0.5), tf.ones([8, 1])], 1).expandDims(0) as tf.Tensor3D;
      return interpolateAttributes(attributes, faces, rasterizeMesh(clip, faces, SIZE)).reverse(1).dataSync();
    }));
  });

  it.skipIf(!HAVE_GOLDENS)('Gray_Cube_0', async () => {
    await expectGolden('Gray_Cube_0', tf.tidy(() => grayCube(eulerRotation(tf.tensor1d(TURNED)), SIZE).dataSync()));
  });
});

describeOnBackends('gradient cases of the literature', (backend) => {
  it('one pixel of a triangle', () => {
    // Pixel (325, 245) of the pictures, which lie upside down.
    const at = (479 - 245) * 640 + 325, vertices = Float64Array.from(SIMPLE.flat()), faces = Int32Array.of(0, 1, 2), sizes = { batch: 1, vertexCount: 3, faceCount: 1, ...SIZE };
    const scene = { vertices, faces, sizes }, identity = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
    for (let k = 0; k < 3; k++) {
      const numeric = vertices.map((_, i) => {
        const [plus, minus] = [1e-6, -1e-6].map((d) => referenceRender({ ...scene, vertices: vertices.map((x, j) => (i === j ? x + d : x)) }, identity, 3, true).image[3 * at + k]!);
        return i % 4 === 2 ? 0 : (plus! - minus!) / 2e-6;
      });
      const gradient = tf.tidy(() => {
        const dy = tf.buffer([1, SIZE.height, SIZE.width, 3]);
        dy.values[3 * at + k] = 1;
        return tf.grad((v: tf.Tensor) => rasterizeMesh(v as tf.Tensor3D, tf.tensor2d([[0, 1, 2]], [1, 3], 'int32'), SIZE).barycentrics)(tf.tensor3d([SIMPLE]), dy.toTensor()).dataSync();
      });
      expectClose(gradient, numeric, { rtol: 1e-4, atol: 1e-5 });
    }
  });

  it('the whole Jacobian of a 28 x 21 picture of the turned cube', () => {
    const height = 21, width = 28, outputs = height * width * 3;
    const clip = tf.tidy(() => tf.tensor2d(CUBE.vertices).matMul(eulerRotation(tf.tensor1d(TURNED)), false, true).pad([[0, 0], [0, 1]], 1)
      .matMul(tf.tensor2d(cubeCamera([0, 0, 6], 4 / 3)), false, true).arraySync() as number[][]);
    const vertices = Float64Array.from(clip.flat()), colors = CUBE.vertices.flat().map((x) => 0.5 * x + 0.5), faces = Int32Array.from(CUBE.faces.flat());
    const render = (v: Float64Array) => referenceRender({ vertices: v, faces, sizes: { batch: 1, vertexCount: 8, faceCount: 12, height, width } }, Float64Array.from(colors), 3, true);
    // One batch entry for each number of the picture.
    const analytic = tf.tidy(() => {
      const dy = tf.eye(outputs).reshape([outputs, height, width, 3]), f = tf.tensor2d(CUBE.faces, [12, 3], 'int32'), c = tf.tensor3d(colors, [1, 8, 3]);
      return tf.grad((v: tf.Tensor) => interpolateAttributes(c, f, rasterizeMesh(v as tf.Tensor3D, f, { height, width })))(tf.tensor3d([clip]).tile([outputs, 1, 1]), dy).dataSync();
    });
    const base = render(vertices), errors = { compared: 0, off: 0 };
    for (let i = 0; i < 32; i++) {
      const [plus, minus] = [1e-5, -1e-5].map((d) => render(vertices.map((x, j) => (i === j ? x + d : x))));
      for (let o = 0; o < outputs; o++) {
        const p = Math.floor(o / 3), numeric = i % 4 === 2 ? 0 : (plus!.image[o]! - minus!.image[o]!) / 2e-5;
        if (base.faceIndex[p]! < 0 && plus!.faceIndex[p]! < 0 && minus!.faceIndex[p]! < 0) continue;
        errors.compared++;
        errors.off += Number(!(Math.abs(numeric - analytic[32 * o + i]!) <= 1e-3));
      }
    }
    expect(errors.compared).toBeGreaterThan(10_000);
    expect(errors.off / errors.compared).toBeLessThan(0.001);
  });

  it('a cube turns to its target', async () => {
    const size = backend === 'wasm' ? { height: 240, width: 320 } : { height: 60, width: 80 };
    const target = tf.tidy(() => grayCube(eulerRotation(tf.tensor1d(TURNED)), size)), angles = tf.variable(tf.tensor1d([0, 0, 0])), optimizer = tf.train.momentum(0.7, 0.1);
    for (let step = 0; step < 35; step++) {
      tf.tidy(() => {
        const gradient = tf.grad((a: tf.Tensor) => grayCube(eulerRotation(a as tf.Tensor1D), size).sub(target).abs().mean())(angles);
        optimizer.applyGradients({ [angles.name]: gradient.div(tf.maximum(1, gradient.norm())) });
      });
    }
    const image = tf.tidy(() => grayCube(eulerRotation(angles as unknown as tf.Tensor1D), size).dataSync()), wanted = target.dataSync(), pixels = size.height * size.width;
    let off = 0;
    for (let p = 0; p < pixels; p++) off += Number([0, 1, 2, 3].some((c) => !(Math.abs(image[4 * p + c]! - wanted[4 * p + c]!) <= 0.04)));
    expect(off / pixels).toBeLessThanOrEqual(0.01);
    if (HAVE_GOLDENS && backend === 'wasm') await expectGolden('Gray_Cube_0', tf.tidy(() => grayCube(eulerRotation(angles as unknown as tf.Tensor1D), SIZE).dataSync()), { fraction: 0.01, threshold: 0.04 });
    tf.dispose([target, angles]);
    optimizer.dispose();
  });
});

describe('expectGolden', () => {
  it.skipIf(!HAVE_GOLDENS)('refuses another picture', async () => {
    await expect(expectGolden('Simple_Triangle', new Float32Array(640 * 480 * 4))).rejects.toThrow('% of the pixels are off');
  });
});
