import * as tf from '@tensorflow/tfjs';
import { gatherRows } from '../ops/gather-rows.ts';

/**
 * Rows of `[B, A, C]` by their index in `[B A]`, `[N, C]`; for none one row of zeros. Differentiable: what is not picked has gradient 0, so that a step without any still has one.
 */
export function pickRows(x: tf.Tensor3D, index: ArrayLike<number>): tf.Tensor2D {
  const [B, A, C] = x.shape, rows = x.reshape<tf.Tensor3D>([1, B * A, C]);
  if (index.length === 0) return rows.slice([0, 0, 0], [1, 1, C]).reshape<tf.Tensor2D>([1, C]).mul(0);
  return gatherRows(rows, tf.tensor1d(Int32Array.from(index), 'int32')).reshape<tf.Tensor2D>([index.length, C]);
}
