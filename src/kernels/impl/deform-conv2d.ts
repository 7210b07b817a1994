import type { FloatArray } from '../../sparse/csr-matrix.ts';
import { type DeformSample, type DeformSizes, locateSample } from './deform-sample.ts';

/** What is sampled, and where: `x [B, H, W, I]`, `offsets [B, Ho, Wo, 2 kh kw]` (dy before dx, taps row by row), `mask [B, Ho, Wo, kh kw]`. */
export interface DeformInputs {
  readonly x: FloatArray;
  readonly offsets: FloatArray;
  readonly mask: FloatArray;
}

/** Gradients by {@link DeformInputs}, of the same shapes. */
export interface DeformGradient {
  readonly dx: FloatArray;
  readonly dOffsets: FloatArray;
  readonly dMask: FloatArray;
}

const newSample = (): DeformSample => ({ corners: new Int32Array(4), fractionY: 0, fractionX: 0 });

/** x between the corners of a sample, in channel c. */
function bilinear(x: FloatArray, { corners, fractionY, fractionX }: DeformSample, inputs: number, c: number): number {
  const at = (i: number): number => (corners[i]! < 0 ? 0 : x[corners[i]! * inputs + c]!);
  return (1 - fractionY) * ((1 - fractionX) * at(0) + fractionX * at(1)) + fractionY * ((1 - fractionX) * at(2) + fractionX * at(3));
}

/**
 * Reference kernel: `out[b, p] = bias + sum over taps t of mask[b, p, t] x[b](position of t at p) W_t`, x read bilinearly and zero beyond the image.
 * Overwrites `out`. An offset that is NaN makes its output pixel NaN; one that is infinite reads zero.
 *
 * Zhu et al., Deformable ConvNets v2, 2019, equation 1.
 *
 * @param weights - `[kh, kw, I, O]`
 * @param bias - `[O]`, or `null`
 * @param out - `[B, Ho, Wo, O]`
 */
export function deformConv2dImpl({ x, offsets, mask }: DeformInputs, weights: FloatArray, bias: FloatArray | null, out: FloatArray, sizes: DeformSizes): void {
  const { batch, inputs, outputs, outHeight, outWidth } = sizes, taps = sizes.kernelHeight * sizes.kernelWidth, sample = newSample(), sums = new Float64Array(outputs);
  for (let p = 0; p < batch * outHeight * outWidth; p++) {
    for (let o = 0; o < outputs; o++) sums[o] = bias ? bias[o]! : 0;
    for (let t = 0; t < taps; t++) {
      locateSample(offsets, p, t, sizes, sample);
      for (let c = 0; c < inputs; c++) {
        const value = mask[p * taps + t]! * bilinear(x, sample, inputs, c), row = (t * inputs + c) * outputs;
        for (let o = 0; o < outputs; o++) sums[o]! += value * weights[row + o]!;
      }
    }
    out.set(sums, p * outputs);
  }
}

/**
 * Reference kernel: the gradients by what is sampled. With `g = W_t dy[b, p]`, the gradient of a tap's sample: `dMask = g . sample`, `dx` at each
 * corner `+= mask weight g`, and `dOffsets = mask g . (derivative of the sample by y, by x)`. Overwrites all three.
 *
 * @param weights - `[kh, kw, I, O]`
 * @param dy - `[B, Ho, Wo, O]`
 */
export function deformConv2dBackpropSamplesImpl({ x, offsets, mask }: DeformInputs, weights: FloatArray, dy: FloatArray, { dx, dOffsets, dMask }: DeformGradient, sizes: DeformSizes): void {
  const { batch, inputs, outputs, outHeight, outWidth } = sizes, taps = sizes.kernelHeight * sizes.kernelWidth, sample = newSample();
  dx.fill(0);
  for (let p = 0; p < batch * outHeight * outWidth; p++) {
    for (let t = 0; t < taps; t++) {
      locateSample(offsets, p, t, sizes, sample);
      const { corners, fractionY: fy, fractionX: fx } = sample, amount = mask[p * taps + t]!;
      const shares = [(1 - fy) * (1 - fx), (1 - fy) * fx, fy * (1 - fx), fy * fx], dots = [0, 0, 0, 0];

      // (1) To the input, and on the way the products of g with x at the four corners.
      for (let c = 0; c < inputs; c++) {
        let g = 0;
        for (let o = 0; o < outputs; o++) g += weights[(t * inputs + c) * outputs + o]! * dy[p * outputs + o]!;
        for (let i = 0; i < 4; i++) {
          if (corners[i]! < 0) continue;
          const at = corners[i]! * inputs + c;
          dots[i]! += g * x[at]!;
          dx[at]! += amount * shares[i]! * g;
        }
      }

      // (2) To the mask and the position, by those products.
      const [d0, d1, d2, d3] = dots as [number, number, number, number], at = p * taps + t;
      dMask[at] = shares[0]! * d0 + shares[1]! * d1 + shares[2]! * d2 + shares[3]! * d3;
      dOffsets[2 * at] = amount * ((1 - fx) * (d2 - d0) + fx * (d3 - d1));
      dOffsets[2 * at + 1] = amount * ((1 - fy) * (d1 - d0) + fy * (d3 - d2));
    }
  }
}

/**
 * Reference kernel: `dW_t = sum over b, p of (mask sample) dy[b, p]^T`. Overwrites `dWeights`.
 *
 * @param dy - `[B, Ho, Wo, O]`
 * @param dWeights - `[kh, kw, I, O]`
 */
export function deformConv2dBackpropWeightsImpl({ x, offsets, mask }: DeformInputs, dy: FloatArray, dWeights: FloatArray, sizes: DeformSizes): void {
  const { batch, inputs, outputs, outHeight, outWidth } = sizes, taps = sizes.kernelHeight * sizes.kernelWidth, sample = newSample();
  const sums = new Float64Array(taps * inputs * outputs);
  for (let p = 0; p < batch * outHeight * outWidth; p++) {
    for (let t = 0; t < taps; t++) {
      locateSample(offsets, p, t, sizes, sample);
      for (let c = 0; c < inputs; c++) {
        const value = mask[p * taps + t]! * bilinear(x, sample, inputs, c), row = (t * inputs + c) * outputs;
        for (let o = 0; o < outputs; o++) sums[row + o]! += value * dy[p * outputs + o]!;
      }
    }
  }
  dWeights.set(sums);
}
