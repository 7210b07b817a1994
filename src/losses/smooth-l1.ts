import type * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import { assertShape } from '../core/shape.ts';

/** Where the square ends: at `|x| = beta`, or, as Fast R-CNN's successors write it, at `1 / sigma^2`. */
export type SmoothL1Options = { readonly beta: number } | { readonly sigma: number };

/** Fast R-CNN, arXiv 1504.08083, equation 3. */
export const SMOOTH_L1_DEFAULTS: SmoothL1Options = { beta: 1 };

/**
 * The smooth L1 loss, number by number: `x^2 / (2 beta)` where `|x| < beta`, otherwise `|x| - beta / 2`, x = prediction - target.
 *
 * With `sigma` it is `(sigma x)^2 / 2` where `|x| < 1 / sigma^2`, otherwise `|x| - 1 / (2 sigma^2)`: beta is `1 / sigma^2`. `kernels/impl/smooth-l1.ts` is the reference.
 * Differentiable in both; the derivative at 0 is 0.
 *
 * @param prediction - float32, any shape.
 * @param target - float32, the same shape.
 * @returns float32, the same shape.
 * @throws {@link ArgumentError} if the shapes differ, or beta or sigma is not a positive number.
 */
export function smoothL1<T extends tf.Tensor>(prediction: T, target: T, options: SmoothL1Options = SMOOTH_L1_DEFAULTS): T {
  assertShape('smoothL1', 'target', target.shape, prediction.shape);
  const beta = smoothL1Beta('smoothL1', options), size = prediction.sub(target).abs(), within = size.minimum(beta);
  return within.mul(size.sub(within.mul(0.5))).div(beta) as T;
}

/** The beta of either form. */
export function smoothL1Beta(where: string, options: SmoothL1Options): number {
  const given = Object.entries(options);
  if (given.length !== 1 || !['beta', 'sigma'].includes(given[0]![0])) throw new ArgumentError(where, 'smoothL1', 'either beta or sigma', JSON.stringify(options));
  const [name, value] = given[0]!;
  if (!(value > 0 && value < Infinity)) throw new ArgumentError(where, name, 'a positive number', String(value));
  return name === 'beta' ? value : 1 / (value * value);
}
