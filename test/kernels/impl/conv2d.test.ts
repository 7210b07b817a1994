import { describe, expect, it } from 'vitest';
import { type Conv2dSizes, conv2dBackpropFilterImpl, conv2dBackpropInputImpl, conv2dImpl } from '../../../src/kernels/impl/conv2d.ts';
import { depthwiseConv2dBackpropFilterImpl, depthwiseConv2dBackpropInputImpl, depthwiseConv2dImpl } from '../../../src/kernels/impl/depthwise-conv2d.ts';
import { expectClose } from '../../support/close.ts';
import { normals } from '../../support/graphs.ts';

// Windows that begin beyond the image at the top and left, end beyond it at the bottom, and step unevenly.
const SIZES: Conv2dSizes = {
  batch: 2, inHeight: 5, inWidth: 4, inChannels: 2, outHeight: 3, outWidth: 4, outChannels: 6, filterHeight: 3, filterWidth: 2, strideHeight: 2, strideWidth: 1, padTop: 1, padLeft: 1,
};

const KERNELS = {
  conv2d: { forward: conv2dImpl, input: conv2dBackpropInputImpl, filter: conv2dBackpropFilterImpl, filterSize: 3 * 2 * 2 * 6 },
  'depthwise conv2d, three filters a channel': { forward: depthwiseConv2dImpl, input: depthwiseConv2dBackpropInputImpl, filter: depthwiseConv2dBackpropFilterImpl, filterSize: 3 * 2 * 6 },
};

describe.each(Object.entries(KERNELS))('%s', (_, kernel) => {
  it('has gradients that agree with central differences in float64', () => {
    const x = normals(2 * 5 * 4 * 2, 1), filter = normals(kernel.filterSize, 2), bias = normals(6, 3), dy = normals(2 * 3 * 4 * 6, 4);
    const loss = (): number => {
      const y = new Float64Array(dy.length).fill(NaN);
      kernel.forward(x, filter, bias, y, SIZES);
      return y.reduce((sum, value, i) => sum + value * dy[i]!, 0);
    };
    const differences = (values: Float64Array): number[] => [...values].map((value, i) => {
      values[i] = value + 1e-5;
      const above = loss();
      values[i] = value - 1e-5;
      const below = loss();
      values[i] = value;
      return (above - below) / 2e-5;
    });
    const dx = new Float64Array(x.length).fill(NaN), dFilter = new Float64Array(filter.length).fill(NaN);
    kernel.input(dy, filter, dx, SIZES);
    kernel.filter(x, dy, dFilter, SIZES);
    expectClose(dx, differences(x), { rtol: 1e-6, atol: 1e-8 });
    expectClose(dFilter, differences(filter), { rtol: 1e-6, atol: 1e-8 });
  });
});

it('a hand-made convolution: rows [1 2] [3 4], a column before them, taps 1 and 10', () => {
  const sizes: Conv2dSizes = {
    batch: 1, inHeight: 2, inWidth: 2, inChannels: 1, outHeight: 2, outWidth: 2, outChannels: 2, filterHeight: 1, filterWidth: 2, strideHeight: 1, strideWidth: 1, padTop: 0, padLeft: 1,
  };
  const out = new Float64Array(8).fill(NaN);
  conv2dImpl(Float64Array.of(1, 2, 3, 4), Float64Array.of(1, -1, 10, -10), Float64Array.of(0, 100), out, sizes);
  expect([...out]).toEqual([10, 90, 21, 79, 30, 70, 43, 57]);
  depthwiseConv2dImpl(Float64Array.of(1, 2, 3, 4), Float64Array.of(1, -1, 10, -10), null, out, sizes);
  expect([...out]).toEqual([10, -10, 21, -21, 30, -30, 43, -43]);
});

it('depthwise: channels stay apart', () => {
  const sizes: Conv2dSizes = {
    batch: 1, inHeight: 1, inWidth: 2, inChannels: 2, outHeight: 1, outWidth: 1, outChannels: 2, filterHeight: 1, filterWidth: 2, strideHeight: 1, strideWidth: 1, padTop: 0, padLeft: 0,
  };
  const out = new Float64Array(2).fill(NaN);
  depthwiseConv2dImpl(Float64Array.of(1, 2, 3, 4), Float64Array.of(1, 10, 100, 1000), null, out, sizes);
  expect([...out]).toEqual([301, 4020]);
});
