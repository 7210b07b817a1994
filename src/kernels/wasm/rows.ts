import type { TensorInfo } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { defineKernel } from '../registry.ts';
import { assertInRange } from '../row-index.ts';
import { wasmFunction, wasmPointer } from './module.ts';

defineKernel<'GatherRows', BackendWasm>('GatherRows', 'wasm', ({ x, index }, backend, { begin, size }): TensorInfo => {
  const [batch, rows, cols] = x.shape as [number, number, number], count = index.shape[0]!;
  const out = backend.makeOutput([batch, count, size], 'float32');
  const [from, at, to] = [x, index, out].map((t) => wasmPointer(backend, t));
  assertIndex('gatherRows', rows, index, backend, wasmFunction(backend, 'gatherRows')(from!, at!, to!, batch, rows, cols, count, begin, size));
  return out;
});

defineKernel<'ScatterRows', BackendWasm>('ScatterRows', 'wasm', ({ y, index }, backend, { rows, cols, begin }): TensorInfo => {
  const [batch, count, size] = y.shape as [number, number, number];
  const out = backend.makeOutput([batch, rows, cols], 'float32');
  const [from, at, to] = [y, index, out].map((t) => wasmPointer(backend, t));
  assertIndex('scatterRows', rows, index, backend, wasmFunction(backend, 'scatterRows')(from!, at!, to!, batch, rows, cols, count, begin, size));
  return out;
});

function assertIndex(where: string, rows: number, index: TensorInfo, backend: BackendWasm, stray: number): void {
  if (stray >= 0) assertInRange(where, rows, backend.readSync(index.dataId) as Int32Array, stray);
}

defineKernel<'SumRows', BackendWasm>('SumRows', 'wasm', ({ x }, backend): TensorInfo => {
  const cols = x.shape.at(-1)!, out = backend.makeOutput([cols], 'float32');
  wasmFunction(backend, 'sumRows')(wasmPointer(backend, x), wasmPointer(backend, out), x.shape.slice(0, -1).reduce((n, size) => n * size, 1), cols);
  return out;
});

defineKernel<'ReluGrad', BackendWasm>('ReluGrad', 'wasm', ({ dy, y }, backend): TensorInfo => {
  const out = backend.makeOutput(dy.shape, 'float32');
  const [dyPtr, yPtr, outPtr] = [dy, y, out].map((t) => wasmPointer(backend, t));
  wasmFunction(backend, 'reluGrad')(dyPtr!, yPtr!, outPtr!, dy.shape.reduce((n, size) => n * size, 1));
  return out;
});
