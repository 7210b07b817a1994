import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { conv2dSizes } from '../conv2d-sizes.ts';
import { replaceKernel } from '../replace-kernel.ts';
import { LINEAR } from './activation-numbers.ts';
import { createArena, FLOAT } from './arena.ts';
import { convolve, type Convolution } from './convolve.ts';
import { isPlain } from './is-plain.ts';
import { wasmFunction, wasmPointer, withScratch } from './module.ts';
import { walkRows } from './walk-rows.ts';

replaceKernel<'Conv2DBackpropInput', BackendWasm>('Conv2DBackpropInput', 'wasm', ({ dy, filter }, backend, { inputShape, ...attrs }) => {
  if (!isPlain([dy, filter], attrs)) return null;
  const sizes = conv2dSizes(inputShape, filter.shape, attrs), dx = backend.makeOutput(inputShape, 'float32');
  const job = { sizes, dy: wasmPointer(backend, dy), filter: wasmPointer(backend, filter), dx: wasmPointer(backend, dx) };
  if (sizes.strideHeight === 1 && sizes.strideWidth === 1) convolveBack(backend, job);
  else scatterBack(backend, job);
  return dx;
});

interface BackpropInput extends Pick<Convolution, 'sizes' | 'filter'> {
  readonly dy: number;
  readonly dx: number;
}

/** At stride 1: a convolution of `dy` with the filter turned by 180 degrees, its inputs and outputs exchanged. */
function convolveBack(backend: BackendWasm, { sizes, dy, filter, dx }: BackpropInput): void {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, filterHeight, filterWidth, padTop, padLeft } = sizes;
  withScratch(backend, FLOAT * filterHeight * filterWidth * inChannels * outChannels, (flipped) => {
    wasmFunction(backend, 'flipFilter')(filter, filterHeight * filterWidth, inChannels, outChannels, flipped);
    const back = {
      ...sizes, inHeight: outHeight, inWidth: outWidth, inChannels: outChannels, outHeight: inHeight, outWidth: inWidth, outChannels: inChannels,
      padTop: filterHeight - 1 - padTop, padLeft: filterWidth - 1 - padLeft,
    };
    convolve(backend, { sizes: back, x: dy, filter: flipped, bias: 0, activation: LINEAR, out: dx });
  });
}

/** At other strides: row by row, `dy` times the transposed filter gives the windows of its pixels, which are added where they lie. */
function scatterBack(backend: BackendWasm, { sizes, dy, filter, dx }: BackpropInput): void {
  const { batch, inHeight, inWidth, inChannels, outWidth, outChannels, filterHeight, filterWidth, strideWidth, padLeft } = sizes;
  const run = (name: string, ...args: number[]): number => wasmFunction(backend, name)(...args);
  const filterRow = filterWidth * inChannels, window = filterHeight * filterRow;
  run('zero', dx, batch * inHeight * inWidth * inChannels);
  withScratch(backend, FLOAT * ((2 * outChannels + 1) * (window + 8) + outWidth * window + 16), (scratch) => {
    const take = createArena(scratch), transposed = take(outChannels * window), packed = take(outChannels * (window + 8)), zero = take(window + 8), windows = take(outWidth * window);
    run('transposeBlocks', filter, transposed, 1, window, outChannels);
    run('packColumns', transposed, outChannels, window, packed);
    run('zero', zero, window + 8);
    walkRows(sizes, ({ row, imageRow, tapRow, rows }) => {
      run('convRows', dy + FLOAT * row * outWidth * outChannels, FLOAT * outChannels, 1, outChannels, 0, packed, zero, windows, outWidth, window, ...LINEAR);
      const target = dx + FLOAT * imageRow * inWidth * inChannels;
      run('addWindows', windows + FLOAT * tapRow * filterRow, FLOAT * window, rows, target, inWidth, inChannels, outWidth, filterWidth, strideWidth, padLeft);
    });
  });
}
