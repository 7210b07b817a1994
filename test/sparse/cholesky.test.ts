import { expect, it } from 'vitest';
import { Cholesky } from '../../src/sparse/cholesky.ts';
import { normals } from '../support/graphs.ts';

it('factors A = C C^T: backward(forward(b)) solves A x = b, and forward makes A the unit matrix', () => {
  const n = 12, b = normals(n * n, 5), dot = (x: ArrayLike<number>, y: ArrayLike<number>): number => Array.from(x).reduce((s, v, i) => s + v * y[i]!, 0);
  const row = (i: number): number[] => Array.from({ length: n }, (_, k) => b[i * n + k]!);
  const A = Float64Array.from({ length: n * n }, (_, at) => dot(row(Math.floor(at / n)), row(at % n)) + (at % (n + 1) === 0 ? 0.1 : 0)), before = A.slice();
  const chol = new Cholesky(A, n), right = Float64Array.from(normals(n, 6)), x = chol.backward(chol.forward(right));
  expect(A).toEqual(before);
  for (let i = 0; i < n; i++) expect(dot(A.subarray(i * n, (i + 1) * n), x)).toBeCloseTo(right[i]!, 9);
  const y = chol.forward(right), z = chol.backward(right);
  expect(dot(y, y)).toBeCloseTo(dot(right, x), 9);
  expect(dot(z, Array.from({ length: n }, (_, i) => dot(A.subarray(i * n, (i + 1) * n), z)))).toBeCloseTo(dot(right, right), 9);
});

it('refuses a matrix that is not positive, with the row', () => {
  expect(() => new Cholesky([1, 0, 0, -2], 2)).toThrow('Cholesky: expected matrix to have positive pivots, got -2 in row 1');
  expect(() => new Cholesky([NaN], 1)).toThrow('got NaN in row 0');
});
