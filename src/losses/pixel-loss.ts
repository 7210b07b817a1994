import * as tf from '@tensorflow/tfjs';
import { assertShape } from '../core/shape.ts';

/** How the three channels of a pixel's difference become one number: `l1` their absolute sum, as printed; `l2` their Euclidean length. */
export type PixelNorm = 'l1' | 'l2';

/** Below this length a difference counts as its square: the norm's gradient stays finite at 0. */
const SMOOTH = 1e-3;

/**
 * Weighted mean of the pixels' differences, per sample: `sum w |rendered - target| / sum w`; 0 with gradient 0 where no pixel has weight.
 *
 * Differentiable in `rendered`, `target` and `weights`: where a soft mask moves with the face, what it moves off takes its share of the divisor with it.
 *
 * @param rendered - float32 `[B, H, W, 3]`.
 * @param target - float32 `[B, H, W, 3]`.
 * @param weights - float32 `[B, H, W, 1]`, not negative.
 * @param divisor - What to divide by in place of the sum of weights, per sample.
 * @returns float32 `[B]`.
 * @throws {@link ArgumentError} if a shape does not fit.
 */
export function pixelLoss(rendered: tf.Tensor4D, target: tf.Tensor4D, weights: tf.Tensor4D, { norm = 'l1' as PixelNorm, divisor = null as number | null } = {}): tf.Tensor1D {
  const where = 'pixelLoss', dims = {};
  assertShape(where, 'rendered', rendered.shape, ['B', 'H', 'W', 3], dims);
  assertShape(where, 'target', target.shape, ['B', 'H', 'W', 3], dims);
  assertShape(where, 'weights', weights.shape, ['B', 'H', 'W', 1], dims);
  return tf.tidy(() => {
    const constant = weights.squeeze<tf.Tensor3D>([3]);
    const difference = rendered.sub(target);
    const length = norm === 'l1' ? difference.abs().sum(3) : difference.square().sum(3).add(SMOOTH ** 2).sqrt().sub(SMOOTH);
    const total = divisor ?? constant.sum([1, 2]).maximum(1e-6);
    return length.mul(constant).sum([1, 2]).div(total) as tf.Tensor1D;
  });
}
