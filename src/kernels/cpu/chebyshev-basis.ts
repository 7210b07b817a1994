import type { TensorInfo } from '@tensorflow/tfjs';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { chebyshevBasisAdjointImpl, chebyshevBasisImpl } from '../impl/chebyshev-basis.ts';
import { defineKernel } from '../registry.ts';
import { cpuCsr, cpuFloats } from './access.ts';

defineKernel<'ChebyshevBasis', MathBackendCPU>('ChebyshevBasis', 'cpu', ({ x }, backend, { operator: { rowPtr, colIndex, values }, order }): TensorInfo => {
  const [batch, rows, cols] = x.shape as [number, number, number];
  const out = new Float32Array(batch * rows * order * cols);
  chebyshevBasisImpl(cpuCsr(backend, rowPtr, colIndex, values, rows), cpuFloats(backend, x), batch, cols, order, out);
  return backend.makeTensorInfo([batch, rows, order, cols], 'float32', out);
});

defineKernel<'ChebyshevBasisAdjoint', MathBackendCPU>('ChebyshevBasisAdjoint', 'cpu', ({ y }, backend, { operator: { rowPtrT, colIndexT, valuesT } }): TensorInfo => {
  const [batch, rows, order, cols] = y.shape as [number, number, number, number];
  const out = new Float32Array(batch * rows * cols);
  chebyshevBasisAdjointImpl(cpuCsr(backend, rowPtrT, colIndexT, valuesT, rows), cpuFloats(backend, y), batch, cols, order, out);
  return backend.makeTensorInfo([batch, rows, cols], 'float32', out);
});
