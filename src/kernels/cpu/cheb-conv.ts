import type { TensorInfo } from '@tensorflow/tfjs';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { chebConvBackpropInputImpl, chebConvBackpropWeightsImpl, chebConvImpl } from '../impl/cheb-conv.ts';
import { defineKernel } from '../registry.ts';
import { cpuCsr, cpuFloats } from './access.ts';

defineKernel<'ChebConv', MathBackendCPU>('ChebConv', 'cpu', ({ x, weights, bias }, backend, { operator: { rowPtr, colIndex, values }, order, relu }): TensorInfo => {
  const [batch, rows, inputs] = x.shape as [number, number, number], outputs = weights.shape[1]!;
  const out = new Float32Array(batch * rows * outputs);
  chebConvImpl(cpuCsr(backend, rowPtr, colIndex, values, rows), cpuFloats(backend, x), cpuFloats(backend, weights), bias ? cpuFloats(backend, bias) : null,
    out, { batch, inputs, outputs, order }, relu);
  return backend.makeTensorInfo([batch, rows, outputs], 'float32', out);
});

defineKernel<'ChebConvBackpropInput', MathBackendCPU>('ChebConvBackpropInput', 'cpu', ({ dy, weights }, backend, { operator: { rowPtrT, colIndexT, valuesT }, order }): TensorInfo => {
  const [batch, rows, outputs] = dy.shape as [number, number, number], inputs = weights.shape[0]! / order;
  const dx = new Float32Array(batch * rows * inputs);
  chebConvBackpropInputImpl(cpuCsr(backend, rowPtrT, colIndexT, valuesT, rows), cpuFloats(backend, dy), cpuFloats(backend, weights), dx, { batch, inputs, outputs, order });
  return backend.makeTensorInfo([batch, rows, inputs], 'float32', dx);
});

defineKernel<'ChebConvBackpropWeights', MathBackendCPU>('ChebConvBackpropWeights', 'cpu', ({ x, dy }, backend, { operator: { rowPtr, colIndex, values }, order }): TensorInfo => {
  const [batch, rows, inputs] = x.shape as [number, number, number], outputs = dy.shape[2]!;
  const dWeights = new Float32Array(order * inputs * outputs);
  chebConvBackpropWeightsImpl(cpuCsr(backend, rowPtr, colIndex, values, rows), cpuFloats(backend, x), cpuFloats(backend, dy), dWeights, { batch, inputs, outputs, order });
  return backend.makeTensorInfo([order * inputs, outputs], 'float32', dWeights);
});
