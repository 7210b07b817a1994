import { expect, it } from 'vitest';
import { chebConvBackpropInputImpl, chebConvBackpropWeightsImpl, chebConvImpl } from '../../../src/kernels/impl/cheb-conv.ts';
import { reluGradImpl, sumRowsImpl } from '../../../src/kernels/impl/rows.ts';
import { transposeCsr } from '../../../src/sparse/csr-matrix.ts';
import { expectClose } from '../../support/close.ts';
import { LAPLACIANS, normals, randomLaplacian } from '../../support/graphs.ts';

const V = 9, sizes = { batch: 2, inputs: 3, outputs: 2, order: 4 };
const { batch, inputs, outputs, order } = sizes;

it.each(LAPLACIANS)('gradients of chebConv agree with central differences in float64, %s', (kind) => {
  for (const relu of [false, true]) {
    const A = randomLaplacian(V, 3, kind), dy = normals(batch * V * outputs, 9);
    const values = { x: normals(batch * V * inputs, 1), weights: normals(order * inputs * outputs, 2), bias: normals(outputs, 3) };
    const forward = (): Float64Array => {
      const y = new Float64Array(batch * V * outputs).fill(NaN);
      chebConvImpl(A, values.x, values.weights, values.bias, y, sizes, relu);
      return y;
    };
    const loss = (): number => forward().reduce((sum, y, i) => sum + y * dy[i]!, 0);

    const g = new Float64Array(dy.length).fill(NaN);
    if (relu) reluGradImpl(dy, forward(), g);
    else g.set(dy);
    const gradient = { x: new Float64Array(values.x.length).fill(NaN), weights: new Float64Array(values.weights.length).fill(NaN), bias: new Float64Array(outputs).fill(NaN) };
    chebConvBackpropInputImpl(transposeCsr(A), g, values.weights, gradient.x, sizes);
    chebConvBackpropWeightsImpl(A, values.x, g, gradient.weights, sizes);
    sumRowsImpl(g, gradient.bias, outputs);

    for (const name of ['x', 'weights', 'bias'] as const) {
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
  }
});

it('order 1 without bias is a matrix product', () => {
  const A = randomLaplacian(2, 1, 'sym'), y = new Float64Array(4).fill(NaN);
  chebConvImpl(A, Float64Array.of(1, 2, 3, 4), Float64Array.of(1, 10, 100, 1000), null, y, { batch: 1, inputs: 2, outputs: 2, order: 1 });
  expect([...y]).toEqual([201, 2010, 403, 4030]);
});
