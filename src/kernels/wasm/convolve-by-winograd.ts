import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { Conv2dSizes } from '../impl/conv2d.ts';
import { createArena, FLOAT } from './arena.ts';
import type { Convolution } from './convolve.ts';
import { wasmFunction, withScratch } from './module.ts';

/** Pixels of a tile's side, and numbers of its transform. */
const TILE = 4, PRODUCTS = 36;

/** Bytes of transformed inputs and outputs at a time: half a cache of the second level. */
const CHUNK = 400_000;

/**
 * Whether F(4 x 4, 3 x 3) takes less time than the direct sum. In multiplications: 36 in place of 144 for a tile, whose transforms cost as
 * much as 200 a channel, the filter's as much as 160 a pair of channels (measured on 8 to 256 channels).
 */
export function winogradPays({ batch, inChannels, outChannels, outHeight, outWidth, filterHeight, filterWidth, strideHeight, strideWidth }: Conv2dSizes): boolean {
  if (filterHeight !== 3 || filterWidth !== 3 || strideHeight !== 1 || strideWidth !== 1 || inChannels % 4 !== 0 || outChannels % 4 !== 0) return false;
  const pairs = inChannels * outChannels, tiles = Math.ceil(outHeight / TILE) * Math.ceil(outWidth / TILE);
  const direct = batch * outHeight * fours(outWidth) * 9 * pairs;
  return batch * (fours(tiles) * PRODUCTS * pairs + tiles * 200 * (inChannels + outChannels)) + 160 * pairs < direct;
}

/** `out = activation(x * filter + bias)`, 3 x 3 at stride 1, channels multiples of four. */
export function convolveByWinograd(backend: BackendWasm, { sizes, x, filter, bias, activation, out }: Convolution): void {
  const { batch, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padTop, padLeft } = sizes;
  const across = Math.ceil(outWidth / TILE), tiles = across * Math.ceil(outHeight / TILE);
  const count = Math.min(fours(tiles), Math.max(8, Math.min(32, fours(CHUNK / (PRODUCTS * FLOAT * (inChannels + outChannels)) - 3))));
  const filterStride = oddLines(inChannels * outChannels), productsStride = oddLines(count * inChannels), sumsStride = oddLines(count * outChannels);
  const floats = PRODUCTS * (filterStride + productsStride + sumsStride + inChannels + 4) + 2 * outChannels + 64;
  withScratch(backend, FLOAT * floats, (scratch) => {
    const take = createArena(scratch), packed = take(PRODUCTS * filterStride), products = take(PRODUCTS * productsStride), sums = take(PRODUCTS * sumsStride);
    const tile = take(PRODUCTS * (inChannels + 4)), zero = take(outChannels), biasOrZero = bias || zero;
    wasmFunction(backend, 'zero')(zero, outChannels);
    wasmFunction(backend, 'winogradFilter')(filter, inChannels, outChannels, packed, FLOAT * filterStride, tile);
    for (let b = 0; b < batch; b++) {
      const image = x + FLOAT * b * inHeight * inWidth * inChannels, target = out + FLOAT * b * outHeight * outWidth * outChannels;
      for (let first = 0; first < tiles; first += count) {
        wasmFunction(backend, 'winogradTiles')(
          image, inHeight, inWidth, inChannels, padTop, padLeft, packed, FLOAT * filterStride, biasOrZero, zero, target, outHeight, outWidth, outChannels,
          across, first, Math.min(count, tiles - first), tile, products, FLOAT * productsStride, sums, FLOAT * sumsStride, ...activation,
        );
      }
    }
  });
}

/** `n` as a multiple of four, rounded up. */
const fours = (n: number): number => Math.ceil(n / 4) * 4;

/** At least `floats`, in an odd number of cache lines of 64 bytes: so many arrays side by side do not share the same few places of the cache. */
const oddLines = (floats: number): number => 16 * (2 * Math.floor(Math.ceil(floats / 16) / 2) + 1);
