import type { TensorInfo } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { conv2dSizes } from '../conv2d-sizes.ts';
import { replaceKernel, type StockSignatures } from '../replace-kernel.ts';
import { activationNumbers, type ActivationNumbers, LINEAR } from './activation-numbers.ts';
import { convolveDepthwise } from './convolve-depthwise.ts';
import { isPlain } from './is-plain.ts';
import { wasmPointer } from './module.ts';

replaceKernel<'DepthwiseConv2dNative', BackendWasm>('DepthwiseConv2dNative', 'wasm', ({ x, filter }, backend, attrs) => run(backend, x, filter, undefined, LINEAR, attrs));

replaceKernel<'FusedDepthwiseConv2D', BackendWasm>('FusedDepthwiseConv2D', 'wasm', ({ x, filter, bias, preluActivationWeights }, backend, attrs) => {
  const activation = activationNumbers(attrs.activation, attrs.leakyreluAlpha);
  return activation && !preluActivationWeights ? run(backend, x, filter, bias, activation, attrs) : null;
});

function run(
  backend: BackendWasm, x: TensorInfo, filter: TensorInfo, bias: TensorInfo | undefined, activation: ActivationNumbers, attrs: StockSignatures['DepthwiseConv2dNative']['attrs'],
): TensorInfo | null {
  if (filter.shape[3] !== 1 || !isPlain([x, filter, ...(bias ? [bias] : [])], attrs)) return null;
  const sizes = conv2dSizes(x.shape, filter.shape, attrs, true), { batch, outHeight, outWidth, outChannels } = sizes;
  if (bias && (bias.shape.length !== 1 || bias.shape[0] !== outChannels)) return null;
  const out = backend.makeOutput([batch, outHeight, outWidth, outChannels], 'float32');
  const at = (t: TensorInfo): number => wasmPointer(backend, t);
  convolveDepthwise(backend, { sizes, x: at(x), filter: at(filter), bias: bias ? at(bias) : 0, activation, out: at(out) });
  return out;
}
