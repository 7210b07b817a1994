import type { TensorInfo } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { defineKernel } from '../registry.ts';
import { createArena, FLOAT, padded } from './arena.ts';
import { takeLeftover } from './cheb-conv-weights.ts';
import { wasmFunction, wasmPointer, withScratch } from './module.ts';

/** Everything a convolution of one batch entry needs, whole vectors wide. */
interface Convolution {
  readonly csr: readonly [rowPtr: number, colIndex: number, values: number];
  readonly batch: number;
  readonly rows: number;
  readonly order: number;
  readonly relu: boolean;
  readonly inputs: number;
  readonly outputs: number;
  readonly x: number;
  /** `[K, inputs, outputs]`. */
  readonly weights: number;
  /** `[outputs]`, or 0. */
  readonly bias: number;
  readonly out: number;
}

/**
 * out = bias + sum over k of T_k(A) x W_k, the recurrence on the narrower side (measured on 10,242 vertices, K = 6: 16 -> 8
 * takes 0.62 of the time by Clenshaw's order). Channels that are not whole vectors go through padded copies.
 */
function convolve(backend: BackendWasm, job: Convolution): void {
  const { csr, batch, rows, order, relu, inputs, outputs, x, weights, bias, out } = job;
  const wideIn = padded(inputs), wideOut = padded(outputs), clenshaw = wideOut < wideIn;
  const run = (name: string, ...args: number[]): number => wasmFunction(backend, name)(...args);
  const copies = (wideIn === inputs ? 0 : rows * wideIn) + (wideOut === outputs ? 0 : rows * wideOut);
  const floats = 2 * rows * Math.min(wideIn, wideOut) + copies + 2 * order * wideIn * wideOut + wideOut + 32;
  withScratch(backend, floats * FLOAT, (scratch) => {
    const take = createArena(scratch);
    const recurrence = take(2 * rows * Math.min(wideIn, wideOut));
    const wideWeights = padWeights(), wideBias = bias && wideOut !== outputs ? take(wideOut) : bias;
    if (wideBias !== bias) run('resizeRows', bias, wideBias, 1, outputs, wideOut);
    const wideX = wideIn === inputs ? 0 : take(rows * wideIn), wideY = wideOut === outputs ? 0 : take(rows * wideOut);
    for (let b = 0; b < batch; b++) {
      const source = x + b * rows * inputs * FLOAT, target = out + b * rows * outputs * FLOAT;
      if (wideX) run('resizeRows', source, wideX, rows, inputs, wideIn);
      run(clenshaw ? 'chebConvByClenshaw' : 'chebConvOfBasis', ...csr, wideX || source, wideWeights, wideBias, wideY || target, recurrence,
        rows, wideIn, wideOut, order, Number(relu));
      if (wideY) run('resizeRows', wideY, target, rows, wideOut, outputs);
    }

    function padWeights(): number {
      if (wideIn === inputs && wideOut === outputs) return weights;
      const columns = take(order * inputs * wideOut), all = take(order * wideIn * wideOut);
      run('resizeRows', weights, columns, order * inputs, outputs, wideOut);
      run('resizeRows', columns, all, order, inputs * wideOut, wideIn * wideOut);
      return all;
    }
  });
}

defineKernel<'ChebConv', BackendWasm>('ChebConv', 'wasm', ({ x, weights, bias }, backend, { operator: { rowPtr, colIndex, values }, order, relu }): TensorInfo => {
  const [batch, rows, inputs] = x.shape as [number, number, number], outputs = weights.shape[1]!;
  const out = backend.makeOutput([batch, rows, outputs], 'float32');
  const at = (t: TensorInfo): number => wasmPointer(backend, t);
  convolve(backend, {
    csr: [at(rowPtr), at(colIndex), at(values)], batch, rows, order, relu, inputs, outputs,
    x: at(x), weights: at(weights), bias: bias ? at(bias) : 0, out: at(out),
  });
  return out;
});

// The gradient by the input is a convolution with the transposed operator and weights, unless that by the weights left it behind.
defineKernel<'ChebConvBackpropInput', BackendWasm>('ChebConvBackpropInput', 'wasm', ({ dy, weights }, backend, { operator, order }): TensorInfo => {
  const [batch, rows, outputs] = dy.shape as [number, number, number], inputs = weights.shape[0]! / order, { rowPtrT, colIndexT, valuesT } = operator;
  const at = (t: TensorInfo): number => wasmPointer(backend, t), left = takeLeftover(backend, { dy, weights, operator });
  if (left) return left;
  const dx = backend.makeOutput([batch, rows, inputs], 'float32');
  withScratch(backend, FLOAT * order * inputs * outputs, (transposed) => {
    wasmFunction(backend, 'transposeBlocks')(at(weights), transposed, order, inputs, outputs);
    convolve(backend, {
      csr: [at(rowPtrT), at(colIndexT), at(valuesT)], batch, rows, order, relu: false, inputs: outputs, outputs: inputs,
      x: at(dy), weights: transposed, bias: 0, out: at(dx),
    });
  });
  return dx;
});
