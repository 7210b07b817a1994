import type { Cholesky } from '../sparse/cholesky.ts';
import { Adam } from '../training/adam.ts';

/** Decays of Adam's moments: curvature is in the coordinates, so that short memories do. */
const ADAM = { beta1: 0.8, beta2: 0.95 } as const;

/**
 * Adam in coordinates in which an objective's curvature is about the unit matrix: `u = C^T x` for the curvature `C C^T`. A unit of `u` is a standard
 * deviation of what the objective leaves uncertain, whatever mixture of the numbers it is: Adam's steps, of one size in every coordinate, then fit all of them.
 */
export class WhitenedAdam {
  private readonly adam = new Adam(ADAM);
  private readonly at: Float32Array;

  /** @param factor - Of the curvature, `[n, n]`. */
  constructor(private readonly factor: Cholesky, n: number) {
    this.at = new Float32Array(n);
  }

  /** Moves `x [n]` in place against its gradient by steps of `rate` deviations. */
  update(x: Float32Array, gradient: Float32Array, rate: number): void {
    const before = this.at.slice();
    this.adam.update({ at: this.at }, { at: Float32Array.from(this.factor.forward(gradient)) }, rate);
    this.factor.backward(this.at.map((u, i) => u - before[i]!)).forEach((d, i) => { x[i]! += d; });
  }
}
