import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chebyshevBasisAdjointImpl, chebyshevBasisImpl } from '../../src/kernels/impl/chebyshev-basis.ts';
import { chebyshevBasis, chebyshevBasisAdjoint } from '../../src/ops/chebyshev-basis.ts';
import { createSparseOperator } from '../../src/ops/sparse-operator.ts';
import { transposeCsr } from '../../src/sparse/csr-matrix.ts';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { chebSizes, normals, poisonFreedMemory, randomLaplacian } from '../support/graphs.ts';

describeOnBackends('chebyshevBasis', () => {
  it('agrees with the float64 reference, as does its gradient, on fuzzed graphs', () => {
    fc.assert(fc.property(chebSizes, ({ kind, seed, vertices: V, batch: B, inputs: C, order: K }) => expectNoLeak(() => tf.tidy(() => {
      const A = randomLaplacian(V, seed, kind), operator = createSparseOperator(A);
      const x = Float64Array.from(Float32Array.from(normals(B * V * C, seed))), dy = Float64Array.from(Float32Array.from(normals(B * V * K * C, seed + 1)));
      const y = new Float64Array(dy.length).fill(NaN), dx = new Float64Array(x.length).fill(NaN);
      chebyshevBasisImpl(A, x, B, C, K, y);
      chebyshevBasisAdjointImpl(transposeCsr(A), dy, B, C, K, dx);

      poisonFreedMemory();
      const { value, grad } = tf.valueAndGrad((t: tf.Tensor) => {
        const basis = chebyshevBasis(operator, t as tf.Tensor3D, K);
        expect(basis.shape).toEqual([B, V, K, C]);
        expectClose(basis.dataSync(), y, { rtol: 1e-5, atol: 1e-5 });
        return basis.mul(tf.tensor4d(Float32Array.from(dy), [B, V, K, C])).sum();
      })(tf.tensor3d(Float32Array.from(x), [B, V, C]));
      expectClose(grad.dataSync(), dx, { rtol: 1e-5, atol: 4e-5 });
      expect(value.isDisposed).toBe(false);
      operator.dispose();
    }))), { numRuns: 40, seed: 1 });
  });

  it('is differentiable twice', () => {
    const operator = createSparseOperator(randomLaplacian(5, 1, 'rw'));
    const x = tf.tensor3d(Float32Array.from(normals(15, 1)), [1, 5, 3]);
    const squares = (t: tf.Tensor): tf.Tensor => chebyshevBasis(operator, t as tf.Tensor3D, 4).square().sum();
    const second = tf.grad((t: tf.Tensor) => tf.grad(squares)(t).sum())(x); // constant: the column sums of the Hessian
    const ones = tf.ones<tf.Rank.R3>([1, 5, 3]);
    expectClose(second.dataSync(), tf.grad(squares)(ones).dataSync(), { rtol: 1e-4, atol: 1e-4 });
  });

  it('throws on what does not fit', () => {
    const operator = createSparseOperator(randomLaplacian(4, 1, 'sym'));
    expect(() => chebyshevBasis(operator, tf.ones([1, 5, 2]), 3)).toThrow('chebyshevBasis: expected x to have shape [B,4,C], got [1,5,2]');
    expect(() => chebyshevBasis(operator, tf.ones([1, 4, 2]), 0)).toThrow('chebyshevBasis: expected order to have an integer of at least 1, got 0');
    expect(() => chebyshevBasisAdjoint(operator, tf.ones([1, 3, 2, 2]))).toThrow('expected y to have shape [B,4,K,C]');
    const tall = createSparseOperator({ shape: [2, 1], rowPtr: Int32Array.of(0, 0, 1), colIndex: Int32Array.of(0), values: Float32Array.of(1) });
    expect(() => chebyshevBasis(tall, tf.ones([1, 1, 1]), 2)).toThrow('expected operator to have a square shape, got [2,1]');
  });
});
