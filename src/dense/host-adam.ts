/** Adam on a host array (Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015), in float64, one step size an entry. */
export class HostAdam {
  private readonly mean: Float64Array;
  private readonly square: Float64Array;
  private steps = 0;

  /** @param rates - Step size of each entry; an entry moves by about that much a step. */
  constructor(private readonly rates: Float64Array, private readonly beta1 = 0.9, private readonly beta2 = 0.99) {
    this.mean = new Float64Array(rates.length);
    this.square = new Float64Array(rates.length);
  }

  /** Moves `x` against `gradient`, all step sizes times `scale`. Entries with a gradient that is not finite stay. */
  step(x: Float64Array, gradient: ArrayLike<number>, scale = 1): void {
    const { mean, square, beta1, beta2, rates } = this;
    this.steps++;
    const c1 = 1 - beta1 ** this.steps, c2 = 1 - beta2 ** this.steps;
    for (let i = 0; i < x.length; i++) {
      const g = Number.isFinite(gradient[i]!) ? gradient[i]! : 0;
      mean[i] = beta1 * mean[i]! + (1 - beta1) * g;
      square[i] = beta2 * square[i]! + (1 - beta2) * g * g;
      x[i]! -= (scale * rates[i]! * (mean[i]! / c1)) / (Math.sqrt(square[i]! / c2) + 1e-10);
    }
  }
}
