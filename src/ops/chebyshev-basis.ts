import type * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import { assertShape } from '../core/shape.ts';
import '../gradients/chebyshev-basis.ts';
import { runKernel } from '../kernels/registry.ts';
import type { SparseOperator } from './sparse-operator.ts';

/**
 * Chebyshev polynomials of a constant sparse operator applied to features: `y[b, :, k] = T_k(A) x[b]`, by
 * `T_k = 2 A T_{k-1} - T_{k-2}`, `T_0 = x`, `T_1 = A x`.
 *
 * Differentiable in `x` to any order. Cost is O(B K nnz C) time.
 *
 * Defferrard et al., 2016, section 2.1.
 *
 * @param operator - `A`, the scaled Laplacian, `[V, V]`, spectrum within [-1, 1].
 * @param x - float32 `[B, V, C]`.
 * @param order - `K`, the number of polynomials.
 * @returns float32 `[B, V, K, C]`.
 * @throws {@link ArgumentError} if a shape does not fit or `order` is not a positive integer.
 */
export function chebyshevBasis(operator: SparseOperator, x: tf.Tensor3D, order: number): tf.Tensor4D {
  assertSquareOperator('chebyshevBasis', operator, order);
  assertShape('chebyshevBasis', 'x', x.shape, ['B', operator.shape[0], 'C']);
  return runKernel('ChebyshevBasis', { x }, { operator: operator.tensors, order }) as tf.Tensor4D;
}

/**
 * The adjoint of {@link chebyshevBasis}: `x[b] = sum over k of T_k(A^T) y[b, :, k]`, by Clenshaw's recurrence.
 *
 * Differentiable in `y` to any order.
 *
 * @param y - float32 `[B, V, K, C]`.
 * @returns float32 `[B, V, C]`.
 * @throws {@link ArgumentError} if a shape does not fit.
 */
export function chebyshevBasisAdjoint(operator: SparseOperator, y: tf.Tensor4D): tf.Tensor3D {
  assertSquareOperator('chebyshevBasisAdjoint', operator, y.shape[2]!);
  assertShape('chebyshevBasisAdjoint', 'y', y.shape, ['B', operator.shape[0], 'K', 'C']);
  return runKernel('ChebyshevBasisAdjoint', { y }, { operator: operator.tensors }) as tf.Tensor3D;
}

/** @throws {@link ArgumentError} if a polynomial of the operator or of that order makes no sense. */
export function assertSquareOperator(where: string, { shape: [rows, cols] }: SparseOperator, order: number): void {
  if (rows !== cols) throw new ArgumentError(where, 'operator', 'a square shape', `[${rows},${cols}]`);
  if (!(Number.isInteger(order) && order >= 1)) throw new ArgumentError(where, 'order', 'an integer of at least 1', `${order}`);
}
