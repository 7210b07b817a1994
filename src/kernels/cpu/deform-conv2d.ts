import type { TensorInfo } from '@tensorflow/tfjs';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { deformConv2dBackpropSamplesImpl, deformConv2dBackpropWeightsImpl, deformConv2dImpl } from '../impl/deform-conv2d.ts';
import { type DeformInputs, deformSizes } from '../impl/deform-sample.ts';
import { defineKernel } from '../registry.ts';
import { cpuFloats } from './access.ts';

const read = (backend: MathBackendCPU, { x, offsets, mask }: Record<'x' | 'offsets' | 'mask', TensorInfo>): DeformInputs =>
  ({ x: cpuFloats(backend, x), offsets: cpuFloats(backend, offsets), mask: cpuFloats(backend, mask) });

defineKernel<'DeformConv2D', MathBackendCPU>('DeformConv2D', 'cpu', ({ weights, bias, ...sampled }, backend, steps): TensorInfo => {
  const sizes = deformSizes(sampled.x.shape, weights.shape, sampled.offsets.shape, steps), shape = [sizes.batch, sizes.outHeight, sizes.outWidth, sizes.outputs];
  const out = new Float32Array(shape.reduce((n, size) => n * size, 1));
  deformConv2dImpl(read(backend, sampled), cpuFloats(backend, weights), bias ? cpuFloats(backend, bias) : null, out, sizes);
  return backend.makeTensorInfo(shape, 'float32', out);
});

defineKernel<'DeformConv2DBackpropSamples', MathBackendCPU>('DeformConv2DBackpropSamples', 'cpu', ({ weights, dy, ...sampled }, backend, steps): [TensorInfo, TensorInfo, TensorInfo] => {
  const sizes = deformSizes(sampled.x.shape, weights.shape, sampled.offsets.shape, steps), inputs = read(backend, sampled), { x, offsets, mask } = sampled;
  const dx = new Float32Array(inputs.x.length), dOffsets = new Float32Array(inputs.offsets.length), dMask = new Float32Array(inputs.mask.length);
  deformConv2dBackpropSamplesImpl(inputs, cpuFloats(backend, weights), cpuFloats(backend, dy), { dx, dOffsets, dMask }, sizes);
  const info = (like: TensorInfo, values: Float32Array): TensorInfo => backend.makeTensorInfo(like.shape, 'float32', values);
  return [info(x, dx), info(offsets, dOffsets), info(mask, dMask)];
});

defineKernel<'DeformConv2DBackpropWeights', MathBackendCPU>('DeformConv2DBackpropWeights', 'cpu', ({ dy, ...sampled }, backend, { kernelSize, ...steps }): TensorInfo => {
  const shape = [...kernelSize, sampled.x.shape[3]!, dy.shape[3]!], dWeights = new Float32Array(shape.reduce((n, size) => n * size, 1));
  deformConv2dBackpropWeightsImpl(read(backend, sampled), cpuFloats(backend, dy), dWeights, deformSizes(sampled.x.shape, shape, sampled.offsets.shape, steps));
  return backend.makeTensorInfo(shape, 'float32', dWeights);
});
