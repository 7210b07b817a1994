import type { FloatArray } from '../../sparse/csr-matrix.ts';

/** How a kernel moves over its input: pixels a step, and zeros beyond each border. */
export interface DeformSteps {
  readonly stride: number;
  readonly padding: number;
}

/** Sizes of a deformable convolution: `x [B, H, W, I]`, `weights [kh, kw, I, O]`, output `[B, Ho, Wo, O]`. */
export interface DeformSizes extends DeformSteps {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly outHeight: number;
  readonly outWidth: number;
}

/** The sizes that the shapes of x, weights and offsets say. */
export function deformSizes(x: readonly number[], weights: readonly number[], offsets: readonly number[], { stride, padding }: DeformSteps): DeformSizes {
  const [batch, height, width, inputs] = x as [number, number, number, number], [kernelHeight, kernelWidth, , outputs] = weights as [number, number, number, number];
  return { batch, height, width, inputs, outputs, kernelHeight, kernelWidth, outHeight: offsets[1]!, outWidth: offsets[2]!, stride, padding };
}

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

/** Output pixels from `begin` to `end` - 1, of the `B Ho Wo` there are. */
export interface PixelRange {
  readonly begin: number;
  readonly end: number;
}

/** Where one tap of one output pixel reads. */
interface DeformSample {
  /** Rows of x as `[B H W, I]`: above left, above right, below left, below right of the position; -1 is beyond the image, where x is zero. */
  readonly corners: Int32Array;
  /** How far the position lies below the upper corners and right of the left ones, in [0, 1); NaN where an offset is. */
  fractionY: number;
  fractionX: number;
}

/**
 * Finds the position of a tap, `(stride row - padding + tap row + dy, stride col - padding + tap col + dx)`, and the corners around it.
 * Positions beyond the image by a pixel or more have no corner, however far they are. On a grid line the corners are those below or right of
 * it, so that gradients there are those from the right.
 *
 * @param offsets - `[B, Ho, Wo, 2 kh kw]`: dy before dx for each tap, taps row by row.
 * @param pixel - Output pixel, in `[0, B Ho Wo)`.
 * @param sample - Overwritten.
 */
function locateSample(offsets: FloatArray, pixel: number, tap: number, sizes: DeformSizes, sample: DeformSample): void {
  const { height, width, kernelHeight, kernelWidth, outHeight, outWidth, stride, padding } = sizes;
  const col = pixel % outWidth, above = (pixel - col) / outWidth, row = above % outHeight, image = (above - row) / outHeight, at = 2 * (pixel * kernelHeight * kernelWidth + tap);
  const y = row * stride - padding + Math.floor(tap / kernelWidth) + offsets[at]!, x = col * stride - padding + tap % kernelWidth + offsets[at + 1]!;
  if (!(y >= -1 && y < height && x >= -1 && x < width)) {
    sample.corners.fill(-1);
    sample.fractionY = sample.fractionX = Number.isNaN(y) || Number.isNaN(x) ? NaN : 0;
    return;
  }
  const top = Math.floor(y), left = Math.floor(x);
  for (let i = 0; i < 4; i++) {
    const cy = top + (i >> 1), cx = left + (i & 1);
    sample.corners[i] = cy >= 0 && cy < height && cx >= 0 && cx < width ? (image * height + cy) * width + cx : -1;
  }
  sample.fractionY = y - top;
  sample.fractionX = x - left;
}

const newSample = (): DeformSample => ({ corners: new Int32Array(4), fractionY: 0, fractionX: 0 });

/**
 * Reference kernel: `columns[p - begin, t] = mask[p, t] x(position of t at p)`, x read bilinearly and zero beyond the image: what a plain product
 * with the weights makes a convolution of. Overwrites the rows of the range. An offset that is NaN gives NaN; one that is infinite reads zero.
 *
 * @param columns - `[end - begin, kh kw, I]`
 */
export function deformSampleImpl({ x, offsets, mask }: DeformInputs, columns: FloatArray, { begin, end }: PixelRange, sizes: DeformSizes): void {
  const { inputs } = sizes, taps = sizes.kernelHeight * sizes.kernelWidth, sample = newSample(), { corners } = sample;
  for (let p = begin, at = 0; p < end; p++) {
    for (let t = 0; t < taps; t++, at += inputs) {
      locateSample(offsets, p, t, sizes, sample);
      const { fractionY, fractionX } = sample, amount = mask[p * taps + t]!;
      for (let c = 0; c < inputs; c++) columns[at + c] = 0 * fractionY;
      for (let i = 0; i < 4; i++) {
        const source = corners[i]! * inputs, share = (i & 2 ? fractionY : 1 - fractionY) * (i & 1 ? fractionX : 1 - fractionX);
        if (source >= 0) for (let c = 0; c < inputs; c++) columns[at + c]! += share * x[source + c]!;
      }
      for (let c = 0; c < inputs; c++) columns[at + c]! *= amount;
    }
  }
}

/**
 * Reference kernel: the gradients by what {@link deformSampleImpl} reads. With `g` of a tap's sample: `dMask = g . sample without mask`, `dx` at each
 * corner `+= mask share g`, and `dOffsets = mask g . (slope of x by y, by x)`. Adds to dx; overwrites dOffsets and dMask of the range.
 *
 * @param dColumns - `[end - begin, kh kw, I]`
 */
export function deformScatterImpl({ x, offsets, mask }: DeformInputs, dColumns: FloatArray, { dx, dOffsets, dMask }: DeformGradient, { begin, end }: PixelRange, sizes: DeformSizes): void {
  const { inputs } = sizes, taps = sizes.kernelHeight * sizes.kernelWidth, sample = newSample(), { corners } = sample, dots = new Float64Array(4);
  for (let p = begin, from = 0; p < end; p++) {
    for (let t = 0; t < taps; t++, from += inputs) {
      locateSample(offsets, p, t, sizes, sample);
      const { fractionY: fy, fractionX: fx } = sample, at = p * taps + t, amount = mask[at]!;

      // (1) To x, and on the way the products of g with x at the four corners.
      for (let i = 0; i < 4; i++) {
        const target = corners[i]! * inputs, share = amount * (i & 2 ? fy : 1 - fy) * (i & 1 ? fx : 1 - fx);
        let dot = 0;
        if (target >= 0) {
          for (let c = 0; c < inputs; c++) {
            dot += dColumns[from + c]! * x[target + c]!;
            dx[target + c]! += share * dColumns[from + c]!;
          }
        }
        dots[i] = dot;
      }

      // (2) To the mask and the position, by those products.
      const [d0, d1, d2, d3] = dots as unknown as [number, number, number, number];
      dMask[at] = (1 - fy) * ((1 - fx) * d0 + fx * d1) + fy * ((1 - fx) * d2 + fx * d3);
      dOffsets[2 * at] = amount * ((1 - fx) * (d2 - d0) + fx * (d3 - d1));
      dOffsets[2 * at + 1] = amount * ((1 - fy) * (d1 - d0) + fy * (d3 - d2));
    }
  }
}
