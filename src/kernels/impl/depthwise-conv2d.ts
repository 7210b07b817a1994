import type { FloatArray } from '../../sparse/csr-matrix.ts';
import { type Conv2dSizes, walkWindows } from './conv2d.ts';

/**
 * Reference kernel: every input channel `i` convolved by itself with `outChannels / inChannels` filters of its own, then `+ bias`;
 * channel `i m + q` of the output is that of filter `q` of `m`. Overwrites `out`.
 *
 * @param x - `[batch, inHeight, inWidth, inChannels]`
 * @param filter - `[filterHeight, filterWidth, inChannels, outChannels / inChannels]`
 * @param bias - `[outChannels]`, or `null`
 * @param out - `[batch, outHeight, outWidth, outChannels]`
 */
export function depthwiseConv2dImpl(x: FloatArray, filter: FloatArray, bias: FloatArray | null, out: FloatArray, sizes: Conv2dSizes): void {
  const { inChannels, outChannels } = sizes, multiplier = outChannels / inChannels;
  const sums = Float64Array.from(out, (_, i) => (bias ? bias[i % outChannels]! : 0));
  walkWindows(sizes, (input, output, tap) => {
    for (let o = 0; o < outChannels; o++) sums[output * outChannels + o]! += x[input * inChannels + Math.floor(o / multiplier)]! * filter[tap * outChannels + o]!;
  });
  out.set(sums);
}

/** Reference kernel: the gradient of {@link depthwiseConv2dImpl} by `x`. Overwrites `dx`. */
export function depthwiseConv2dBackpropInputImpl(dy: FloatArray, filter: FloatArray, dx: FloatArray, sizes: Conv2dSizes): void {
  const { inChannels, outChannels } = sizes, multiplier = outChannels / inChannels, sums = new Float64Array(dx.length);
  walkWindows(sizes, (input, output, tap) => {
    for (let o = 0; o < outChannels; o++) sums[input * inChannels + Math.floor(o / multiplier)]! += dy[output * outChannels + o]! * filter[tap * outChannels + o]!;
  });
  dx.set(sums);
}

/** Reference kernel: the gradient of {@link depthwiseConv2dImpl} by `filter`. Overwrites `dFilter`. */
export function depthwiseConv2dBackpropFilterImpl(x: FloatArray, dy: FloatArray, dFilter: FloatArray, sizes: Conv2dSizes): void {
  const { inChannels, outChannels } = sizes, multiplier = outChannels / inChannels, sums = new Float64Array(dFilter.length);
  walkWindows(sizes, (input, output, tap) => {
    for (let o = 0; o < outChannels; o++) sums[tap * outChannels + o]! += x[input * inChannels + Math.floor(o / multiplier)]! * dy[output * outChannels + o]!;
  });
  dFilter.set(sums);
}
