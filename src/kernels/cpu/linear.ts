import type { TensorInfo } from '@tensorflow/tfjs';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { linearBackpropInputImpl, linearBackpropWeightsImpl, linearImpl } from '../impl/linear.ts';
import { defineKernel } from '../registry.ts';
import { cpuFloats } from './access.ts';

defineKernel<'Linear', MathBackendCPU>('Linear', 'cpu', ({ x, weights, bias }, backend): TensorInfo => {
  const batch = x.shape[0]!, [inputs, outputs] = weights.shape as [number, number];
  const out = new Float32Array(batch * outputs);
  linearImpl(cpuFloats(backend, x), cpuFloats(backend, weights), bias ? cpuFloats(backend, bias) : null, out, { batch, inputs, outputs });
  return backend.makeTensorInfo([batch, outputs], 'float32', out);
});

defineKernel<'LinearBackpropInput', MathBackendCPU>('LinearBackpropInput', 'cpu', ({ dy, weights }, backend): TensorInfo => {
  const batch = dy.shape[0]!, [inputs, outputs] = weights.shape as [number, number];
  const dx = new Float32Array(batch * inputs);
  linearBackpropInputImpl(cpuFloats(backend, dy), cpuFloats(backend, weights), dx, { batch, inputs, outputs });
  return backend.makeTensorInfo([batch, inputs], 'float32', dx);
});

defineKernel<'LinearBackpropWeights', MathBackendCPU>('LinearBackpropWeights', 'cpu', ({ x, dy }, backend): TensorInfo => {
  const [batch, inputs] = x.shape as [number, number], outputs = dy.shape[1]!;
  const dWeights = new Float32Array(inputs * outputs);
  linearBackpropWeightsImpl(cpuFloats(backend, x), cpuFloats(backend, dy), dWeights, { batch, inputs, outputs });
  return backend.makeTensorInfo([inputs, outputs], 'float32', dWeights);
});
