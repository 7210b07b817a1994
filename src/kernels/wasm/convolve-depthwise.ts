import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { FLOAT } from './arena.ts';
import type { Convolution } from './convolve.ts';
import { wasmFunction } from './module.ts';
import { walkRows } from './walk-rows.ts';

/** `out = activation(x * filter + bias)`, one filter a channel: row by row, with the rows of the filter that meet the image. */
export function convolveDepthwise(backend: BackendWasm, { sizes, x, filter, bias, activation, out }: Convolution): void {
  const { inChannels, outWidth, inWidth, filterWidth, strideWidth, padLeft } = sizes, depthwiseRow = wasmFunction(backend, 'depthwiseRow');
  walkRows(sizes, ({ row, imageRow, tapRow, rows }) => depthwiseRow(
    x + FLOAT * imageRow * inWidth * inChannels, rows, filter + FLOAT * tapRow * filterWidth * inChannels, bias, out + FLOAT * row * outWidth * inChannels,
    inWidth, inChannels, outWidth, filterWidth, strideWidth, padLeft, ...activation,
  ));
}
