import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { conv2dSizes } from '../conv2d-sizes.ts';
import { replaceKernel } from '../replace-kernel.ts';
import { FLOAT } from './arena.ts';
import { isPlain } from './is-plain.ts';
import { wasmFunction, wasmPointer, withScratch } from './module.ts';

/** Pixels whose products are summed in one go: their rows of the image and of `dy` stay in the cache of the first level. */
const PIXELS = 128;

// dfilter[t] = sum over pixels of x[t]^T dy: row by row, windows overlapping as they do in the image, of a padded copy of the rows that they meet.
replaceKernel<'Conv2DBackpropFilter', BackendWasm>('Conv2DBackpropFilter', 'wasm', ({ x, dy }, backend, { filterShape, ...attrs }) => {
  if (!isPlain([x, dy], attrs)) return null;
  const { batch, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, filterHeight, filterWidth, strideHeight, strideWidth, padTop, padLeft } = conv2dSizes(x.shape, filterShape, attrs);
  const dFilter = backend.makeOutput(filterShape, 'float32'), [image, gradient, sum] = [x, dy, dFilter].map((t) => wasmPointer(backend, t)) as [number, number, number];
  const run = (name: string, ...args: number[]): number => wasmFunction(backend, name)(...args);
  const pixel = FLOAT * inChannels, outPixel = FLOAT * outChannels, depth = filterWidth * inChannels, wide = (outWidth - 1) * strideWidth + filterWidth;
  run('zero', sum, filterHeight * depth * outChannels);
  if (filterHeight * filterWidth * strideHeight * strideWidth === 1 && padTop === 0 && padLeft === 0 && inHeight === outHeight && inWidth === outWidth) {
    const pixels = batch * outHeight * outWidth;
    for (let p = 0; p < pixels; p += PIXELS) run('gemmTransposedOverlapping', image + p * pixel, pixel, inChannels, gradient + p * outPixel, outChannels, sum, Math.min(PIXELS, pixels - p));
    return dFilter;
  }
  withScratch(backend, filterHeight * wide * pixel, (band) => {
    for (let row = 0; row < batch * outHeight; row++) {
      const top = row % outHeight * strideHeight - padTop;
      run('padRows', image + Math.floor(row / outHeight) * inHeight * inWidth * pixel, inHeight, inWidth, inChannels, top, filterHeight, -padLeft, wide, band);
      for (let k = 0; k < filterHeight; k++) {
        for (let p = 0; p < outWidth; p += PIXELS) {
          run(
            'gemmTransposedOverlapping', band + (k * wide + p * strideWidth) * pixel, strideWidth * pixel, depth, gradient + (row * outWidth + p) * outPixel, outChannels,
            sum + k * depth * outPixel, Math.min(PIXELS, outWidth - p),
          );
        }
      }
    }
  });
  return dFilter;
});
