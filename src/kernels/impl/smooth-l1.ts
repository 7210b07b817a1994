import type { FloatArray } from '../../sparse/csr-matrix.ts';

/**
 * Reference: the smooth L1 loss of differences and its derivative, `x^2 / (2 beta)` where `|x| < beta`, otherwise `|x| - beta / 2`. Overwrites `out` and `gradient`.
 *
 * @param beta - At least 0; 0 is the absolute value, with derivative 0 at 0.
 */
export function smoothL1Impl(difference: ArrayLike<number>, beta: number, out: FloatArray, gradient: FloatArray): void {
  for (let i = 0; i < out.length; i++) {
    const x = difference[i]!, size = Math.abs(x);
    out[i] = size < beta ? (x * x) / (2 * beta) : size - beta / 2;
    gradient[i] = size < beta ? x / beta : Math.sign(x);
  }
}
