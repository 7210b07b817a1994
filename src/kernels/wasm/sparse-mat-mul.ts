import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { defineKernel } from '../registry.ts';
import { wasmFunction, wasmPointer } from './module.ts';

defineKernel<'SparseMatMul', BackendWasm>('SparseMatMul', 'wasm', ({ dense }, backend, { operator: { rowPtr, colIndex, values } }) => {
  const [batch, denseRows, cols] = dense.shape as [number, number, number];
  const rows = rowPtr.shape[0]! - 1;
  const out = backend.makeOutput([batch, rows, cols], 'float32');
  const [rowPtrPtr, colIndexPtr, valuesPtr, densePtr, outPtr] = [rowPtr, colIndex, values, dense, out].map((t) => wasmPointer(backend, t));
  wasmFunction(backend, 'sparseMatMul')(rowPtrPtr!, colIndexPtr!, valuesPtr!, densePtr!, outPtr!, batch, rows, denseRows, cols);
  return out;
});
