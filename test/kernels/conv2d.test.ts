import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { conv2dImpl } from '../../src/kernels/impl/conv2d.ts';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { ACTIVATIONS, ALPHA, type ConvCase, convCases, convNumbers, describeConv, LARGE_CASES, type Pad } from '../support/conv2d.ts';
import { poisonFreedMemory } from '../support/graphs.ts';

const CHANNELS = [[1, 8], [3, 13], [8, 16], [13, 3], [16, 64], [64, 1], [64, 64]] as const;

/** Runs one case through the stock call and compares it with the float64 reference. */
function check(conv: ConvCase): void {
  const { sizes, x, filter, bias, inShape, filterShape, outShape } = convNumbers(conv), { activation } = conv;
  const sums = new Float64Array(outShape.reduce((n, size) => n * size, 1)).fill(NaN);
  conv2dImpl(x, filter, conv.bias ? bias : null, sums, sizes);
  poisonFreedMemory();
  expectNoLeak(() => tf.tidy(() => {
    const y = tf.fused.conv2d({
      x: tf.tensor4d(x, inShape), filter: tf.tensor4d(filter, filterShape), strides: conv.stride, pad: conv.pad, activation, leakyreluAlpha: ALPHA,
      ...(conv.bias && { bias: tf.tensor1d(bias) }),
    });
    expect(y.shape).toEqual(outShape);
    expectClose(y.dataSync(), sums.map(ACTIVATIONS[activation]), { rtol: 1e-5, atol: 2e-5 });
  }));
}

describeOnBackends('convolution', (backend) => {
  it.each([...convCases(CHANNELS), ...LARGE_CASES].map((conv) => [describeConv(conv), conv] as const))('%s', (_, conv) => check(conv));

  it('3 x 3 at stride 1 on any image', () => {
    const padding = fc.constantFrom<Pad>('same', 'valid', 1, 2, [[0, 0], [0, 2], [1, 0], [0, 0]]), side = fc.integer({ min: 3, max: 22 });
    const channels = fc.constantFrom(...[4, 8, 12, 16, 20].flatMap((i) => [4, 8, 12, 36].map((o) => [i, o] as const)));
    fc.assert(fc.property(fc.tuple(side, side), channels, padding, fc.constantFrom(...Object.keys(ACTIVATIONS) as (keyof typeof ACTIVATIONS)[]), fc.boolean(), (image, pair, pad, activation, bias) =>
      check({ kernel: 3, stride: 1, image, channels: pair, pad, bias, activation })), { numRuns: backend === 'cpu' ? 5 : 60, seed: 7 });
  });

  it('conv2d, without anything fused, is the same', () => tf.tidy(() => {
    const { sizes, x, filter, inShape, filterShape, dy } = convNumbers({ kernel: 3, stride: 2, image: [8, 9], channels: [3, 5], pad: 'same', bias: false, activation: 'linear' });
    const y = new Float64Array(dy.length).fill(NaN);
    conv2dImpl(x, filter, null, y, sizes);
    expectClose(tf.conv2d(tf.tensor4d(x, inShape), tf.tensor4d(filter, filterShape), 2, 'same').dataSync(), y, { atol: 1e-5 });
    expectClose(tf.conv2d(tf.tensor3d(x.slice(0, 8 * 9 * 3), [8, 9, 3]), tf.tensor4d(filter, filterShape), 2, 'same').dataSync(), y.slice(0, y.length / 2), { atol: 1e-5 });
  }));

  it('ReLU makes 0 of minus infinity and leaves NaN', () => tf.tidy(() => {
    const x = tf.tensor4d([-Infinity, NaN, Infinity, -2], [1, 1, 4, 1]), filter = tf.ones<tf.Rank.R4>([1, 1, 1, 1]);
    expectClose(tf.fused.conv2d({ x, filter, strides: 1, pad: 0, activation: 'relu' }).dataSync(), [0, NaN, Infinity, 0]);
    expectClose(tf.fused.conv2d({ x, filter, strides: 1, pad: 0, activation: 'leakyrelu', leakyreluAlpha: 0.5 }).dataSync(), [-Infinity, NaN, Infinity, -1]);
  }));

  it('what our kernels do not take on runs as before: dilation, ELU, PReLU', () => tf.tidy(() => {
    const { x, filter, inShape, filterShape } = convNumbers({ kernel: 3, stride: 1, image: [7, 6], channels: [2, 4], pad: 'valid', bias: false, activation: 'linear' });
    const image = tf.tensor4d(x, inShape), taps = tf.tensor4d(filter, filterShape), spread = new Float32Array(5 * 5 * 8);
    for (let i = 0; i < 9; i++) spread.set(filter.subarray(8 * i, 8 * i + 8), 8 * (10 * Math.floor(i / 3) + 2 * (i % 3)));
    const wide = tf.conv2d(image, tf.tensor4d(spread, [5, 5, 2, 4]), 1, 'valid');
    expectClose(tf.conv2d(image, taps, 1, 'valid', 'NHWC', 2).dataSync(), wide.dataSync(), { atol: 1e-5 });
    const plain = tf.conv2d(image, taps, 1, 'valid');
    expectClose(tf.fused.conv2d({ x: image, filter: taps, strides: 1, pad: 'valid', activation: 'elu' }).dataSync(), plain.elu().dataSync(), { atol: 1e-5 });
    const alpha: tf.Tensor = tf.tensor1d([0.1, 2, -1, 0]);
    expectClose(
      tf.fused.conv2d({ x: image, filter: taps, strides: 1, pad: 'valid', activation: 'prelu', preluActivationWeights: alpha }).dataSync(), tf.prelu(plain, alpha).dataSync(), { atol: 1e-5 },
    );
    expectClose(tf.fused.conv2d({ x: image, filter: taps, strides: 1, pad: 'valid', activation: 'leakyrelu', leakyreluAlpha: 3 }).dataSync(), tf.leakyRelu(plain, 3).dataSync(), { atol: 1e-5 });
  }));
});
