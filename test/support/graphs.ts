import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { createRandom } from '../../src/core/random.ts';
import { laplacian, type LaplacianKind, scaledLaplacian } from '../../src/mesh/laplacian.ts';
import type { CsrMatrix } from '../../src/sparse/csr-matrix.ts';
import { randomGraph } from './sparse.ts';

export const LAPLACIANS = ['sym', 'rw', 'combinatorial'] as const satisfies readonly LaplacianKind[];

/** The scaled Laplacian of a seeded random graph whose last vertex is isolated. */
export function randomLaplacian(size: number, seed: number, kind: LaplacianKind): CsrMatrix<Float64Array> {
  return scaledLaplacian(laplacian(randomGraph(size, seed), kind), kind === 'combinatorial' ? 'auto' : 2);
}

/** Sizes of a fuzzed Chebyshev convolution: a single vertex, channels that are not whole vectors, several samples. */
export const chebSizes = fc.record({
  kind: fc.constantFrom(...LAPLACIANS), seed: fc.integer({ min: 0, max: 1e6 }), vertices: fc.integer({ min: 1, max: 70 }),
  batch: fc.integer({ min: 1, max: 3 }), inputs: fc.constantFrom(1, 3, 4, 6, 8, 16, 19, 32), outputs: fc.constantFrom(1, 2, 4, 6, 8, 13, 16, 32),
  order: fc.integer({ min: 1, max: 7 }),
});

/** `length` seeded normal numbers. */
export function normals(length: number, seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length }, () => random.normal());
}

/** Leaves freed memory of the backend full of NaN, so that a kernel that reads what it did not write is seen. */
export function poisonFreedMemory(): void {
  const sizes = [64, 256, 1024, 4096, 16384, 65536];
  tf.dispose(sizes.flatMap((size) => [tf.fill([size], NaN), tf.fill([size], NaN)]));
}
