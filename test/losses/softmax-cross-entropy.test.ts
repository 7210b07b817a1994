import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { softmaxCrossEntropyImpl } from '../../src/kernels/impl/softmax-cross-entropy.ts';
import { softmaxCrossEntropy } from '../../src/losses/softmax-cross-entropy.ts';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { normals } from '../support/graphs.ts';

describeOnBackends('softmaxCrossEntropy', () => {
  it.each([2, 3, 5])('of %i classes agrees with the reference, as does its gradient', (classes) => expectNoLeak(() => tf.tidy(() => {
    const rows = 7, logits = Float32Array.from(normals(rows * classes, classes), (x, i) => x * [1, 10, 60][Math.floor(i / classes) % 3]!), labels = Array.from({ length: rows }, (_, n) => n % classes);
    logits.fill(1.5, 0, classes); // all alike
    const dy = Float32Array.from(normals(rows, 8)), value = new Float64Array(rows).fill(NaN), slope = new Float64Array(rows * classes).fill(NaN);
    softmaxCrossEntropyImpl(logits, labels, classes, value, slope);
    const grad = tf.grad((x) => {
      const loss = softmaxCrossEntropy(x as tf.Tensor2D, labels);
      expectClose(loss.dataSync(), value, { rtol: 1e-5, atol: 1e-6 });
      return loss.mul(tf.tensor1d(dy)).sum();
    })(tf.tensor2d(logits, [rows, classes]));
    expectClose(grad.dataSync(), slope.map((s, i) => s * dy[Math.floor(i / classes)]!), { rtol: 1e-5, atol: 1e-6 });
  })));

  it('keeps the digits of a small gradient and bounds a large one', () => tf.tidy(() => {
    const { value, grad } = tf.valueAndGrad((x) => softmaxCrossEntropy(x as tf.Tensor2D, [0, 0, 1]).sum())(tf.tensor2d([[30, 0], [0, 1000], [-40, 0]]));
    expectClose(value.dataSync(), [1000]);
    expectClose(grad.dataSync(), [-Math.exp(-30), Math.exp(-30), -1, 1, Math.exp(-40), -Math.exp(-40)], { rtol: 1e-5, atol: 0 });
  }));

  it('throws on labels that do not fit', () => {
    expect(() => softmaxCrossEntropy(tf.zeros([2, 2]), [0])).toThrow('softmaxCrossEntropy: expected labels to have 2 numbers, one a row, got 1');
    expect(() => softmaxCrossEntropy(tf.zeros([2, 2]), [0, 2])).toThrow('softmaxCrossEntropy: expected labels[1] to have a whole number from 0 to 1, got 2');
  });
});
