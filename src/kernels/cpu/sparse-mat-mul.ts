import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { sparseMatMulImpl } from '../impl/sparse-mat-mul.ts';
import { defineKernel } from '../registry.ts';
import { cpuFloats, cpuInts } from './access.ts';

defineKernel<'SparseMatMul', MathBackendCPU>('SparseMatMul', 'cpu', ({ dense }, backend, { operator: { rowPtr, colIndex, values } }) => {
  const [batch, denseRows, cols] = dense.shape as [number, number, number];
  const rows = rowPtr.shape[0]! - 1;
  const matrix = {
    shape: [rows, denseRows] as const, rowPtr: cpuInts(backend, rowPtr), colIndex: cpuInts(backend, colIndex), values: cpuFloats(backend, values),
  };
  const out = new Float32Array(batch * rows * cols);
  sparseMatMulImpl(matrix, cpuFloats(backend, dense), batch, cols, out);
  return backend.makeTensorInfo([batch, rows, cols], 'float32', out);
});
