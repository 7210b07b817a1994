import { expect, it } from 'vitest';
import { conjugateGradient } from '../../src/sparse/conjugate-gradient.ts';
import { csrFromTriplets } from '../../src/sparse/csr-from-triplets.ts';
import { transposeCsr } from '../../src/sparse/csr-matrix.ts';
import { csrTimesDense } from '../../src/sparse/csr-times-dense.ts';
import { multiplyCsr } from '../../src/sparse/multiply-csr.ts';
import { expectClose } from '../support/close.ts';
import { normals } from '../support/graphs.ts';
import { randomCsr } from '../support/sparse.ts';

it('solves for every column, one of them zero', () => {
  const half = randomCsr(30, 17, 3), matrix = multiplyCsr(transposeCsr(half), half);
  const x = normals(17 * 4, 5).map((value, i) => (i % 4 === 2 ? 0 : value));
  expectClose(conjugateGradient(matrix, csrTimesDense(matrix, x, 4), 4, { tolerance: 1e-13 }), x, { rtol: 1e-9, atol: 1e-9 });
});

it('refuses what is not square, not definite or does not converge', () => {
  const matrix = csrFromTriplets([2, 2], [0, 0, 1, 1], [0, 1, 0, 1], Float64Array.of(1, 2, 2, 1));
  expect(() => conjugateGradient(matrix, Float64Array.of(1, -1), 1)).toThrow('conjugateGradient: expected matrix to have only positive eigenvalues');
  expect(() => conjugateGradient(csrFromTriplets([2, 2], [0], [0], Float64Array.of(1)), Float64Array.of(1, 1), 1)).toThrow('matrix row 1 to have a positive diagonal');
  expect(() => conjugateGradient(randomCsr(3, 2, 1), new Float64Array(3), 1)).toThrow('as many columns as rows, got [3,2]');
  expect(() => conjugateGradient(matrix, new Float64Array(3), 1)).toThrow('right to have length 2 x 1, got 3');
  const half = randomCsr(30, 17, 3);
  expect(() => conjugateGradient(multiplyCsr(transposeCsr(half), half), normals(17, 1), 1, { maxIterations: 2 })).toThrow('enough of them to converge, got 2');
});
