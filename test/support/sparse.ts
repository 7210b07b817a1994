import { createRandom } from '../../src/core/random.ts';
import { csrFromTriplets } from '../../src/sparse/csr-from-triplets.ts';
import type { CsrMatrix, FloatArray } from '../../src/sparse/csr-matrix.ts';

/** The rows of a sparse matrix as arrays. */
export function densify({ shape: [rows, cols], rowPtr, colIndex, values }: CsrMatrix<FloatArray>): number[][] {
  const out = Array.from({ length: rows }, () => new Array<number>(cols).fill(0));
  for (let r = 0; r < rows; r++) for (let p = rowPtr[r]!; p < rowPtr[r + 1]!; p++) out[r]![colIndex[p]!] = values[p]!;
  return out;
}

/** A seeded matrix with about 40 % of its entries set, from a normal distribution. */
export function randomCsr(rows: number, cols: number, seed: number): CsrMatrix<Float64Array> {
  const random = createRandom(seed), r: number[] = [], c: number[] = [], v: number[] = [];
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) if (random.uniform() < 0.4) { r.push(i); c.push(j); v.push(random.normal()); }
  return csrFromTriplets([rows, cols], r, c, Float64Array.from(v));
}

/** The adjacency of a seeded random graph whose last vertex is isolated; weights 1 unless asked. */
export function randomGraph(size: number, seed: number, { density = 0.3, weighted = false } = {}): CsrMatrix<Float64Array> {
  const random = createRandom(seed), r: number[] = [], c: number[] = [], v: number[] = [];
  for (let i = 0; i < size - 1; i++) {
    for (let j = 0; j < i; j++) {
      if (random.uniform() >= density) continue;
      const weight = weighted ? random.uniform(0.5, 2) : 1;
      r.push(i, j); c.push(j, i); v.push(weight, weight);
    }
  }
  return csrFromTriplets([size, size], r, c, Float64Array.from(v));
}
