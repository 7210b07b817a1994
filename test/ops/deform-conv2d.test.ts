import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deformConv2dBackpropSamplesImpl, deformConv2dBackpropWeightsImpl, deformConv2dImpl } from '../../src/kernels/impl/deform-conv2d.ts';
import type { DeformSizes } from '../../src/kernels/impl/deform-sample.ts';
import { sumRowsImpl } from '../../src/kernels/impl/rows.ts';
import { deformConv2d } from '../../src/ops/deform-conv2d.ts';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { deformValues, sizesFor } from '../support/deform.ts';
import { normals, poisonFreedMemory } from '../support/graphs.ts';

type Values = ReturnType<typeof deformValues>;

/** Fuzzed sizes: single pixels, kernels that are not square, channels that are not whole vectors, more pixels than a block of the wasm kernel. */
const fuzzed = fc.record({
  batch: fc.integer({ min: 1, max: 3 }), height: fc.integer({ min: 1, max: 14 }), width: fc.integer({ min: 1, max: 11 }), inputs: fc.constantFrom(1, 2, 3, 4, 7, 8, 12, 17),
  outputs: fc.constantFrom(1, 2, 4, 5, 8, 13, 16), kernelHeight: fc.integer({ min: 1, max: 3 }), kernelWidth: fc.integer({ min: 1, max: 4 }),
  stride: fc.integer({ min: 1, max: 3 }), padding: fc.integer({ min: 0, max: 2 }),
}).map(sizesFor).filter(({ outHeight, outWidth }) => outHeight > 0 && outWidth > 0);

const NAMES = ['x', 'weights', 'offsets', 'mask', 'bias'] as const;
type Named = Record<typeof NAMES[number], Float64Array>;

/** What the float32 tensors hold, so that the reference sees the same numbers. */
const rounded = <T extends object>(values: T): T => Object.fromEntries(Object.entries(values).map(([name, v]) => [name, Float64Array.from(Float32Array.from(v as Float64Array))])) as T;

function tensors(values: Named, { batch, height, width, inputs, outputs, kernelHeight, kernelWidth, outHeight, outWidth }: DeformSizes) {
  const taps = kernelHeight * kernelWidth, make = (v: Float64Array, shape: number[]): tf.Tensor => tf.tensor(Float32Array.from(v), shape);
  return [
    make(values.x, [batch, height, width, inputs]), make(values.weights, [kernelHeight, kernelWidth, inputs, outputs]), make(values.offsets, [batch, outHeight, outWidth, 2 * taps]),
    make(values.mask, [batch, outHeight, outWidth, taps]), make(values.bias, [outputs]),
  ] as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D, tf.Tensor4D, tf.Tensor1D];
}

function reference(values: Values, sizes: DeformSizes, bias: Float64Array | null): { y: Float64Array; gradient: Named } {
  const y = new Float64Array(values.dy.length).fill(NaN), gradient = Object.fromEntries(NAMES.map((name) => [name, new Float64Array(values[name].length).fill(NaN)])) as Named;
  deformConv2dImpl(values, values.weights, bias, y, sizes);
  deformConv2dBackpropSamplesImpl(values, values.weights, values.dy, { dx: gradient.x, dOffsets: gradient.offsets, dMask: gradient.mask }, sizes);
  deformConv2dBackpropWeightsImpl(values, values.dy, gradient.weights, sizes);
  sumRowsImpl(values.dy, gradient.bias, sizes.outputs);
  return { y, gradient };
}

/** Compares to 1e-5 of the largest number expected: sums of numbers of either sign lose what cancels. */
const expectNear = (actual: ArrayLike<number>, expected: Float64Array): void =>
  expectClose(actual, expected, { rtol: 1e-5, atol: 1e-5 * expected.reduce((most, value) => Math.max(most, Math.abs(value) || 0), 1) });

