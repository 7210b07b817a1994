import * as tf from '@tensorflow/tfjs';
import { assertShape } from '../core/shape.ts';

/** A batch of pinhole cameras, +Y up but for the roll: the paper's P_cam as named fields. */
export interface Camera {
  /** float32 `[B, 3]` mesh units. */
  readonly eye: tf.Tensor2D;
  /** float32 `[B, 3]` point that the centre of the image shows. */
  readonly lookAt: tf.Tensor2D;
  /** float32 `[B, 1]` half image heights: `1 / tan(fov / 2)`. */
  readonly focalLength: tf.Tensor2D;
  /** float32 `[B, 1]` radians about the view ray, positive where the camera's right side rises; absent: 0. */
  readonly roll?: tf.Tensor2D;
}

/** The camera as one float32 `[B, 8]`. Differentiable. */
export function cameraTensor({ eye, lookAt, focalLength, roll }: Camera): tf.Tensor2D {
  const where = 'camera', dims = {};
  assertShape(where, 'eye', eye.shape, ['B', 3], dims);
  assertShape(where, 'lookAt', lookAt.shape, ['B', 3], dims);
  assertShape(where, 'focalLength', focalLength.shape, ['B', 1], dims);
  if (roll) assertShape(where, 'roll', roll.shape, ['B', 1], dims);
  return tf.concat([eye, lookAt, focalLength, roll ?? tf.zeros([eye.shape[0], 1])], 1) as tf.Tensor2D;
}
