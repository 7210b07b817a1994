import type { TensorInfo } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { conv2dSizes } from '../conv2d-sizes.ts';
import { replaceKernel, type StockSignatures } from '../replace-kernel.ts';
import { activationNumbers, type ActivationNumbers, LINEAR } from './activation-numbers.ts';
import { FLOAT } from './arena.ts';
import type { Convolution } from './convolve.ts';
import { isPlain } from './is-plain.ts';
import { wasmFunction, wasmPointer } from './module.ts';

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

/** `out = activation(x * filter + bias)`, one filter a channel: row by row, with the rows of the filter that meet the image. */
function convolveDepthwise(backend: BackendWasm, { sizes, x, filter, bias, activation, out }: Convolution): void {
  const { batch, inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth, strideHeight, strideWidth, padTop, padLeft } = sizes;
  const depthwiseRow = wasmFunction(backend, 'depthwiseRow'), inRow = FLOAT * inWidth * inChannels, filterRow = FLOAT * filterWidth * inChannels;
  for (let row = 0; row < batch * outHeight; row++) {
    const top = row % outHeight * strideHeight - padTop, from = Math.min(filterHeight, Math.max(0, -top)), to = Math.max(from, Math.min(filterHeight, inHeight - top));
    depthwiseRow(
      x + (Math.floor(row / outHeight) * inHeight + top + from) * inRow, to - from, filter + from * filterRow, bias, out + FLOAT * row * outWidth * inChannels,
      inWidth, inChannels, outWidth, filterWidth, strideWidth, padLeft, ...activation,
    );
  }
}
