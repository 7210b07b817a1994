import * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import { assertShape } from '../core/shape.ts';
import '../gradients/deform-conv2d.ts';
import { runKernel } from '../kernels/registry.ts';

/** Options of {@link deformConv2d}. */
export interface DeformConv2dOptions {
  /** Input pixels from one output pixel to the next, down and across. */
  readonly stride: number;
  /** Rows and columns of zeros beyond each border. */
  readonly padding: number;
}

export const DEFORM_CONV2D_DEFAULTS: DeformConv2dOptions = { stride: 1, padding: 0 };

/**
 * Deformable convolution, modulated (version 2): every tap of every output pixel reads x at a position of its own and has a weight of its own,
 * `y[b, p] = bias + sum over taps t of mask[b, p, t] x[b](stride p - padding + t + offsets[b, p, t]) W_t`. x is read bilinearly and is zero beyond
 * the image. Zero offsets and no mask give `tf.conv2d`.
 *
 * Differentiable (once) in `x`, `weights`, `offsets`, `mask` and `bias`; where a position lies on a grid line the gradient by it is the one from the right.
 * The layout of the offsets is that of torchvision's `deform_conv2d`: published weights of the convolution that makes them fit, once permuted to
 * HWIO. Samples are made and multiplied a block of pixels at a time, so that memory beyond the output does not grow with the image: the columns of a
 * 160 x 160 x 256 level would take 236 MB, a block takes 36 KB. Costs 0.7 to 0.95 times `tf.conv2d` of the same shape on wasm (64 channels or more);
 * the gradients cost as much again for {x, offsets, mask}, which come together, and once more for the weights.
 *
 * An offset that is NaN makes its output pixel NaN; one that leads beyond the image, however far, reads zero.
 *
 * Zhu et al., Deformable ConvNets v2, 2019, equation 1.
 *
 * @param x - float32 `[B, H, W, I]`.
 * @param weights - float32 `[kh, kw, I, O]`.
 * @param offsets - float32 `[B, Ho, Wo, 2 kh kw]`, in pixels of x: dy before dx for each tap, taps row by row. `Ho = floor((H + 2 padding - kh) / stride) + 1`.
 * @param mask - float32 `[B, Ho, Wo, kh kw]`, taps row by row, or `null` for ones (version 1).
 * @param bias - float32 `[O]`, or `null`.
 * @returns float32 `[B, Ho, Wo, O]`.
 * @throws {@link ArgumentError} if a shape does not fit, a tensor is not float32, the kernel is larger than the padded image, or an option is no
 *   integer in its range.
 */
export function deformConv2d(
  x: tf.Tensor4D, weights: tf.Tensor4D, offsets: tf.Tensor4D, mask: tf.Tensor4D | null, bias: tf.Tensor1D | null, options?: Partial<DeformConv2dOptions>,
): tf.Tensor4D {
  const where = 'deformConv2d', steps = resolveOptions(where, DEFORM_CONV2D_DEFAULTS, options), { stride, padding } = steps, dims = {};
  if (!(Number.isInteger(stride) && stride >= 1)) throw new ArgumentError(where, 'stride', 'an integer of at least 1', `${stride}`);
  if (!(Number.isInteger(padding) && padding >= 0)) throw new ArgumentError(where, 'padding', 'an integer of at least 0', `${padding}`);
  assertShape(where, 'x', x.shape, ['B', 'H', 'W', 'I'], dims);
  assertShape(where, 'weights', weights.shape, ['kh', 'kw', 'I', 'O'], dims);
  const [height, width] = [0, 1].map((axis) => Math.floor((x.shape[axis + 1]! + 2 * padding - weights.shape[axis]!) / stride) + 1) as [number, number];
  const taps = weights.shape[0] * weights.shape[1];
  if (taps < 1 || height < 1 || width < 1) {
    throw new ArgumentError(where, 'weights', `a kernel within the padded image of ${x.shape[1] + 2 * padding} x ${x.shape[2] + 2 * padding}`, `${weights.shape[0]} x ${weights.shape[1]}`);
  }
  assertShape(where, 'offsets', offsets.shape, [x.shape[0], height, width, 2 * taps]);
  if (mask) assertShape(where, 'mask', mask.shape, [x.shape[0], height, width, taps]);
  if (bias) assertShape(where, 'bias', bias.shape, ['O'], dims);
  for (const [what, tensor] of Object.entries({ x, weights, offsets, mask, bias })) {
    if (tensor && tensor.dtype !== 'float32') throw new ArgumentError(where, what, 'dtype float32', tensor.dtype);
  }
  return tf.tidy(() => {
    const amounts = mask ?? tf.ones<tf.Rank.R4>([x.shape[0], height, width, taps]);
    return runKernel('DeformConv2D', { x, weights, offsets, mask: amounts, ...(bias && { bias }) }, { stride, padding }) as tf.Tensor4D;
  });
}
