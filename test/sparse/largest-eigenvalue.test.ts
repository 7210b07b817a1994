import fc from 'fast-check';
import { all, create } from 'mathjs';
import { describe, expect, it } from 'vitest';
import { laplacian } from '../../src/mesh/laplacian.ts';
import { csrFromTriplets } from '../../src/sparse/csr-from-triplets.ts';
import { largestEigenvalue } from '../../src/sparse/largest-eigenvalue.ts';
import { symmetricEigen } from '../../src/sparse/symmetric-eigen.ts';
import { symmetrizeCsr } from '../../src/sparse/symmetrize-csr.ts';
import { expectClose } from '../support/close.ts';
import { densify, randomCsr, randomGraph } from '../support/sparse.ts';

const math = create(all!);
const eigenvalues = (rows: number[][]): number[] => (math.eigs(rows).values as number[]).map(Number).sort((a, b) => a - b);

describe('symmetricEigen', () => {
  it('agrees with mathjs and diagonalises', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 9 }), fc.integer(), (n, seed) => {
      const rows = densify(randomCsr(n, n, seed)), a = rows.map((row, i) => row.map((x, j) => x + rows[j]![i]!));
      const { values, vectors } = symmetricEigen(Float64Array.from(a.flat()), n);
      expectClose(values, eigenvalues(a), { rtol: 1e-11, atol: 1e-11 });
      const image = math.multiply(a, Array.from({ length: n }, (_, i) => [...vectors.slice(i * n, i * n + n)])) as number[][];
      expectClose(image.flat(), vectors.map((x, e) => x * values[e % n]!), { rtol: 1e-11, atol: 1e-11 });
    }), { numRuns: 40, seed: 3 });
  });
});

describe('largestEigenvalue', () => {
  it('agrees with mathjs on random graphs, for all three Laplacians', () => {
    fc.assert(fc.property(fc.integer({ min: 2, max: 24 }), fc.integer(), fc.boolean(), (size, seed, weighted) => {
      for (const kind of ['sym', 'rw', 'combinatorial'] as const) {
        const matrix = symmetrizeCsr(laplacian(randomGraph(size, seed, { weighted }), kind));
        const { value, residual } = largestEigenvalue(matrix);
        expectClose([value], [eigenvalues(densify(matrix)).at(-1)!], { rtol: 1e-10, atol: 1e-12 });
        expect(residual).toBeLessThan(1e-7);
      }
    }), { numRuns: 25, seed: 4 });
  });

  it('takes the rightmost, not the largest in size, and restarts when it must', () => {
    const path = 400, n = Array.from({ length: path }, (_, i) => i);
    const chain = csrFromTriplets([path, path], [...n.slice(1), ...n.slice(0, -1)], [...n.slice(0, -1), ...n.slice(1)], new Float64Array(2 * path - 2).fill(1));
    const exact = 2 * Math.cos(Math.PI / (path + 1));
    expectClose([largestEigenvalue(chain).value], [exact], { rtol: 1e-10, atol: 0 });
    const negative = csrFromTriplets([2, 2], [0, 1], [0, 1], Float64Array.of(-5, -3));
    expectClose([largestEigenvalue(negative).value], [-3], { rtol: 1e-12, atol: 0 });
  });

  it('knows the zero matrix and one vertex', () => {
    expect(largestEigenvalue(csrFromTriplets([3, 3], [], [], new Float64Array(0)))).toEqual({ value: 0, residual: 0 });
    expect(largestEigenvalue(csrFromTriplets([1, 1], [0], [0], Float64Array.of(-7))).value).toBeCloseTo(-7, 12);
  });

  it('refuses an empty matrix, a rectangle, and says when it has not converged', () => {
    expect(() => largestEigenvalue(randomCsr(2, 3, 1))).toThrow('a square shape of at least [1, 1], got [2,3]');
    expect(() => largestEigenvalue(csrFromTriplets([0, 0], [], [], new Float64Array(0)))).toThrow('a square shape');
    expect(() => largestEigenvalue(laplacian(randomGraph(40, 1)), { steps: 2, maxRestarts: 2 })).toThrow('within 2 restarts');
  });

  it('gives the same bits twice', () => {
    const matrix = laplacian(randomGraph(30, 9));
    expect(largestEigenvalue(matrix)).toEqual(largestEigenvalue(matrix));
  });
});

describe('symmetrizeCsr', () => {
  it('turns rw into sym', () => {
    const graph = randomGraph(12, 5, { weighted: true });
    expectClose(symmetrizeCsr(laplacian(graph, 'rw')).values, laplacian(graph, 'sym').values, { rtol: 1e-12, atol: 1e-14 });
  });

  it('refuses a matrix that no scaling makes symmetric', () => {
    const cycle = csrFromTriplets([3, 3], [0, 1, 2, 1, 2, 0], [1, 2, 0, 0, 1, 2], Float64Array.of(2, 2, 2, 1, 1, 1));
    expect(() => symmetrizeCsr(cycle)).toThrow('a diagonal scaling that makes it symmetric');
    expect(() => symmetrizeCsr(csrFromTriplets([2, 2], [0], [1], Float64Array.of(1)))).toThrow('an entry (j, i) for each entry (i, j)');
    expect(() => symmetrizeCsr(csrFromTriplets([2, 2], [0, 1], [1, 0], Float64Array.of(1, -1)))).toThrow('of one sign, got 1 and -1 at (0, 1)');
    expect(() => symmetrizeCsr(randomCsr(2, 3, 1))).toThrow('a square shape');
  });
});
