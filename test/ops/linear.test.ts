import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { linearBackpropInputImpl, linearBackpropWeightsImpl, linearImpl } from '../../src/kernels/impl/linear.ts';
import { linear } from '../../src/ops/linear.ts';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { normals, poisonFreedMemory } from '../support/graphs.ts';

const size = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });

describeOnBackends('linear', () => {
  it('agrees with the float64 reference, as do its three gradients', () => {
    fc.assert(fc.property(size(9), size(40), size(40), fc.nat(1000), (batch, inputs, outputs, seed) => expectNoLeak(() => tf.tidy(() => {
      const sizes = { batch, inputs, outputs };
      const [x, w, b, dy] = [batch * inputs, inputs * outputs, outputs, batch * outputs].map((n, i) => Float32Array.from(normals(n, seed + i))) as [Float32Array, Float32Array, Float32Array, Float32Array];
      const [y, dx, dw] = [dy, x, w].map((like) => new Float64Array(like.length).fill(NaN)) as [Float64Array, Float64Array, Float64Array];
      linearImpl(x, w, b, y, sizes);
      linearBackpropInputImpl(dy, w, dx, sizes);
      linearBackpropWeightsImpl(x, dy, dw, sizes);
      const db = Float64Array.from({ length: outputs }, (_, n) => dy.reduce((sum, g, i) => sum + (i % outputs === n ? g : 0), 0));
      poisonFreedMemory();
      const { grads } = tf.valueAndGrads((...t: tf.Tensor[]) => {
        const out = linear(t[0] as tf.Tensor2D, t[1] as tf.Tensor2D, t[2] as tf.Tensor1D);
        expectClose(out.dataSync(), y, { rtol: 1e-5, atol: 1e-5 });
        return out.mul(tf.tensor2d(dy, [batch, outputs])).sum();
      })([tf.tensor2d(x, [batch, inputs]), tf.tensor2d(w, [inputs, outputs]), tf.tensor1d(b)]);
      for (const [i, expected] of [dx, dw, db].entries()) expectClose(grads[i]!.dataSync(), expected, { rtol: 1e-5, atol: 2e-5 });
    }))), { numRuns: 60, seed: 4 });
  });

  it('needs no bias', () => expectClose(linear(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]]), null).dataSync(), [11]));

  it('throws on what does not fit', () => {
    expect(() => linear(tf.ones([1, 2]), tf.ones([3, 4]), null)).toThrow('linear: expected weights to have shape [M=2,N], got [3,4]');
    expect(() => linear(tf.ones([1, 2]), tf.ones([2, 4]), tf.ones([3]))).toThrow('linear: expected bias to have shape [N=4], got [3]');
  });
});
