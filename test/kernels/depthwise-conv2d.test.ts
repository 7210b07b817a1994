import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { depthwiseConv2dImpl } from '../../src/kernels/impl/depthwise-conv2d.ts';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { ACTIVATIONS, ALPHA, type ConvCase, convCases, convNumbers, describeConv, type Pad } from '../support/conv2d.ts';
import { poisonFreedMemory } from '../support/graphs.ts';

const CHANNELS = [[1, 1], [3, 1], [8, 1], [13, 1], [16, 1], [64, 1], [3, 2]] as const;

/** Runs one case, `channels[1]` filters for each channel, through the stock call and compares it with the float64 reference. */
function check(conv: ConvCase): void {
  const { sizes, x, filter, bias, inShape, filterShape, outShape } = convNumbers(conv, true), { activation } = conv;
  const sums = new Float64Array(outShape.reduce((n, size) => n * size, 1)).fill(NaN);
  depthwiseConv2dImpl(x, filter, conv.bias ? bias : null, sums, sizes);
  poisonFreedMemory();
  expectNoLeak(() => tf.tidy(() => {
    const y = tf.fused.depthwiseConv2d({
      x: tf.tensor4d(x, inShape), filter: tf.tensor4d(filter, filterShape), strides: conv.stride, pad: conv.pad as 'same' /* its type lacks the explicit form */, activation, leakyreluAlpha: ALPHA,
      ...(conv.bias && { bias: tf.tensor1d(bias) }),
    });
    expect(y.shape).toEqual(outShape);
    expectClose(y.dataSync(), sums.map(ACTIVATIONS[activation]), { rtol: 1e-5, atol: 2e-5 });
  }));
}

describeOnBackends('depthwise convolution', (backend) => {
  it.each(convCases(CHANNELS).map((conv) => [describeConv(conv), conv] as const))('%s', (_, conv) => check(conv));

  it('windows of any size on any image', () => {
    const padding = fc.constantFrom<Pad>('same', 'valid', 1, 3, [[0, 0], [0, 2], [1, 0], [0, 0]]), side = fc.integer({ min: 3, max: 13 });
    fc.assert(fc.property(fc.tuple(side, side), fc.integer({ min: 1, max: 9 }), fc.constantFrom(2, 3), fc.integer({ min: 1, max: 3 }), padding, fc.boolean(), (image, channels, kernel, stride, pad, bias) =>
      check({ kernel, stride, image, channels: [channels, 1], pad, bias, activation: 'leakyrelu' })), { numRuns: backend === 'cpu' ? 10 : 150, seed: 5 });
  });

  it('depthwiseConv2d, without anything fused, is the same', () => tf.tidy(() => {
    const { sizes, x, filter, inShape, filterShape, dy } = convNumbers({ kernel: 3, stride: 2, image: [8, 9], channels: [5, 1], pad: 'same', bias: false, activation: 'linear' }, true);
    const y = new Float64Array(dy.length).fill(NaN);
    depthwiseConv2dImpl(x, filter, null, y, sizes);
    expectClose(tf.depthwiseConv2d(tf.tensor4d(x, inShape), tf.tensor4d(filter, filterShape), 2, 'same').dataSync(), y, { atol: 1e-5 });
  }));

  it('what our kernels do not take on runs as before: dilation, ELU', () => tf.tidy(() => {
    const { x, filter, inShape, filterShape } = convNumbers({ kernel: 3, stride: 1, image: [7, 6], channels: [4, 1], pad: 'valid', bias: false, activation: 'linear' }, true);
    const image = tf.tensor4d(x, inShape), taps = tf.tensor4d(filter, filterShape), spread = new Float32Array(5 * 5 * 4);
    for (let i = 0; i < 9; i++) spread.set(filter.subarray(4 * i, 4 * i + 4), 4 * (10 * Math.floor(i / 3) + 2 * (i % 3)));
    const wide = tf.depthwiseConv2d(image, tf.tensor4d(spread, [5, 5, 4, 1]), 1, 'valid');
    expectClose(tf.depthwiseConv2d(image, taps, 1, 'valid', 'NHWC', 2).dataSync(), wide.dataSync(), { atol: 1e-5 });
    const plain = tf.depthwiseConv2d(image, taps, 1, 'valid');
    expectClose(tf.fused.depthwiseConv2d({ x: image, filter: taps, strides: 1, pad: 'valid', activation: 'elu' }).dataSync(), plain.elu().dataSync(), { atol: 1e-5 });
  }));
});
