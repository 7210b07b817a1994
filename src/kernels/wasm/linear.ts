import type { TensorInfo } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { defineKernel } from '../registry.ts';
import { wasmFunction, wasmPointer } from './module.ts';

defineKernel<'Linear', BackendWasm>('Linear', 'wasm', ({ x, weights, bias }, backend): TensorInfo => {
  const batch = x.shape[0]!, [inputs, outputs] = weights.shape as [number, number];
  const out = backend.makeOutput([batch, outputs], 'float32');
  const at = (t: TensorInfo): number => wasmPointer(backend, t);
  wasmFunction(backend, 'linear')(at(x), at(weights), bias ? at(bias) : 0, at(out), batch, inputs, outputs);
  return out;
});

defineKernel<'LinearBackpropInput', BackendWasm>('LinearBackpropInput', 'wasm', ({ dy, weights }, backend): TensorInfo => {
  const batch = dy.shape[0]!, [inputs, outputs] = weights.shape as [number, number];
  const dx = backend.makeOutput([batch, inputs], 'float32');
  const at = (t: TensorInfo): number => wasmPointer(backend, t);
  wasmFunction(backend, 'linearBackpropInput')(at(dy), at(weights), at(dx), batch, inputs, outputs);
  return dx;
});

defineKernel<'LinearBackpropWeights', BackendWasm>('LinearBackpropWeights', 'wasm', ({ x, dy }, backend): TensorInfo => {
  const [batch, inputs] = x.shape as [number, number], outputs = dy.shape[1]!;
  const dWeights = backend.makeOutput([inputs, outputs], 'float32');
  const at = (t: TensorInfo): number => wasmPointer(backend, t);
  wasmFunction(backend, 'linearBackpropWeights')(at(x), at(dy), at(dWeights), batch, inputs, outputs);
  return dWeights;
});
