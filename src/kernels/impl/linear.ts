import type { FloatArray } from '../../sparse/csr-matrix.ts';

/** Sizes of a linear map: batch `B`, `M` numbers in, `N` out. */
export interface LinearSizes {
  readonly batch: number;
  readonly inputs: number;
  readonly outputs: number;
}

/**
 * Reference kernel: `out = x W + bias`. Overwrites `out`.
 *
 * @param x - `[B, M]`
 * @param weights - `[M, N]`
 * @param bias - `[N]`, or `null`
 * @param out - `[B, N]`
 */
export function linearImpl(x: FloatArray, weights: FloatArray, bias: FloatArray | null, out: FloatArray, { batch, inputs, outputs }: LinearSizes): void {
  for (let b = 0; b < batch; b++) {
    for (let n = 0; n < outputs; n++) {
      let sum = bias ? bias[n]! : 0;
      for (let m = 0; m < inputs; m++) sum += x[b * inputs + m]! * weights[m * outputs + n]!;
      out[b * outputs + n] = sum;
    }
  }
}

/** Reference kernel: `dx = dy W^T`. Overwrites `dx`, `[B, M]`. */
export function linearBackpropInputImpl(dy: FloatArray, weights: FloatArray, dx: FloatArray, { batch, inputs, outputs }: LinearSizes): void {
  for (let b = 0; b < batch; b++) {
    for (let m = 0; m < inputs; m++) {
      let sum = 0;
      for (let n = 0; n < outputs; n++) sum += dy[b * outputs + n]! * weights[m * outputs + n]!;
      dx[b * inputs + m] = sum;
    }
  }
}

/** Reference kernel: `dW = x^T dy`. Overwrites `dWeights`, `[M, N]`. */
export function linearBackpropWeightsImpl(x: FloatArray, dy: FloatArray, dWeights: FloatArray, { batch, inputs, outputs }: LinearSizes): void {
  for (let m = 0; m < inputs; m++) {
    for (let n = 0; n < outputs; n++) {
      let sum = 0;
      for (let b = 0; b < batch; b++) sum += x[b * inputs + m]! * dy[b * outputs + n]!;
      dWeights[m * outputs + n] = sum;
    }
  }
}
