import type * as tf from '@tensorflow/tfjs';
import { resolveOptions } from '../core/options.ts';
import { assertShape } from '../core/shape.ts';
import '../gradients/cheb-conv.ts';
import { runKernel } from '../kernels/registry.ts';
import { assertSquareOperator } from './chebyshev-basis.ts';
import type { SparseOperator } from './sparse-operator.ts';

/** Options of {@link chebConv}. */
export interface ChebConvOptions {
  /** Whether `max(0, .)` follows, within the same kernel. */
  readonly relu: boolean;
}

export const CHEB_CONV_DEFAULTS: ChebConvOptions = { relu: false };

/**
 * Chebyshev spectral graph convolution: `y[b] = bias + sum over k of T_k(A) x[b] W_k`, k from 0 to `order` - 1.
 *
 * Differentiable (once) in `x`, `weights` and `bias`; compose `chebyshevBasis` and a matrix product for higher
 * derivatives. One kernel: sparse and dense products alternate over blocks of rows, and the recurrence runs on the side
 * with fewer channels. Cost is O(B K V (nnz / V min(I, O) + I O)).
 *
 * Defferrard et al., 2016, equation 4; RetinaFace, section 3.2.
 *
 * @param operator - `A`, the scaled Laplacian, `[V, V]`, spectrum within [-1, 1].
 * @param x - float32 `[B, V, I]`.
 * @param weights - float32 `[K I, O]`: row `k I + i` belongs to polynomial k and input channel i.
 * @param bias - float32 `[O]`, or `null`.
 * @param order - `K`.
 * @returns float32 `[B, V, O]`.
 * @throws {@link ArgumentError} if a shape does not fit or `order` is not a positive integer.
 */
export function chebConv(
  operator: SparseOperator, x: tf.Tensor3D, weights: tf.Tensor2D, bias: tf.Tensor1D | null, order: number, options?: Partial<ChebConvOptions>,
): tf.Tensor3D {
  const { relu } = resolveOptions('chebConv', CHEB_CONV_DEFAULTS, options);
  assertSquareOperator('chebConv', operator, order);
  assertShape('chebConv', 'x', x.shape, ['B', operator.shape[0], 'I']);
  assertShape('chebConv', 'weights', weights.shape, [order * x.shape[2], 'O']);
  if (bias) assertShape('chebConv', 'bias', bias.shape, [weights.shape[1]]);
  // The tape takes gradients in this order: by the weights first, which may leave that by x behind.
  return runKernel('ChebConv', { weights, ...(bias && { bias }), x }, { operator: operator.tensors, order, relu }) as tf.Tensor3D;
}
