import type * as tf from '@tensorflow/tfjs';
import { assertShape } from '../core/shape.ts';
import '../gradients/sparse-mat-mul.ts';
import { runKernel } from '../kernels/registry.ts';
import type { SparseOperator } from './sparse-operator.ts';

/**
 * Multiplies a constant sparse operator by a batch of dense matrices: `y[b] = A x[b]`.
 *
 * Differentiable in `dense` to any order (`dx = A^T dy`); the operator itself receives no gradient.
 * Cost is O(B nnz N) time and O(B R N) memory.
 *
 * @param operator - `A`, `[R, C]`; it must live until the gradient has been taken.
 * @param dense - `x`, float32 `[B, C, N]`.
 * @returns `y`, float32 `[B, R, N]`.
 * @throws {@link ArgumentError} if `dense` is not `[B, C, N]`.
 *
 * @example
 * ```ts
 * const laplacian = createSparseOperator(meshLaplacian(mesh));
 * const smoothed = sparseMatMul(laplacian, vertices); // [B, V, 3]
 * ```
 */
export function sparseMatMul(operator: SparseOperator, dense: tf.Tensor3D): tf.Tensor3D {
  assertShape('sparseMatMul', 'dense', dense.shape, ['B', operator.shape[1], 'N']);
  return runKernel('SparseMatMul', { dense }, { operator: operator.tensors }) as tf.Tensor3D;
}
