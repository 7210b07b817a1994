import { createRandom } from '../../src/core/random.ts';
import type { DeformSizes } from '../../src/kernels/impl/deform-sample.ts';
import { normals } from './graphs.ts';

/** Sizes of a deformable convolution with the output that a plain one would have. */
export function sizesFor(given: Omit<DeformSizes, 'outHeight' | 'outWidth'>): DeformSizes {
  const along = (size: number, kernel: number): number => Math.floor((size + 2 * given.padding - kernel) / given.stride) + 1;
  return { ...given, outHeight: along(given.height, given.kernelHeight), outWidth: along(given.width, given.kernelWidth) };
}

/** Seeded values: offsets of up to `reach` pixels whose fractions stay 0.1 away from grid lines, masks in [0, 2). */
export function deformValues(sizes: DeformSizes, seed: number, reach = 3) {
  const { batch, height, width, inputs, outputs, kernelHeight, kernelWidth, outHeight, outWidth } = sizes, taps = kernelHeight * kernelWidth, pixels = batch * outHeight * outWidth;
  const random = createRandom(seed);
  return {
    x: normals(batch * height * width * inputs, seed + 1), weights: normals(taps * inputs * outputs, seed + 2), bias: normals(outputs, seed + 3),
    dy: normals(pixels * outputs, seed + 4), mask: Float64Array.from({ length: pixels * taps }, () => random.uniform(0, 2)),
    offsets: Float64Array.from({ length: 2 * pixels * taps }, () => Math.floor(random.uniform(-reach, reach)) + random.uniform(0.1, 0.9)),
  };
}
