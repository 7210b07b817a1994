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

/** Where one tap of one output pixel reads. */
export interface DeformSample {
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
export function locateSample(offsets: FloatArray, pixel: number, tap: number, sizes: DeformSizes, sample: DeformSample): void {
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
