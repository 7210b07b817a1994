import type * as tf from '@tensorflow/tfjs';
import { assertShape } from '../core/shape.ts';
import '../gradients/linear.ts';
import { runKernel } from '../kernels/registry.ts';

/**
 * A linear map of every row: `y = x W + bias`.
 *
 * Differentiable (once) in `x`, `weights` and `bias`. It exists because the gradient of `tf.matMul` runs 30 times slower
 * than the product itself on the wasm backend, which multiplies transposed matrices without blocking.
 *
 * @param x - float32 `[B, M]`.
 * @param weights - float32 `[M, N]`.
 * @param bias - float32 `[N]`, or `null`.
 * @returns float32 `[B, N]`.
 * @throws {@link ArgumentError} if a shape does not fit.
 */
export function linear(x: tf.Tensor2D, weights: tf.Tensor2D, bias: tf.Tensor1D | null): tf.Tensor2D {
  const dims = {};
  assertShape('linear', 'x', x.shape, ['B', 'M'], dims);
  assertShape('linear', 'weights', weights.shape, ['M', 'N'], dims);
  if (bias) assertShape('linear', 'bias', bias.shape, ['N'], dims);
  return runKernel('Linear', { x, weights, ...(bias && { bias }) }) as tf.Tensor2D;
}
