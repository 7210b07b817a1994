import * as tf from '@tensorflow/tfjs';
import { renderMeshImpl } from '../kernels/impl/render-mesh.ts';
import type { ShadingSpace } from '../kernels/impl/shade-fragments.ts';
import type { GradientCheck } from '../kernels/vectors/check-reference.ts';
import { largestOf, relativeError } from '../kernels/vectors/relative-error.ts';
import { SCENE_NUMBERS, VECTOR_RENDER, vectorResidual, vectorScene } from '../kernels/vectors/render-scene.ts';
import { renderMesh, type RenderOptions } from './render-mesh.ts';

/** What a gradient of the current backend may be off from the float64 reference, and the reference from central differences. */
export const GRADIENT_BOUNDS = { backend: 1e-3, reference: 1e-6 } as const;

/**
 * The gradient of `renderMesh` on the current backend against the float64 reference, for each of the 7 + 1 + 9 numbers and for vertices and
 * colours, two samples a seed. A pixel on an edge, which sees another face in float32, is left out on both sides, with its neighbours where edges mix them.
 *
 * @param seeds - Of the scenes.
 */
export function checkBackendGradients(seeds: readonly number[], space: ShadingSpace = 'srgb', edges: RenderOptions['edges'] = 'none'): GradientCheck[] {
  const worst = new Map<string, number>();
  for (const seed of seeds) {
    for (const { name, maxRelativeError } of checkScene(seed, space, edges)) worst.set(name, Math.max(worst.get(name) ?? 0, maxRelativeError));
  }
  return [...worst].map(([name, maxRelativeError]) => ({ name, maxRelativeError }));
}

function checkScene(seed: number, space: ShadingSpace, edges: RenderOptions['edges']): GradientCheck[] {
  const scene = vectorScene(seed), { height, width, near, far } = VECTOR_RENDER, reference = renderMeshImpl(scene, { ...VECTOR_RENDER, space, edges });
  const weights = vectorResidual(reference.image), batch = 2, V = scene.vertices.length / 6;
  const gradients = tf.tidy(() => {
    const single = (values: ArrayLike<number>): Float32Array => Float32Array.from(values);
    const faces = tf.tensor2d(scene.faces, [scene.faces.length / 3, 3], 'int32');
    const inputs = [tf.tensor(single(scene.vertices), [batch, V, 3]), tf.tensor(single(scene.colors), [batch, V, 3]), tf.tensor(single(scene.cameras), [batch, 8]), tf.tensor(single(scene.lights), [batch, 9])];
    const draw = (...[vertices, colors, cameras, lights]: tf.Tensor[]) => {
      const part = (t: tf.Tensor, begin: number, size: number): tf.Tensor2D => (t as tf.Tensor2D).slice([0, begin], [batch, size]);
      return renderMesh({ vertices: vertices as tf.Tensor3D, colors: colors as tf.Tensor3D, faces },
        { eye: part(cameras!, 0, 3), lookAt: part(cameras!, 3, 3), focalLength: part(cameras!, 6, 1), roll: part(cameras!, 7, 1) },
        { lightPosition: part(lights!, 0, 3), lightColor: part(lights!, 3, 3), ambientColor: part(lights!, 6, 3) }, { height, width, near, far, shadingSpace: space, edges });
    };
    const beside = edges === 'none' ? [0] : [0, -1, 1, -width, width];
    draw(...inputs).fragments.faceIndex.dataSync().forEach((f, p) => {
      if (f !== reference.faceIndex[p]) for (const step of beside) if (p + step >= 0) weights.fill(0, 3 * (p + step), 3 * (p + step) + 3);
    });
    const dy = tf.tensor4d(single(weights), [batch, height, width, 3]);
    return tf.grads((...t: tf.Tensor[]) => draw(...t).image)(inputs, dy).map((t) => t.dataSync());
  });
  const expected = reference.gradient(weights), actual = { vertices: gradients[0]!, colors: gradients[1]!, cameras: gradients[2]!, lights: gradients[3]! };
  const columns = (values: ArrayLike<number>, array: 'cameras' | 'lights', column: number): number[] => [0, 1].map((b) => values[(array === 'cameras' ? 8 : 9) * b + column]!);
  const numbers = SCENE_NUMBERS.map(({ name, array, column, group }) => {
    const largest = largestOf(SCENE_NUMBERS.filter((other) => other.group === group).flatMap((other) => columns(expected[array], array, other.column)));
    return { name, maxRelativeError: relativeError(columns(actual[array], array, column), columns(expected[array], array, column), largest) };
  });
  const whole = (array: 'vertices' | 'colors'): GradientCheck => ({ name: `mesh.${array}`, maxRelativeError: relativeError(actual[array], expected[array], largestOf(expected[array])) });
  return [...numbers, whole('vertices'), whole('colors')];
}
