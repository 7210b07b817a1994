import type { TensorInfo } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { conv2dSizes } from '../conv2d-sizes.ts';
import { replaceKernel, type StockSignatures } from '../replace-kernel.ts';
import { activationNumbers, type ActivationNumbers, LINEAR } from './activation-numbers.ts';
import { convolve } from './convolve.ts';
import { isPlain } from './is-plain.ts';
import { wasmPointer } from './module.ts';

replaceKernel<'Conv2D', BackendWasm>('Conv2D', 'wasm', ({ x, filter }, backend, attrs) => run(backend, x, filter, undefined, LINEAR, attrs));

replaceKernel<'FusedConv2D', BackendWasm>('FusedConv2D', 'wasm', ({ x, filter, bias, preluActivationWeights }, backend, attrs) => {
  const activation = activationNumbers(attrs.activation, attrs.leakyreluAlpha);
  return activation && !preluActivationWeights ? run(backend, x, filter, bias, activation, attrs) : null;
});

function run(
  backend: BackendWasm, x: TensorInfo, filter: TensorInfo, bias: TensorInfo | undefined, activation: ActivationNumbers, attrs: StockSignatures['Conv2D']['attrs'],
): TensorInfo | null {
  if (!isPlain([x, filter, ...(bias ? [bias] : [])], attrs)) return null;
  const sizes = conv2dSizes(x.shape, filter.shape, attrs), { batch, outHeight, outWidth, outChannels } = sizes;
  if (bias && (bias.shape.length !== 1 || bias.shape[0] !== outChannels)) return null;
  const out = backend.makeOutput([batch, outHeight, outWidth, outChannels], 'float32');
  const at = (t: TensorInfo): number => wasmPointer(backend, t);
  convolve(backend, { sizes, x: at(x), filter: at(filter), bias: bias ? at(bias) : 0, activation, out: at(out) });
  return out;
}
