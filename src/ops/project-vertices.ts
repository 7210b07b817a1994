import type * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import { assertShape } from '../core/shape.ts';
import '../gradients/project-vertices.ts';
import type { Lens } from '../kernels/impl/camera-basis.ts';
import { runKernel } from '../kernels/registry.ts';

/**
 * Vertices to OpenGL's clip space, seen by one pinhole camera a sample, +Y up but for the roll.
 *
 * With `forward = n(lookAt - eye)`, `right = n(forward x Y)`, `up = right x forward`, the first two turned by the roll (positive: the
 * camera's right side rises), and `d = p - eye`: `x = focal (right . d) / aspect`, `y = focal (up . d)`, `w = forward . d`.
 *
 * Differentiable in both, to first order.
 *
 * @param vertices - float32 `[B, V, 3]`.
 * @param cameras - float32 `[B, 8]`: eye (3), look-at point (3), focal length in half image heights, roll in radians.
 * @returns float32 `[B, V, 4]`.
 * @throws {@link ArgumentError} if a shape does not fit, a plane is out of order, or a camera looks nowhere or straight up or down.
 */
export function projectVertices(vertices: tf.Tensor3D, cameras: tf.Tensor2D, { aspect, near, far }: Lens): tf.Tensor3D {
  const where = 'projectVertices', dims = {};
  assertShape(where, 'vertices', vertices.shape, ['B', 'V', 3], dims);
  assertShape(where, 'cameras', cameras.shape, ['B', 8], dims);
  if (!(near > 0 && far > near && far < Infinity)) throw new ArgumentError(where, 'near and far', '0 < near < far', `${near} and ${far}`);
  if (!(aspect > 0 && aspect < Infinity)) throw new ArgumentError(where, 'aspect', 'a positive number', `${aspect}`);
  return runKernel('ProjectVertices', { vertices, cameras }, { aspect, near, far }) as tf.Tensor3D;
}
