import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { conv2dSizes } from '../conv2d-sizes.ts';
import { replaceKernel } from '../replace-kernel.ts';
import { LINEAR } from './activation-numbers.ts';
import { FLOAT } from './arena.ts';
import { convolveDepthwise } from './convolve-depthwise.ts';
import { isPlain } from './is-plain.ts';
import { wasmFunction, wasmPointer, withScratch } from './module.ts';
import { walkRows } from './walk-rows.ts';

// At stride 1, a convolution of `dy` with the filters turned by 180 degrees; at others each pixel of `dy` is added where its window lies.
replaceKernel<'DepthwiseConv2dNativeBackpropInput', BackendWasm>('DepthwiseConv2dNativeBackpropInput', 'wasm', ({ dy, filter }, backend, { inputShape, ...attrs }) => {
  if (!isPlain([dy, filter], attrs)) return null;
  const sizes = conv2dSizes(inputShape, filter.shape, attrs, true), { batch, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = sizes;
  const { filterHeight, filterWidth, strideHeight, strideWidth, padTop, padLeft } = sizes;
  const dx = backend.makeOutput(inputShape, 'float32'), [gradient, taps, image] = [dy, filter, dx].map((t) => wasmPointer(backend, t)) as [number, number, number];
  if (strideHeight === 1 && strideWidth === 1 && inChannels === outChannels) {
    withScratch(backend, FLOAT * filterHeight * filterWidth * inChannels, (flipped) => {
      wasmFunction(backend, 'flipFilter')(taps, filterHeight * filterWidth, inChannels, 1, flipped);
      const back = {
        ...sizes, inHeight: outHeight, inWidth: outWidth, outHeight: inHeight, outWidth: inWidth, padTop: filterHeight - 1 - padTop, padLeft: filterWidth - 1 - padLeft,
      };
      convolveDepthwise(backend, { sizes: back, x: gradient, filter: flipped, bias: 0, activation: LINEAR, out: image });
    });
    return dx;
  }
  wasmFunction(backend, 'zero')(image, batch * inHeight * inWidth * inChannels);
  const addRow = wasmFunction(backend, 'depthwiseBackpropInputRow');
  walkRows(sizes, ({ row, imageRow, tapRow, rows }) => addRow(
    gradient + FLOAT * row * outWidth * outChannels, rows, taps + FLOAT * tapRow * filterWidth * outChannels, image + FLOAT * imageRow * inWidth * inChannels,
    inWidth, inChannels, outChannels / inChannels, outWidth, filterWidth, strideWidth, padLeft,
  ));
  return dx;
});

replaceKernel<'DepthwiseConv2dNativeBackpropFilter', BackendWasm>('DepthwiseConv2dNativeBackpropFilter', 'wasm', ({ x, dy }, backend, { filterShape, ...attrs }) => {
  if (!isPlain([x, dy], attrs)) return null;
  const sizes = conv2dSizes(x.shape, filterShape, attrs, true), { inWidth, inChannels, outWidth, outChannels, filterHeight, filterWidth, strideWidth, padLeft } = sizes;
  const dFilter = backend.makeOutput(filterShape, 'float32'), [image, gradient, sum] = [x, dy, dFilter].map((t) => wasmPointer(backend, t)) as [number, number, number];
  wasmFunction(backend, 'zero')(sum, filterHeight * filterWidth * outChannels);
  const addRow = wasmFunction(backend, 'depthwiseBackpropFilterRow');
  walkRows(sizes, ({ row, imageRow, tapRow, rows }) => addRow(
    image + FLOAT * imageRow * inWidth * inChannels, rows, gradient + FLOAT * row * outWidth * outChannels, sum + FLOAT * tapRow * filterWidth * outChannels,
    inWidth, inChannels, outChannels / inChannels, outWidth, filterWidth, strideWidth, padLeft,
  ));
  return dFilter;
});
