import type { TensorInfo } from '@tensorflow/tfjs';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { gatherRowsImpl, reluGradImpl, scatterRowsImpl, sumRowsImpl } from '../impl/rows.ts';
import { defineKernel } from '../registry.ts';
import { assertInRange } from '../row-index.ts';
import { cpuFloats, cpuInts } from './access.ts';

defineKernel<'GatherRows', MathBackendCPU>('GatherRows', 'cpu', ({ x, index }, backend, { begin, size }): TensorInfo => {
  const [batch, rows, cols] = x.shape as [number, number, number], count = index.shape[0]!;
  const out = new Float32Array(batch * count * size);
  assertInRange('gatherRows', rows, cpuInts(backend, index), gatherRowsImpl(cpuFloats(backend, x), cpuInts(backend, index), out, { batch, rows, cols, begin, size }));
  return backend.makeTensorInfo([batch, count, size], 'float32', out);
});

defineKernel<'ScatterRows', MathBackendCPU>('ScatterRows', 'cpu', ({ y, index }, backend, { rows, cols, begin }): TensorInfo => {
  const [batch, , size] = y.shape as [number, number, number];
  const out = new Float32Array(batch * rows * cols);
  assertInRange('scatterRows', rows, cpuInts(backend, index), scatterRowsImpl(cpuFloats(backend, y), cpuInts(backend, index), out, { batch, rows, cols, begin, size }));
  return backend.makeTensorInfo([batch, rows, cols], 'float32', out);
});

defineKernel<'SumRows', MathBackendCPU>('SumRows', 'cpu', ({ x }, backend): TensorInfo => {
  const cols = x.shape.at(-1)!, out = new Float32Array(cols);
  sumRowsImpl(cpuFloats(backend, x), out, cols);
  return backend.makeTensorInfo([cols], 'float32', out);
});

defineKernel<'ReluGrad', MathBackendCPU>('ReluGrad', 'cpu', ({ dy, y }, backend): TensorInfo => {
  const values = cpuFloats(backend, dy), out = new Float32Array(values.length);
  reluGradImpl(values, cpuFloats(backend, y), out);
  return backend.makeTensorInfo(dy.shape, 'float32', out);
});
