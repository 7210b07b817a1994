import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { conv2dBackpropFilterImpl, conv2dBackpropInputImpl } from '../../src/kernels/impl/conv2d.ts';
import { depthwiseConv2dBackpropFilterImpl, depthwiseConv2dBackpropInputImpl } from '../../src/kernels/impl/depthwise-conv2d.ts';
import { useWasmBackend } from '../../src/kernels/wasm/index.ts';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { type ConvCase, convCases, convNumbers, describeConv, LARGE_CASES, type Pad } from '../support/conv2d.ts';
import { poisonFreedMemory } from '../support/graphs.ts';

const FORMS = {
  convolution: {
    run: tf.conv2d, depthwise: false, input: conv2dBackpropInputImpl, filter: conv2dBackpropFilterImpl, channels: [[1, 3], [3, 8], [13, 16], [16, 13], [64, 8], [8, 64], [64, 64]],
  },
  'depthwise convolution': {
    run: tf.depthwiseConv2d, depthwise: true, input: depthwiseConv2dBackpropInputImpl, filter: depthwiseConv2dBackpropFilterImpl, channels: [[1, 1], [3, 1], [8, 1], [13, 1], [64, 1], [3, 2], [4, 3]],
  },
} as const;

type Form = (typeof FORMS)[keyof typeof FORMS];

/** Multiplications of one gradient: the cpu backend makes six million a second. */
const size = ({ kernel, stride, image: [height, width], channels: [i, o] }: ConvCase): number => kernel ** 2 * height * width / stride ** 2 * i * o;

/** Both gradients of one case through `tf.grads`, against the float64 reference. */
function check({ run, depthwise, input, filter: filterImpl }: Form, conv: ConvCase): void {
  const { sizes, x, filter, dy, inShape, filterShape, outShape } = convNumbers(conv, depthwise);
  const dx = new Float64Array(x.length).fill(NaN), dFilter = new Float64Array(filter.length).fill(NaN);
  input(dy, filter, dx, sizes);
  filterImpl(x, dy, dFilter, sizes);
  poisonFreedMemory();
  expectNoLeak(() => tf.tidy(() => {
    const gradients = tf.grads((image, taps) => run(image as tf.Tensor4D, taps as tf.Tensor4D, conv.stride, conv.pad).mul(tf.tensor4d(dy, outShape)).sum());
    const [byImage, byFilter] = gradients([tf.tensor4d(x, inShape), tf.tensor4d(filter, filterShape)]) as [tf.Tensor, tf.Tensor];
    expectClose(byImage.dataSync(), dx, { rtol: 1e-5, atol: 3e-5 });
    expectClose(byFilter.dataSync(), dFilter, { rtol: 1e-5, atol: 1e-4 });
  }));
}

describeOnBackends('gradients', (backend) => {
  for (const [name, form] of Object.entries(FORMS)) {
    const cases = [...convCases(form.channels), ...(form.depthwise ? [] : LARGE_CASES)].filter((conv) => backend !== 'cpu' || size(conv) < 3e5);
    it.each(cases.map((conv) => [`${name}: ${describeConv(conv)}`, conv] as const))('%s', (_, conv) => check(form, conv));

    it(`${name}: windows of any size on any image`, () => {
      const padding = fc.constantFrom<Pad>('same', 'valid', 1, 3, [[0, 0], [0, 2], [1, 0], [0, 0]], [[0, 0], [0, 1], [0, 2], [0, 0]]), side = fc.integer({ min: 3, max: 13 });
      const channels = form.depthwise ? fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 2 })) : fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }));
      fc.assert(fc.property(fc.tuple(side, side), channels, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), padding, (image, pair, kernel, stride, pad) =>
        check(form, { kernel, stride, image, channels: pair, pad, bias: false, activation: 'linear' })), { numRuns: backend === 'cpu' ? 10 : 150, seed: 9 });
    });
  }

  it('strides that differ, a filter that is not square', () => {
    const [x, filter] = [tf.randomNormal<tf.Rank.R4>([2, 8, 7, 4], 0, 1, 'float32', 1), tf.randomNormal<tf.Rank.R4>([3, 2, 4, 5], 0, 1, 'float32', 2)];
    // Every second column of stride 1 is stride 2: its gradient is that of the columns that are kept.
    const [dx, dFilter] = tf.grads((a, b) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, [1, 2], 'valid').square().sum())([x, filter]) as [tf.Tensor, tf.Tensor];
    const columns = tf.tensor1d([1, 0, 1, 0, 1, 0]).reshape([1, 1, 6, 1]);
    const kept = tf.grads((a, b) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, 'valid').mul(columns).square().sum())([x, filter]) as [tf.Tensor, tf.Tensor];
    expectClose(dx.dataSync(), kept[0].dataSync(), { rtol: 1e-5, atol: 1e-4 });
    expectClose(dFilter.dataSync(), kept[1].dataSync(), { rtol: 1e-5, atol: 2e-4 });
  });
});

it('on wasm, channels first has no gradient by the filter, and the error says what to do', async () => {
  await useWasmBackend();
  const run = (): unknown => tf.engine().runKernel('Conv2DBackpropFilter', { x: tf.ones([1, 2, 4, 4]), dy: tf.ones([1, 3, 4, 4]) }, { strides: 1, pad: 'same', dataFormat: 'NCHW', filterShape: [3, 3, 2, 3] });
  expect(run).toThrow('Conv2DBackpropFilter: this layout or dilation on the wasm backend is not supported; use NHWC without dilation, or the cpu backend');
});
