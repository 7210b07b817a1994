import { expect, it } from 'vitest';
import { deformConv2dBackpropSamplesImpl, deformConv2dBackpropWeightsImpl, deformConv2dImpl } from '../../../src/kernels/impl/deform-conv2d.ts';
import { deformSampleImpl, deformScatterImpl, type DeformSizes } from '../../../src/kernels/impl/deform-sample.ts';
import { linearBackpropInputImpl, linearBackpropWeightsImpl, linearImpl } from '../../../src/kernels/impl/linear.ts';
import { sumRowsImpl } from '../../../src/kernels/impl/rows.ts';
import { expectClose } from '../../support/close.ts';
import { deformValues, sizesFor } from '../../support/deform.ts';

const SIZES = [
  sizesFor({ batch: 2, height: 5, width: 4, inputs: 3, outputs: 2, kernelHeight: 3, kernelWidth: 3, stride: 1, padding: 1 }),
  sizesFor({ batch: 1, height: 6, width: 7, inputs: 2, outputs: 3, kernelHeight: 2, kernelWidth: 3, stride: 2, padding: 0 }),
];

const forward = ({ x, offsets, mask, weights, bias }: ReturnType<typeof deformValues>, sizes: DeformSizes): Float64Array => {
  const y = new Float64Array(sizes.batch * sizes.outHeight * sizes.outWidth * sizes.outputs).fill(NaN);
  deformConv2dImpl({ x, offsets, mask }, weights, bias, y, sizes);
  return y;
};

it.each(SIZES)('gradients of deformConv2d agree with central differences in float64, kernel $kernelHeight x $kernelWidth', (sizes) => {
  const values = deformValues(sizes, 5), { dy } = values;
  const gradient = Object.fromEntries((['x', 'offsets', 'mask', 'weights', 'bias'] as const).map((name) => [name, new Float64Array(values[name].length).fill(NaN)])) as Record<'x' | 'offsets' | 'mask' | 'weights' | 'bias', Float64Array>;
  deformConv2dBackpropSamplesImpl(values, values.weights, dy, { dx: gradient.x, dOffsets: gradient.offsets, dMask: gradient.mask }, sizes);
  deformConv2dBackpropWeightsImpl(values, dy, gradient.weights, sizes);
  sumRowsImpl(dy, gradient.bias, sizes.outputs);

  const loss = (): number => forward(values, sizes).reduce((sum, y, i) => sum + y * dy[i]!, 0);
  for (const name of ['x', 'offsets', 'mask', 'weights', 'bias'] as const) {
    const numbers = values[name].map((value, i) => {
      values[name][i] = value + 1e-5;
      const above = loss();
      values[name][i] = value - 1e-5;
      const below = loss();
      values[name][i] = value;
      return (above - below) / 2e-5;
    });
    expectClose(gradient[name], numbers, { rtol: 1e-6, atol: 1e-8 });
  }
});

it.each(SIZES)('is a product of columns sampled block by block, as are its gradients, kernel $kernelHeight x $kernelWidth', (sizes) => {
  const values = deformValues(sizes, 6), { dy, weights, bias } = values, { outputs } = sizes, pixels = dy.length / outputs, inputs = weights.length / outputs;
  const gradient = () => ({ dx: new Float64Array(values.x.length), dOffsets: new Float64Array(values.offsets.length).fill(NaN), dMask: new Float64Array(values.mask.length).fill(NaN) });
  const whole = gradient(), byBlocks = gradient(), y = new Float64Array(dy.length).fill(NaN), dWeights = weights.map(() => NaN), sum = new Float64Array(weights.length);
  deformConv2dBackpropSamplesImpl(values, weights, dy, whole, sizes);
  deformConv2dBackpropWeightsImpl(values, dy, dWeights, sizes);
  for (let begin = 0; begin < pixels; begin += 7) {
    const end = Math.min(pixels, begin + 7), block = { batch: end - begin, inputs, outputs }, columns = new Float64Array(block.batch * inputs).fill(NaN), part = new Float64Array(weights.length).fill(NaN);
    const dyBlock = dy.subarray(begin * outputs, end * outputs);
    deformSampleImpl(values, columns, { begin, end }, sizes);
    linearImpl(columns, weights, bias, y.subarray(begin * outputs, end * outputs), block);
    linearBackpropWeightsImpl(columns, dyBlock, part, block);
    part.forEach((v, i) => { sum[i]! += v; });
    linearBackpropInputImpl(dyBlock, weights, columns, block);
    deformScatterImpl(values, columns, byBlocks, { begin, end }, sizes);
  }
  expectClose(y, forward(values, sizes), { rtol: 1e-12, atol: 1e-12 });
  expectClose(sum, dWeights, { rtol: 1e-12, atol: 1e-12 });
  for (const name of ['dx', 'dOffsets', 'dMask'] as const) expectClose(byBlocks[name], whole[name], { rtol: 1e-12, atol: 1e-12 });
});

it('reads dy before dx for each tap, taps row by row: a hand-made shift', () => {
  // One output pixel, kernel 1 x 2: tap 0 moves down by 1.25, tap 1 right by 0.5.
  const sizes = { batch: 1, height: 3, width: 3, inputs: 1, outputs: 1, kernelHeight: 1, kernelWidth: 2, outHeight: 1, outWidth: 1, stride: 1, padding: 0 }, y = Float64Array.of(NaN);
  deformConv2dImpl({ x: Float64Array.of(0, 1, 2, 10, 11, 12, 20, 21, 22), offsets: Float64Array.of(1.25, 0, 0, 0.5), mask: Float64Array.of(1, 2) }, Float64Array.of(1, 100), null, y, sizes);
  expect([...y]).toEqual([12.5 + 100 * 2 * 1.5]);
});

it('is zero beyond the image, half of the border half a pixel out, NaN where an offset is', () => {
  const sizes = { batch: 1, height: 2, width: 2, inputs: 1, outputs: 1, kernelHeight: 1, kernelWidth: 1, outHeight: 1, outWidth: 1, stride: 1, padding: 0 };
  const at = (dy: number, dx: number): number => forward({ ...deformValues(sizes, 1), x: Float64Array.of(4, 8, 16, 32), offsets: Float64Array.of(dy, dx), mask: Float64Array.of(1), weights: Float64Array.of(1), bias: Float64Array.of(0) }, sizes)[0]!;
  expect([at(-0.5, 0), at(1.5, 1), at(0, 1.75), at(-1, 0), at(2, 0), at(0, -1), at(0, 1e30), at(-Infinity, 0)]).toEqual([2, 16, 2, 0, 0, 0, 0, 0]);
  expect([at(NaN, 0), at(0, NaN), at(NaN, 1e30)]).toEqual([NaN, NaN, NaN]);
});
