import type { CsrMatrix, FloatArray } from '../../sparse/csr-matrix.ts';
import { chebyshevBasisAdjointImpl, chebyshevBasisImpl } from './chebyshev-basis.ts';

/** Sizes of a Chebyshev convolution: batch `B`, channels `I` in and `O` out, order `K`. */
export interface ChebConvSizes {
  readonly batch: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly order: number;
}

/**
 * Reference kernel: `out[b] = bias + sum over k of T_k(A) x[b] W_k`, then `max(0, .)` where `relu`. Overwrites `out`.
 *
 * @param matrix - `A`, the scaled Laplacian, `[V, V]`
 * @param x - `[B, V, I]`
 * @param weights - `[K I, O]`, row `k I + i`
 * @param bias - `[O]`, or `null`
 * @param out - `[B, V, O]`
 */
export function chebConvImpl(
  matrix: CsrMatrix<FloatArray>, x: FloatArray, weights: FloatArray, bias: FloatArray | null, out: FloatArray,
  { batch, inputs, outputs, order }: ChebConvSizes, relu = false,
): void {
  const depth = order * inputs, count = batch * matrix.shape[0];
  const basis = new Float64Array(count * depth);
  chebyshevBasisImpl(matrix, x, batch, inputs, order, basis);
  for (let r = 0; r < count; r++) {
    for (let o = 0; o < outputs; o++) {
      let sum = bias ? bias[o]! : 0;
      for (let i = 0; i < depth; i++) sum += basis[r * depth + i]! * weights[i * outputs + o]!;
      out[r * outputs + o] = relu ? Math.max(0, sum) : sum;
    }
  }
}

/**
 * Reference kernel: `dx[b] = sum over k of T_k(A^T) dy[b] W_k^T`. Overwrites `dx`.
 *
 * @param transposed - `A^T`, `[V, V]`
 * @param dy - `[B, V, O]`
 * @param dx - `[B, V, I]`
 */
export function chebConvBackpropInputImpl(
  transposed: CsrMatrix<FloatArray>, dy: FloatArray, weights: FloatArray, dx: FloatArray, { batch, inputs, outputs, order }: ChebConvSizes,
): void {
  const depth = order * inputs, count = batch * transposed.shape[0];
  const dBasis = new Float64Array(count * depth);
  for (let r = 0; r < count; r++) {
    for (let i = 0; i < depth; i++) for (let o = 0; o < outputs; o++) dBasis[r * depth + i]! += dy[r * outputs + o]! * weights[i * outputs + o]!;
  }
  chebyshevBasisAdjointImpl(transposed, dBasis, batch, inputs, order, dx);
}

/**
 * Reference kernel: `dW_k = sum over b of (T_k(A) x[b])^T dy[b]`. Overwrites `dWeights`.
 *
 * @param dWeights - `[K I, O]`
 */
export function chebConvBackpropWeightsImpl(
  matrix: CsrMatrix<FloatArray>, x: FloatArray, dy: FloatArray, dWeights: FloatArray, { batch, inputs, outputs, order }: ChebConvSizes,
): void {
  const depth = order * inputs, count = batch * matrix.shape[0];
  const basis = new Float64Array(count * depth), sums = new Float64Array(depth * outputs);
  chebyshevBasisImpl(matrix, x, batch, inputs, order, basis);
  for (let r = 0; r < count; r++) {
    for (let i = 0; i < depth; i++) for (let o = 0; o < outputs; o++) sums[i * outputs + o]! += basis[r * depth + i]! * dy[r * outputs + o]!;
  }
  dWeights.set(sums);
}
