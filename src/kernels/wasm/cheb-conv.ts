import type { TensorInfo } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { defineKernel } from '../registry.ts';
import { wasmFunction, wasmPointer, withScratch } from './module.ts';

/** Channels a recurrence carries: filled up with zeros to whole vectors, to eight where that is not far. */
const padded = (channels: number): number => (channels % 4 === 0 ? channels : Math.ceil(channels / (channels > 4 ? 8 : 4)) * (channels > 4 ? 8 : 4));

const FLOAT = 4;

/** Addresses of rows of numbers in the backend's memory. */
interface Operand {
  readonly pointer: number;
  readonly cols: number;
}

/** Gives consecutive parts of one piece of scratch memory, 16-byte aligned. */
function createArena(pointer: number): (floats: number) => number {
  let next = pointer;
  return (floats) => {
    const at = next;
    next += Math.ceil(floats * FLOAT / 16) * 16;
    return at;
  };
}

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

defineKernel<'ChebConv', BackendWasm>('ChebConv', 'wasm', ({ rowPtr, colIndex, values, x, weights, bias }, backend, { order, relu }): TensorInfo => {
  const [batch, rows, inputs] = x.shape as [number, number, number], outputs = weights.shape[1]!;
  const out = backend.makeOutput([batch, rows, outputs], 'float32');
  const at = (t: TensorInfo): number => wasmPointer(backend, t);
  convolve(backend, {
    csr: [at(rowPtr), at(colIndex), at(values)], batch, rows, order, relu, inputs, outputs,
    x: at(x), weights: at(weights), bias: bias ? at(bias) : 0, out: at(out),
  });
  return out;
});

// The gradient by the input is a convolution with the transposed operator and weights.
defineKernel<'ChebConvBackpropInput', BackendWasm>('ChebConvBackpropInput', 'wasm', ({ rowPtrT, colIndexT, valuesT, dy, weights }, backend, { order }): TensorInfo => {
  const [batch, rows, outputs] = dy.shape as [number, number, number], inputs = weights.shape[0]! / order;
  const dx = backend.makeOutput([batch, rows, inputs], 'float32');
  const at = (t: TensorInfo): number => wasmPointer(backend, t);
  withScratch(backend, FLOAT * order * inputs * outputs, (transposed) => {
    wasmFunction(backend, 'transposeBlocks')(at(weights), transposed, order, inputs, outputs);
    convolve(backend, {
      csr: [at(rowPtrT), at(colIndexT), at(valuesT)], batch, rows, order, relu: false, inputs: outputs, outputs: inputs,
      x: at(dy), weights: transposed, bias: 0, out: at(dx),
    });
  });
  return dx;
});

// dW_k = (T_k(A) x)^T dy = x^T T_k(A^T) dy: the recurrence runs on the narrower of x and dy.
defineKernel<'ChebConvBackpropWeights', BackendWasm>('ChebConvBackpropWeights', 'wasm', (inputs, backend, { order }): TensorInfo => {
  const { rowPtr, colIndex, values, rowPtrT, colIndexT, valuesT, x, dy } = inputs;
  const [batch, rows, xCols] = x.shape as [number, number, number], yCols = dy.shape[2]!;
  const out = backend.makeOutput([order * xCols, yCols], 'float32');
  const at = (t: TensorInfo): number => wasmPointer(backend, t);
  const wideX = padded(xCols), wideY = padded(yCols), swapped = wideY < wideX;
  const run = (name: string, ...args: number[]): number => wasmFunction(backend, name)(...args);
  const floats = 2 * rows * Math.min(wideX, wideY) + rows * (wideX + wideY) + 2 * order * wideX * wideY + 32;
  withScratch(backend, floats * FLOAT, (scratch) => {
    const take = createArena(scratch);
    const recurrence = take(2 * rows * Math.min(wideX, wideY)), sums = take(order * wideX * wideY);
    const widen = (pointer: number, cols: number, wide: number, copy: number): Operand => {
      if (wide !== cols) run('resizeRows', pointer, copy, rows, cols, wide);
      return { pointer: wide === cols ? pointer : copy, cols: wide };
    };
    const copyX = take(rows * wideX), copyY = take(rows * wideY);
    run('zero', sums, order * wideX * wideY);
    for (let b = 0; b < batch; b++) {
      const wx = widen(at(x) + b * rows * xCols * FLOAT, xCols, wideX, copyX), wy = widen(at(dy) + b * rows * yCols * FLOAT, yCols, wideY, copyY);
      const csr = swapped ? [at(rowPtrT), at(colIndexT), at(valuesT)] : [at(rowPtr), at(colIndex), at(values)];
      const [moving, still] = swapped ? [wy, wx] : [wx, wy];
      run('chebConvBackpropWeights', ...csr, moving.pointer, still.pointer, sums, recurrence, rows, moving.cols, still.cols, order, Number(swapped));
    }
    const narrow = take(order * xCols * wideY);
    run('resizeRows', sums, narrow, order, wideX * wideY, xCols * wideY);
    run('resizeRows', narrow, at(out), order * xCols, wideY, yCols);
  });
  return out;
});
