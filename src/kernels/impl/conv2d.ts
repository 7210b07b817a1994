import type { FloatArray } from '../../sparse/csr-matrix.ts';

/** Sizes of a two-dimensional convolution: images `[batch, height, width, channels]`, windows that start `padTop` above and `padLeft` beside the image. */
export interface Conv2dSizes {
  readonly batch: number;
  readonly inHeight: number;
  readonly inWidth: number;
  readonly inChannels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly padTop: number;
  readonly padLeft: number;
}

/**
 * Calls `visit` for every pixel of the output and every tap of its window that lies in the image, with the numbers of three pixels:
 * of the input, of the output (both count over the batch) and of the filter.
 */
export function walkWindows(sizes: Conv2dSizes, visit: (input: number, output: number, tap: number) => void): void {
  const { batch, inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth, strideHeight, strideWidth, padTop, padLeft } = sizes;
  for (let output = 0; output < batch * outHeight * outWidth; output++) {
    const column = output % outWidth, row = Math.floor(output / outWidth) % outHeight, image = Math.floor(output / (outWidth * outHeight));
    for (let tap = 0; tap < filterHeight * filterWidth; tap++) {
      const y = row * strideHeight - padTop + Math.floor(tap / filterWidth), x = column * strideWidth - padLeft + tap % filterWidth;
      if (y >= 0 && y < inHeight && x >= 0 && x < inWidth) visit((image * inHeight + y) * inWidth + x, output, tap);
    }
  }
}

/**
 * Reference kernel: `out = x * filter + bias`, a correlation, zero beyond the image. Overwrites `out`.
 *
 * @param x - `[batch, inHeight, inWidth, inChannels]`
 * @param filter - `[filterHeight, filterWidth, inChannels, outChannels]`
 * @param bias - `[outChannels]`, or `null`
 * @param out - `[batch, outHeight, outWidth, outChannels]`
 */
export function conv2dImpl(x: FloatArray, filter: FloatArray, bias: FloatArray | null, out: FloatArray, sizes: Conv2dSizes): void {
  const { inChannels, outChannels } = sizes, sums = Float64Array.from(out, (_, i) => (bias ? bias[i % outChannels]! : 0));
  walkWindows(sizes, (input, output, tap) => {
    for (let i = 0; i < inChannels; i++) {
      for (let o = 0; o < outChannels; o++) sums[output * outChannels + o]! += x[input * inChannels + i]! * filter[(tap * inChannels + i) * outChannels + o]!;
    }
  });
  out.set(sums);
}

/** Reference kernel: the gradient of {@link conv2dImpl} by `x`. Overwrites `dx`. */
export function conv2dBackpropInputImpl(dy: FloatArray, filter: FloatArray, dx: FloatArray, sizes: Conv2dSizes): void {
  const { inChannels, outChannels } = sizes, sums = new Float64Array(dx.length);
  walkWindows(sizes, (input, output, tap) => {
    for (let i = 0; i < inChannels; i++) {
      for (let o = 0; o < outChannels; o++) sums[input * inChannels + i]! += dy[output * outChannels + o]! * filter[(tap * inChannels + i) * outChannels + o]!;
    }
  });
  dx.set(sums);
}

/** Reference kernel: the gradient of {@link conv2dImpl} by `filter`. Overwrites `dFilter`. */
export function conv2dBackpropFilterImpl(x: FloatArray, dy: FloatArray, dFilter: FloatArray, sizes: Conv2dSizes): void {
  const { inChannels, outChannels } = sizes, sums = new Float64Array(dFilter.length);
  walkWindows(sizes, (input, output, tap) => {
    for (let i = 0; i < inChannels; i++) {
      for (let o = 0; o < outChannels; o++) sums[(tap * inChannels + i) * outChannels + o]! += x[input * inChannels + i]! * dy[output * outChannels + o]!;
    }
  });
  dFilter.set(sums);
}
