import type { TensorInfo } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { defineKernel } from '../registry.ts';
import type { OperatorTensors } from '../signatures.ts';
import { createArena, FLOAT, padded } from './arena.ts';
import { wasmFunction, wasmPointer, withScratch } from './module.ts';

/** What a gradient is taken of. */
interface Backprop {
  readonly dy: TensorInfo;
  readonly weights: TensorInfo;
  readonly operator: OperatorTensors;
}

/**
 * The gradient by the input that the last gradient by the weights made on the way: both need the same sparse products, a tenth of
 * a decoder's step. The tape asks for them one by one and does not say whether it will ask for both.
 */
interface Leftover {
  /** `[B, V, I]`, not yet a tensor of the engine's. */
  readonly dx: TensorInfo;
  readonly of: Backprop;
}

const leftovers = new WeakMap<BackendWasm, Leftover>();

/** What was left behind for this very gradient; `null` if there is nothing. */
export function takeLeftover(backend: BackendWasm, { dy, weights, operator }: Backprop): TensorInfo | null {
  const leftover = leftovers.get(backend);
  if (!leftover || leftover.of.dy.dataId !== dy.dataId || leftover.of.weights.dataId !== weights.dataId || leftover.of.operator !== operator) return null;
  leftovers.delete(backend);
  return leftover.dx;
}

/** Room for a gradient that may be asked for; what was left before and never taken is freed. */
function leaveBehind(backend: BackendWasm, shape: number[], of: Backprop): TensorInfo {
  const untaken = leftovers.get(backend);
  if (untaken) backend.disposeData(untaken.dx.dataId, true);
  const dx = backend.makeOutput(shape, 'float32');
  leftovers.set(backend, { dx, of });
  return dx;
}

// dW_k = (T_k(A) x)^T dy = x^T T_k(A^T) dy: the recurrence runs on the narrower of x and dy, on dy if they are equal.
defineKernel<'ChebConvBackpropWeights', BackendWasm>('ChebConvBackpropWeights', 'wasm', ({ x, dy, weights }, backend, { operator, order }): TensorInfo => {
  const [batch, rows, inputs] = x.shape as [number, number, number], outputs = dy.shape[2]!, wideIn = padded(inputs), wideOut = padded(outputs);
  const out = backend.makeOutput([order * inputs, outputs], 'float32'), ofOutputs = wideOut <= wideIn;
  const at = (t: TensorInfo): number => wasmPointer(backend, t);
  const run = (name: string, ...args: number[]): number => wasmFunction(backend, name)(...args);
  const csr = (ofOutputs ? [operator.rowPtrT, operator.colIndexT, operator.valuesT] : [operator.rowPtr, operator.colIndex, operator.values]).map(at);
  const dx = ofOutputs ? at(leaveBehind(backend, [batch, rows, inputs], { dy, weights, operator })) : 0;
  const block = order * wideIn * wideOut, floats = 2 * rows * Math.min(wideIn, wideOut) + rows * (2 * wideIn + wideOut) + 5 * block + 64;
  withScratch(backend, floats * FLOAT, (scratch) => {
    const take = createArena(scratch);
    const recurrence = take(2 * rows * Math.min(wideIn, wideOut)), sums = take(block), copyX = take(rows * wideIn), copyY = take(rows * wideOut), copyDx = take(rows * wideIn);
    const widen = (pointer: number, cols: number, wide: number, copy: number): number => {
      if (wide !== cols) run('resizeRows', pointer, copy, rows, cols, wide);
      return wide === cols ? pointer : copy;
    };
    const weightsT = ofOutputs ? transposeWeights() : 0;
    run('zero', sums, block);
    for (let b = 0; b < batch; b++) {
      const wx = widen(at(x) + b * rows * inputs * FLOAT, inputs, wideIn, copyX), wy = widen(at(dy) + b * rows * outputs * FLOAT, outputs, wideOut, copyY);
      if (!ofOutputs) {
        run('chebConvBackpropOfInputs', ...csr, wx, wy, sums, recurrence, rows, wideIn, wideOut, order);
        continue;
      }
      const target = dx + b * rows * inputs * FLOAT;
      run('chebConvBackpropOfOutputs', ...csr, wx, wy, weightsT, sums, wideIn === inputs ? target : copyDx, recurrence, rows, wideIn, wideOut, order);
      if (wideIn !== inputs) run('resizeRows', copyDx, target, rows, wideIn, inputs);
    }
    const narrow = take(block);
    run('resizeRows', sums, narrow, order, wideIn * wideOut, inputs * wideOut);
    run('resizeRows', narrow, at(out), order * inputs, wideOut, outputs);

    // `[K I, O]` to `[K, wide O, wide I]`, the additions zero.
    function transposeWeights(): number {
      const columns = take(block), all = take(block), transposed = take(block);
      run('resizeRows', at(weights), columns, order * inputs, outputs, wideOut);
      run('resizeRows', columns, all, order, inputs * wideOut, wideIn * wideOut);
      run('transposeBlocks', all, transposed, order, wideIn, wideOut);
      return transposed;
    }
  });
  return out;
});
