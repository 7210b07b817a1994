import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { Conv2dSizes } from '../impl/conv2d.ts';
import type { ActivationNumbers } from './activation-numbers.ts';
import { createArena, FLOAT } from './arena.ts';
import { convolveByWinograd, winogradPays } from './convolve-by-winograd.ts';
import { wasmFunction, withScratch } from './module.ts';

/** A convolution in the memory of a backend; tensors by the offsets of their values. */
export interface Convolution {
  readonly sizes: Conv2dSizes;
  readonly x: number;
  readonly filter: number;
  /** `[outChannels]`, or 0. */
  readonly bias: number;
  readonly activation: ActivationNumbers;
  readonly out: number;
}

/** Bytes of an image that are worked on at a time, so that they stay in the cache of the second level. */
const BAND = 1 << 17;

/** `out = activation(x * filter + bias)`: by Winograd's filtering where that is quicker, otherwise as products of matrices that overlap. */
export function convolve(backend: BackendWasm, job: Convolution): void {
  if (winogradPays(job.sizes)) convolveByWinograd(backend, job);
  else convolveDirectly(backend, job);
}

/**
 * A window's row is `filterWidth inChannels` numbers side by side, and the next pixel's lies `strideWidth inChannels` further: each row of
 * the output is a product of a matrix whose rows overlap with the filter as it is stored. Nothing is gathered but a padded
 * copy of a few rows, where windows reach beyond the image.
 */
function convolveDirectly(backend: BackendWasm, { sizes, x, filter, bias, activation, out }: Convolution): void {
  const { batch, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, filterHeight, filterWidth, strideHeight, strideWidth, padTop, padLeft } = sizes;
  const convRows = wasmFunction(backend, 'convRows'), padRows = wasmFunction(backend, 'padRows');
  const depth = filterWidth * inChannels, columns = Math.ceil(outChannels / 4) * 4;
  const wide = (outWidth - 1) * strideWidth + filterWidth, high = (outHeight - 1) * strideHeight + filterHeight;
  const padded = padTop !== 0 || padLeft !== 0 || wide > inWidth || high > inHeight, bandStride = FLOAT * wide * inChannels;
  const bandRows = Math.max(1, Math.min(outHeight, Math.floor((BAND / bandStride - filterHeight) / strideHeight) + 1));
  const bandFloats = padded ? ((bandRows - 1) * strideHeight + filterHeight) * wide * inChannels : 0;
  withScratch(backend, FLOAT * ((filterHeight * depth + 1) * (columns + 4) + bandFloats + 16), (scratch) => {
    const take = createArena(scratch), packed = take(filterHeight * depth * (columns + 4)), packedBias = take(columns + 4), band = take(bandFloats);
    wasmFunction(backend, 'packColumns')(filter, filterHeight * depth, outChannels, packed);
    wasmFunction(backend, 'packBias')(bias, outChannels, packedBias);
    const rows = (from: number, fromStride: number, rowStride: number, to: number, count: number): number =>
      convRows(from, fromStride, filterHeight, depth, rowStride, packed, packedBias, to, count, outChannels, ...activation);
    const pixel = FLOAT * inChannels, outPixel = FLOAT * outChannels;
    if (filterHeight * filterWidth * strideHeight * strideWidth === 1 && !padded && inHeight === outHeight && inWidth === outWidth) {
      const pixels = batch * outHeight * outWidth, chunk = Math.max(4, Math.floor(BAND / (pixel + outPixel)) & ~3);
      for (let p = 0; p < pixels; p += chunk) rows(x + p * pixel, pixel, 0, out + p * outPixel, Math.min(chunk, pixels - p));
      return;
    }
    for (let b = 0; b < batch; b++) {
      const image = x + b * inHeight * inWidth * pixel;
      for (let row = 0; row < outHeight; row++) {
        const inBand = row % bandRows, top = row * strideHeight - padTop;
        if (padded && inBand === 0) {
          const taken = (Math.min(bandRows, outHeight - row) - 1) * strideHeight + filterHeight;
          padRows(image, inHeight, inWidth, inChannels, top, taken, -padLeft, wide, band);
        }
        const from = padded ? band + inBand * strideHeight * bandStride : image + top * inWidth * pixel;
        rows(from, strideWidth * pixel, padded ? bandStride : inWidth * pixel, out + (b * outHeight + row) * outWidth * outPixel, outWidth);
      }
    }
  });
}
