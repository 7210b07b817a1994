import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chebConvBackpropInputImpl, chebConvBackpropWeightsImpl, chebConvImpl } from '../../src/kernels/impl/cheb-conv.ts';
import { reluGradImpl, sumRowsImpl } from '../../src/kernels/impl/rows.ts';
import { chebConv } from '../../src/ops/cheb-conv.ts';
import { createSparseOperator } from '../../src/ops/sparse-operator.ts';
import { transposeCsr } from '../../src/sparse/csr-matrix.ts';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { chebSizes, normals, poisonFreedMemory, randomLaplacian } from '../support/graphs.ts';

const single = (values: Float64Array): Float64Array => Float64Array.from(Float32Array.from(values));

/** Compares to 1e-5 of the largest number expected: sums of numbers of either sign lose what cancels. */
const expectNear = (actual: ArrayLike<number>, expected: Float64Array): void =>
  expectClose(actual, expected, { rtol: 1e-5, atol: 1e-5 * Math.max(1, ...expected.map(Math.abs)) });

describeOnBackends('chebConv', () => {
  it('agrees with the float64 reference, as do its three gradients, on fuzzed graphs', () => {
    fc.assert(fc.property(chebSizes, fc.boolean(), fc.boolean(), ({ kind, seed, vertices: V, ...sizes }, relu, biased) => expectNoLeak(() => tf.tidy(() => {
      const { batch: B, inputs: I, outputs: O, order: K } = sizes;
      const A = randomLaplacian(V, seed, kind), operator = createSparseOperator(A);
      const x = single(normals(B * V * I, seed)), w = single(normals(K * I * O, seed + 1)), b = single(normals(O, seed + 2)), dy = single(normals(B * V * O, seed + 3));
      const y = new Float64Array(B * V * O).fill(NaN);
      chebConvImpl(A, x, w, biased ? b : null, y, sizes, relu);

      poisonFreedMemory();
      const inputs = [tf.tensor3d(Float32Array.from(x), [B, V, I]), tf.tensor2d(Float32Array.from(w), [K * I, O]), tf.tensor1d(Float32Array.from(b))];
      let actual: Float64Array = y;
      const { grads } = tf.valueAndGrads((...t: tf.Tensor[]) => {
        const out = chebConv(operator, t[0] as tf.Tensor3D, t[1] as tf.Tensor2D, biased ? t[2] as tf.Tensor1D : null, K, { relu });
        expect(out.shape).toEqual([B, V, O]);
        actual = single(Float64Array.from(out.dataSync()));
        expectNear(actual, y);
        return out.mul(tf.tensor3d(Float32Array.from(dy), [B, V, O])).sum().add(t[2]!.sum().mul(0));
      })(inputs);

      // The kink: which side a sum next to zero falls on is decided by the backend's own output.
      const g = new Float64Array(dy.length).fill(NaN);
      if (relu) reluGradImpl(dy, actual, g);
      else g.set(dy);
      const dx = new Float64Array(x.length).fill(NaN), dw = new Float64Array(w.length).fill(NaN), db = new Float64Array(O);
      chebConvBackpropInputImpl(transposeCsr(A), g, w, dx, sizes);
      chebConvBackpropWeightsImpl(A, x, g, dw, sizes);
      if (biased) sumRowsImpl(g, db, O);
      for (const [i, expected] of [dx, dw, db].entries()) expectNear(grads[i]!.dataSync(), expected);
      operator.dispose();
    }))), { numRuns: 120, seed: 2 });
  });

  it('has the same gradients taken together or one by one, of one direction after another', () => expectNoLeak(() => tf.tidy(() => {
    const V = 23, sizes = { batch: 2, inputs: 6, outputs: 4, order: 5 }, operator = createSparseOperator(randomLaplacian(V, 8, 'rw'));
    const x = tf.tensor3d(Float32Array.from(normals(2 * V * 6, 1)), [2, V, 6]), w = tf.tensor2d(Float32Array.from(normals(5 * 6 * 4, 2)), [30, 4]);
    const f = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => chebConv(operator, a as tf.Tensor3D, b as tf.Tensor2D, null, sizes.order);
    const directions = [3, 4].map((seed) => tf.tensor3d(Float32Array.from(normals(2 * V * 4, seed)), [2, V, 4]));
    const together = directions.map((dy) => tf.grads(f)([x, w], dy).map((t) => t.dataSync()));
    const weightsFirst = directions.map((dy) => tf.grad((b: tf.Tensor) => f(x, b))(w, dy).dataSync()); // leaves gradients by x that nobody takes
    const inputsOnly = directions.map((dy) => tf.grad((a: tf.Tensor) => f(a, w))(x, dy).dataSync());
    together.forEach(([dx, dw], i) => {
      expectClose(inputsOnly[i]!, dx!, { rtol: 1e-5, atol: 1e-4 });
      expect([...weightsFirst[i]!]).toEqual([...dw!]);
    });
    operator.dispose();
  })));

  it('throws on what does not fit', () => {
    const operator = createSparseOperator(randomLaplacian(4, 1, 'sym')), x = tf.ones<tf.Rank.R3>([1, 4, 2]);
    expect(() => chebConv(operator, tf.ones([1, 5, 2]), tf.ones([6, 3]), null, 3)).toThrow('chebConv: expected x to have shape [B,4,I], got [1,5,2]');
    expect(() => chebConv(operator, x, tf.ones([5, 3]), null, 3)).toThrow('chebConv: expected weights to have shape [6,O], got [5,3]');
    expect(() => chebConv(operator, x, tf.ones([6, 3]), tf.ones([2]), 3)).toThrow('chebConv: expected bias to have shape [3], got [2]');
    expect(() => chebConv(operator, x, tf.ones([6, 3]), null, 1.5)).toThrow('chebConv: expected order to have an integer of at least 1, got 1.5');
  });
});
