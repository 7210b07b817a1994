import type { TensorInfo } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { defineKernel } from '../registry.ts';
import { wasmFunction, wasmPointer, withScratch } from './module.ts';

defineKernel<'ChebyshevBasis', BackendWasm>('ChebyshevBasis', 'wasm', ({ x }, backend, { operator: { rowPtr, colIndex, values }, order }): TensorInfo => {
  const [batch, rows, cols] = x.shape as [number, number, number];
  const out = backend.makeOutput([batch, rows, order, cols], 'float32');
  const at = (t: TensorInfo): number => wasmPointer(backend, t);
  wasmFunction(backend, 'chebyshevBasis')(at(rowPtr), at(colIndex), at(values), at(x), at(out), batch, rows, cols, order);
  return out;
});

defineKernel<'ChebyshevBasisAdjoint', BackendWasm>('ChebyshevBasisAdjoint', 'wasm', ({ y }, backend, { operator: { rowPtrT, colIndexT, valuesT } }): TensorInfo => {
  const [batch, rows, order, cols] = y.shape as [number, number, number, number];
  const out = backend.makeOutput([batch, rows, cols], 'float32');
  const at = (t: TensorInfo): number => wasmPointer(backend, t);
  withScratch(backend, 12 * rows * cols, (scratch) => {
    wasmFunction(backend, 'chebyshevBasisAdjoint')(at(rowPtrT), at(colIndexT), at(valuesT), at(y), at(out), scratch, batch, rows, cols, order);
  });
  return out;
});
