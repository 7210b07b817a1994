import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { sparseMatMul } from '../../src/ops/sparse-mat-mul.ts';
import { createSparseOperator } from '../../src/ops/sparse-operator.ts';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';

// [1 -1/2 0; 0 2 0; 0 1/4 -1; 3 0 0], with five right-hand sides to cross the SIMD width of four and a batch of two.
const A = {
  shape: [4, 3] as const,
  rowPtr: Int32Array.of(0, 2, 3, 5, 6),
  colIndex: Int32Array.of(0, 1, 1, 1, 2, 0),
  values: Float32Array.of(1, -0.5, 2, 0.25, -1, 3),
};
const x = () => tf.tensor3d([
  [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10], [11, 12, 13, 14, 15]],
  [[0, 0, 0, 0, 0], [1, 1, 1, 1, 1], [2, 2, 2, 2, 2]],
]);

describeOnBackends('sparseMatMul', () => {
  it('computes A x for every batch entry', () => {
    const y = sparseMatMul(createSparseOperator(A), x());
    expect(y.shape).toEqual([2, 4, 5]);
    expectClose(y.dataSync(), [
      -2, -1.5, -1, -0.5, 0, 12, 14, 16, 18, 20, -9.5, -10.25, -11, -11.75, -12.5, 3, 6, 9, 12, 15,
      -0.5, -0.5, -0.5, -0.5, -0.5, 2, 2, 2, 2, 2, -1.75, -1.75, -1.75, -1.75, -1.75, 0, 0, 0, 0, 0,
    ]);
  });

  it('has gradient A^T dy', () => {
    const operator = createSparseOperator(A);
    const dx = tf.grad((t: tf.Tensor) => sparseMatMul(operator, t as tf.Tensor3D).sum())(x());
    const one = [4, 4, 4, 4, 4, 1.75, 1.75, 1.75, 1.75, 1.75, -1, -1, -1, -1, -1];
    expectClose(dx.dataSync(), [...one, ...one]);
  });

  it('leaves no tensors behind', () => expectNoLeak(() => tf.tidy(() => {
    const operator = createSparseOperator(A);
    tf.grad((t: tf.Tensor) => sparseMatMul(operator, t as tf.Tensor3D).sum())(x());
    operator.dispose();
  })));

  it('throws on a dense operand with the wrong number of rows', () => {
    expect(() => sparseMatMul(createSparseOperator(A), tf.ones([1, 4, 2])))
      .toThrow('sparseMatMul: expected dense to have shape [B,3,N], got [1,4,2]');
  });
});
