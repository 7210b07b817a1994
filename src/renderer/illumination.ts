import * as tf from '@tensorflow/tfjs';
import { assertShape } from '../core/shape.ts';

/** A batch of lights, one point and one ambient each: the paper's P_ill as named fields. */
export interface Illumination {
  /** float32 `[B, 3]` mesh units. */
  readonly lightPosition: tf.Tensor2D;
  /** float32 `[B, 3]` RGB. */
  readonly lightColor: tf.Tensor2D;
  /** float32 `[B, 3]` RGB. */
  readonly ambientColor: tf.Tensor2D;
}

/** The light as one float32 `[B, 9]`. Differentiable. */
export function illuminationTensor({ lightPosition, lightColor, ambientColor }: Illumination): tf.Tensor2D {
  const dims = {};
  for (const [name, x] of Object.entries({ lightPosition, lightColor, ambientColor })) assertShape('illumination', name, x.shape, ['B', 3], dims);
  return tf.concat([lightPosition, lightColor, ambientColor], 1) as tf.Tensor2D;
}
