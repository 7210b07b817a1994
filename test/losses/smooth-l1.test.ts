import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { smoothL1Impl } from '../../src/kernels/impl/smooth-l1.ts';
import { smoothL1 } from '../../src/losses/smooth-l1.ts';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { normals } from '../support/graphs.ts';

describeOnBackends('smoothL1', () => {
  it.each([[{ beta: 1 }, 1], [{ beta: 0.25 }, 0.25], [{ sigma: 3 }, 1 / 9]] as const)('with %o agrees with the reference, as do its gradients', (options, beta) => expectNoLeak(() => tf.tidy(() => {
    const a = Float32Array.from(normals(35, 1)), b = Float32Array.from(normals(35, 2)), dy = Float32Array.from(normals(35, 3)), out = new Float64Array(35).fill(NaN), slope = out.slice();
    b[4] = a[4]!; // a difference of zero
    smoothL1Impl(Float64Array.from(a, (x, i) => x - b[i]!), beta, out, slope);
    const { grads } = tf.valueAndGrads((x, y) => {
      const loss = smoothL1(x!, y!, options);
      expectClose(loss.dataSync(), out, { rtol: 1e-5, atol: 1e-6 });
      return loss.mul(tf.tensor2d(dy, [5, 7])).sum();
    })([tf.tensor2d(a, [5, 7]), tf.tensor2d(b, [5, 7])]);
    const expected = slope.map((s, i) => s * dy[i]!);
    expectClose(grads[0]!.dataSync(), expected, { rtol: 1e-5, atol: 1e-6 });
    expectClose(grads[1]!.dataSync(), expected.map((x) => -x), { rtol: 1e-5, atol: 1e-6 });
  })));

  it('throws on another shape and on parameters that make no sense', () => {
    expect(() => smoothL1(tf.zeros([2]), tf.zeros([3]))).toThrow('smoothL1: expected target to have shape [2], got [3]');
    expect(() => smoothL1(tf.zeros([2]), tf.zeros([2]), { beta: 0 })).toThrow('smoothL1: expected beta to have a positive number, got 0');
    expect(() => smoothL1(tf.zeros([2]), tf.zeros([2]), { sigma: 3, beta: 1 })).toThrow('smoothL1: expected smoothL1 to have either beta or sigma');
  });
});
