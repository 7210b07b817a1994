import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';
import { useCpuBackend } from '../../src/kernels/cpu/index.ts';
import { ChebConv } from '../../src/nn/cheb-conv.ts';
import { comaNormal, glorotUniform, heNormal, zeros } from '../../src/nn/initializers.ts';
import { Linear } from '../../src/nn/linear.ts';
import { createSparseOperator } from '../../src/ops/sparse-operator.ts';
import { expectNoLeak } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { randomLaplacian } from '../support/graphs.ts';

beforeAll(() => useCpuBackend());

describe('initializers', () => {
  const deviation = (values: Float32Array): number => Math.sqrt(values.reduce((s, x) => s + x * x, 0) / values.length);
  it.each([
    ['heNormal', heNormal, Math.sqrt(2 / 96)], ['glorotUniform', glorotUniform, Math.sqrt(2 / 112)], ['comaNormal', comaNormal, 0.1], ['zeros', zeros, 0],
  ] as const)('%s has its deviation and repeats with its seed', (_, initializer, expected) => {
    const draw = (): Float32Array => initializer(createRandom(1), 20_000, 96, 16);
    expectClose([deviation(draw())], [expected], { rtol: 0.03 });
    expect(draw()).toEqual(draw());
  });
});

it('ChebConv and Linear name their parameters, learn and free them', () => expectNoLeak(() => {
  const operator = createSparseOperator(randomLaplacian(6, 1, 'sym'));
  const convolution = new ChebConv(2, 3, 4, createRandom(1)), dense = new Linear(18, 1, createRandom(2));
  expect(Object.keys(convolution.parameters)).toEqual(['weight', 'bias']);
  expect(convolution.weight.shape).toEqual([8, 3]);
  tf.tidy(() => {
    const x = tf.randomNormal<tf.Rank.R3>([2, 6, 2], 0, 1, 'float32', 1), optimizer = tf.train.sgd(0.01);
    const loss = (): tf.Scalar => dense.apply(convolution.apply(operator, x, { relu: true }).reshape([2, 18])).sub(1).square().mean();
    const before = loss().dataSync()[0]!;
    for (let i = 0; i < 30; i++) optimizer.minimize(loss);
    expect(loss().dataSync()[0]!).toBeLessThan(before / 10);
    optimizer.dispose();
  });
  const unbiased = new ChebConv(1, 1, 1, createRandom(1), { bias: false });
  expect(unbiased.bias).toBeNull();
  for (const part of [operator, convolution, dense, unbiased]) part.dispose();
}));