/** Output and gradients by everything on the backend, against the reference. */
function compare(values: Values, sizes: DeformSizes, biased = true): void {
  const { stride, padding } = sizes, { y, gradient } = reference(values, sizes, biased ? values.bias : null);
  poisonFreedMemory();
  expectNoLeak(() => tf.tidy(() => {
    const dy = tf.tensor(Float32Array.from(values.dy), [sizes.batch, sizes.outHeight, sizes.outWidth, sizes.outputs]);
    const grads = tf.grads((x, weights, offsets, mask, bias) => {
      const out = deformConv2d(x as tf.Tensor4D, weights as tf.Tensor4D, offsets as tf.Tensor4D, mask as tf.Tensor4D, biased ? bias as tf.Tensor1D : null, { stride, padding });
      expect(out.shape).toEqual(dy.shape);
      expectNear(out.dataSync(), y);
      return biased ? out : out.add(bias!.mul(0));
    })(tensors(values, sizes), dy);
    for (const [i, name] of NAMES.entries()) if (biased || name !== 'bias') expectNear(grads[i]!.dataSync(), gradient[name]);
  }));
}

describeOnBackends('deformConv2d', (backend) => {
  it('agrees with the float64 reference, as do its five gradients, on fuzzed sizes', () => {
    fc.assert(fc.property(fuzzed, fc.nat(1000), fc.boolean(), (sizes, seed, biased) => compare(rounded(deformValues(sizes, seed)), sizes, biased)), { numRuns: 80, seed: 3 });
  });

  it('agrees on grid lines, where the gradient by the offsets is the one from the right', () => {
    const sizes = sizesFor({ batch: 2, height: 5, width: 7, inputs: 5, outputs: 3, kernelHeight: 3, kernelWidth: 3, stride: 1, padding: 1 }), values = rounded(deformValues(sizes, 8));
    compare({ ...values, offsets: values.offsets.map(Math.round) }, sizes);
    compare({ ...values, offsets: values.offsets.map(() => 0) }, sizes);
  });

  it('is tf.conv2d where offsets are zero and masks one or absent', () => {
    fc.assert(fc.property(fuzzed, fc.nat(1000), (sizes, seed) => tf.tidy(() => {
      const { stride, padding } = sizes, [x, weights, offsets, mask] = tensors(deformValues(sizes, seed), sizes);
      // Padding as one number is wrong in tf.conv2d where the kernel is not square: it takes kh for kw.
      const expected = tf.conv2d(x, weights, stride, [[0, 0], [padding, padding], [padding, padding], [0, 0]]).dataSync();
      for (const amounts of [null, tf.onesLike(mask)]) expectNear(deformConv2d(x, weights, tf.zerosLike(offsets), amounts, null, { stride, padding }).dataSync(), Float64Array.from(expected));
    })), { numRuns: 30, seed: 5 });
  });

  it('has a gradient without a mask, by x alone, and by an offset convolution that starts at zero', () => expectNoLeak(() => tf.tidy(() => {
    const sizes = sizesFor({ batch: 1, height: 6, width: 5, inputs: 4, outputs: 4, kernelHeight: 3, kernelWidth: 3, stride: 1, padding: 1 }), [x, weights, offsets] = tensors(deformValues(sizes, 2), sizes);
    const values = rounded(deformValues(sizes, 2)), ones = { ...values, mask: values.mask.map(() => 1), dy: values.dy.map(() => 1) };
    const dx = tf.grad((a) => deformConv2d(a as tf.Tensor4D, weights, offsets, null, null, { padding: 1 }))(x);
    expectNear(dx.dataSync(), reference(ones, sizes, null).gradient.x);
    const learned = tf.grad((kernel) => {
      const out = tf.conv2d(x, kernel as tf.Tensor4D, 1, 1), [at, logits] = [out.slice([0, 0, 0, 0], [1, 6, 5, 18]), out.slice([0, 0, 0, 18], [1, 6, 5, 9])];
      return deformConv2d(x, weights, at, logits.sigmoid().mul(2), null, { padding: 1 });
    });
    if (tf.getKernel('Conv2DBackpropFilter', backend)) expect(learned(tf.zeros([3, 3, 4, 27])).abs().sum().dataSync()[0]).toBeGreaterThan(0);
  })));

  it('reads zero from afar, NaN only where an offset is, and stops at nothing', () => tf.tidy(() => {
    const sizes = sizesFor({ batch: 1, height: 9, width: 8, inputs: 6, outputs: 5, kernelHeight: 2, kernelWidth: 2, stride: 1, padding: 0 }), values = rounded(deformValues(sizes, 4));
    for (const far of [1e3, 3e9, -3e9, 3e38, Infinity, -Infinity]) compare({ ...values, offsets: values.offsets.map((v, i) => (i % 3 === 0 ? far : v)) }, sizes);
    const lost = { ...values, offsets: values.offsets.map((v, i) => (i === 8 * 3 + 2 ? NaN : v)) }, nan = reference(lost, sizes, values.bias);
    compare(lost, sizes);
    expect([...nan.y].flatMap((v, i) => (Number.isNaN(v) ? [i] : []))).toEqual([15, 16, 17, 18, 19]);
    compare(rounded({ ...values, offsets: hostileOffsets(values.offsets.length) }), sizes);
    expect(deformConv2d(tf.ones([0, 3, 3, 2]), tf.ones([1, 1, 2, 4]), tf.ones([0, 3, 3, 2]), null, null).shape).toEqual([0, 3, 3, 4]);
  }));

  it('throws on what does not fit', () => {
    const x = tf.ones<tf.Rank.R4>([2, 5, 4, 3]), weights = tf.ones<tf.Rank.R4>([3, 3, 3, 6]), offsets = tf.zeros<tf.Rank.R4>([2, 3, 2, 18]), run = (...given: Partial<Parameters<typeof deformConv2d>>) => () => {
      const [a = x, w = weights, o = offsets, m = null, b = null, options] = given;
      return deformConv2d(a, w, o, m, b, options);
    };
    expect(run()().shape).toEqual([2, 3, 2, 6]);
    expect(run(tf.ones([5, 4, 3]) as unknown as tf.Tensor4D)).toThrow('deformConv2d: expected x to have shape [B,H,W,I], got [5,4,3]');
    expect(run(x, tf.ones([3, 3, 4, 6]))).toThrow('deformConv2d: expected weights to have shape [kh,kw,I=3,O], got [3,3,4,6]');
    expect(run(x, weights, tf.zeros([2, 3, 2, 9]))).toThrow('deformConv2d: expected offsets to have shape [2,3,2,18], got [2,3,2,9]');
    expect(run(x, weights, offsets, null, null, { padding: 1 })).toThrow('deformConv2d: expected offsets to have shape [2,5,4,18], got [2,3,2,18]');
    expect(run(x, weights, offsets, null, null, { stride: 2 })).toThrow('deformConv2d: expected offsets to have shape [2,2,1,18], got [2,3,2,18]');
    expect(run(x, weights, offsets, tf.ones([2, 3, 2, 18]))).toThrow('deformConv2d: expected mask to have shape [2,3,2,9], got [2,3,2,18]');
    expect(run(x, weights, offsets, null, tf.ones([3]))).toThrow('deformConv2d: expected bias to have shape [O=6], got [3]');
    expect(run(x, tf.ones([6, 3, 3, 6]))).toThrow('deformConv2d: expected weights to have a kernel within the padded image of 5 x 4, got 6 x 3');
    expect(run(x, tf.ones([0, 3, 3, 6]))).toThrow('a kernel within the padded image of 5 x 4, got 0 x 3');
    expect(run(x, weights, offsets.cast('int32'))).toThrow('deformConv2d: expected offsets to have dtype float32, got int32');
    expect(run(x, weights, offsets, null, null, { stride: 0 })).toThrow('deformConv2d: expected stride to have an integer of at least 1, got 0');
    expect(run(x, weights, offsets, null, null, { padding: -1 })).toThrow('deformConv2d: expected padding to have an integer of at least 0, got -1');
    expect(run(x, weights, offsets, null, null, { dilation: 2 } as object)).toThrow('deformConv2d: expected options to have only the keys stride, padding, got dilation');
  });
});

/** Offsets of every size, with a good many on and next to the lines around the border. */
function hostileOffsets(length: number): Float64Array<ArrayBuffer> {
  const spread = normals(length, 77), signs = [1, -1, 2 ** 31, -(2 ** 31), 2 ** 32, 1e-30, -1e-30, 8, -8, 7.9999995, -1.0000001];
  return Float64Array.from(spread, (v, i) => (i % 2 ? signs[i % signs.length]! : v * 10 ** (i % 12)));
}
