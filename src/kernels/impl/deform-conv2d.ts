import type { FloatArray } from '../../sparse/csr-matrix.ts';
import { type DeformGradient, type DeformInputs, deformSampleImpl, deformScatterImpl, type DeformSizes } from './deform-sample.ts';

/**
 * Reference kernel: `out[b, p] = bias + sum over taps t of mask[b, p, t] x[b](position of t at p) W_t`, see {@link deformSampleImpl}. Overwrites `out`.
 *
 * Zhu et al., Deformable ConvNets v2, 2019, equation 1.
 *
 * @param weights - `[kh, kw, I, O]`
 * @param bias - `[O]`, or `null`
 * @param out - `[B, Ho, Wo, O]`
 */
export function deformConv2dImpl(sampled: DeformInputs, weights: FloatArray, bias: FloatArray | null, out: FloatArray, sizes: DeformSizes): void {
  const { outputs } = sizes, depth = depthOf(sizes), column = new Float64Array(depth), sums = new Float64Array(outputs);
  for (let p = 0; p < pixelsOf(sizes); p++) {
    deformSampleImpl(sampled, column, { begin: p, end: p + 1 }, sizes);
    for (let o = 0; o < outputs; o++) sums[o] = bias ? bias[o]! : 0;
    for (let i = 0; i < depth; i++) for (let o = 0; o < outputs; o++) sums[o]! += column[i]! * weights[i * outputs + o]!;
    out.set(sums, p * outputs);
  }
}

/**
 * Reference kernel: the gradients by what is sampled, those of {@link deformScatterImpl} with `g = W_t dy[b, p]`. Overwrites all three.
 *
 * @param weights - `[kh, kw, I, O]`
 * @param dy - `[B, Ho, Wo, O]`
 */
export function deformConv2dBackpropSamplesImpl(sampled: DeformInputs, weights: FloatArray, dy: FloatArray, gradient: DeformGradient, sizes: DeformSizes): void {
  const { outputs } = sizes, depth = depthOf(sizes), dColumn = new Float64Array(depth);
  gradient.dx.fill(0);
  for (let p = 0; p < pixelsOf(sizes); p++) {
    for (let i = 0; i < depth; i++) {
      let sum = 0;
      for (let o = 0; o < outputs; o++) sum += weights[i * outputs + o]! * dy[p * outputs + o]!;
      dColumn[i] = sum;
    }
    deformScatterImpl(sampled, dColumn, gradient, { begin: p, end: p + 1 }, sizes);
  }
}

/**
 * Reference kernel: `dW_t = sum over b, p of (mask sample) dy[b, p]^T`. Overwrites `dWeights`.
 *
 * @param dy - `[B, Ho, Wo, O]`
 * @param dWeights - `[kh, kw, I, O]`
 */
export function deformConv2dBackpropWeightsImpl(sampled: DeformInputs, dy: FloatArray, dWeights: FloatArray, sizes: DeformSizes): void {
  const { outputs } = sizes, depth = depthOf(sizes), column = new Float64Array(depth), sums = new Float64Array(depth * outputs);
  for (let p = 0; p < pixelsOf(sizes); p++) {
    deformSampleImpl(sampled, column, { begin: p, end: p + 1 }, sizes);
    for (let i = 0; i < depth; i++) for (let o = 0; o < outputs; o++) sums[i * outputs + o]! += column[i]! * dy[p * outputs + o]!;
  }
  dWeights.set(sums);
}

const depthOf = ({ kernelHeight, kernelWidth, inputs }: DeformSizes): number => kernelHeight * kernelWidth * inputs;

const pixelsOf = ({ batch, outHeight, outWidth }: DeformSizes): number => batch * outHeight * outWidth;
