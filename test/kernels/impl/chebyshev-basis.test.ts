import { eigs, matrix as mathMatrix } from 'mathjs';
import { describe, expect, it } from 'vitest';
import { chebyshevBasisAdjointImpl, chebyshevBasisImpl } from '../../../src/kernels/impl/chebyshev-basis.ts';
import { laplacian, scaledLaplacian } from '../../../src/mesh/laplacian.ts';
import { transposeCsr } from '../../../src/sparse/csr-matrix.ts';
import { expectClose } from '../../support/close.ts';
import { LAPLACIANS, normals, randomLaplacian } from '../../support/graphs.ts';
import { densify, randomGraph } from '../../support/sparse.ts';

const V = 13, C = 3, B = 2, K = 6;

/** U T_k(Lambda) U^T x of a symmetric matrix, T_k(l) = cos(k arccos l). */
function spectralFilter(symmetric: number[][], x: Float64Array, k: number): Float64Array {
  const out = new Float64Array(x.length);
  for (const { value, vector } of eigs(mathMatrix(symmetric), { precision: 1e-15 }).eigenvectors) {
    const u = (vector as unknown as { toArray(): number[] }).toArray(), norm = u.reduce((s, y) => s + y * y, 0);
    const t = Math.cos(k * Math.acos(Math.max(-1, Math.min(1, value as number))));
    for (let b = 0; b < B; b++) {
      for (let c = 0; c < C; c++) {
        const dot = u.reduce((s, y, v) => s + y * x[(b * V + v) * C + c]!, 0);
        u.forEach((y, v) => { out[(b * V + v) * C + c]! += t * dot * y / norm; });
      }
    }
  }
  return out;
}

const slice = (basis: Float64Array, k: number): Float64Array =>
  Float64Array.from({ length: B * V * C }, (_, i) => basis[(Math.floor(i / C) * K + k) * C + i % C]!);

describe('chebyshevBasisImpl is U T_k(Lambda) U^T x', () => {
  it.each([1, 2, 3])('for the symmetric kinds, graph %i', (seed) => {
    for (const kind of ['sym', 'combinatorial'] as const) {
      const A = randomLaplacian(V, seed, kind), x = normals(B * V * C, seed), basis = new Float64Array(B * V * K * C).fill(NaN);
      chebyshevBasisImpl(A, x, B, C, K, basis);
      for (let k = 0; k < K; k++) expectClose(slice(basis, k), spectralFilter(densify(A), x, k), { rtol: 1e-12, atol: 1e-12 });
    }
  });

  it.each([1, 2])('for rw, which D^1/2 makes symmetric, graph %i', (seed) => {
    const graph = randomGraph(V, seed), degree = densify(graph).map((row) => row.reduce((s, w) => s + w, 0) || 1);
    const A = scaledLaplacian(laplacian(graph, 'rw')), x = normals(B * V * C, seed), basis = new Float64Array(B * V * K * C).fill(NaN);
    chebyshevBasisImpl(A, x, B, C, K, basis);
    const symmetric = densify(A).map((row, r) => row.map((w, c) => w * Math.sqrt(degree[r]! / degree[c]!)));
    symmetric.forEach((row, r) => row.forEach((w, c) => { symmetric[r]![c] = symmetric[c]![r] = (w + symmetric[c]![r]!) / 2; })); // rounding
    const scaled = x.map((value, i) => value * Math.sqrt(degree[Math.floor(i / C) % V]!));
    for (let k = 0; k < K; k++) {
      const expected = spectralFilter(symmetric, scaled, k).map((value, i) => value / Math.sqrt(degree[Math.floor(i / C) % V]!));
      expectClose(slice(basis, k), expected, { rtol: 1e-12, atol: 1e-12 });
    }
  });
});

it.each(LAPLACIANS)('chebyshevBasisAdjointImpl is the adjoint for %s: <basis x, y> = <x, adjoint y>', (kind) => {
  for (const order of [1, 2, 3, K]) {
    const A = randomLaplacian(V, 7, kind), x = normals(B * V * C, 1), y = normals(B * V * order * C, 2);
    const basis = new Float64Array(y.length).fill(NaN), adjoint = new Float64Array(x.length).fill(NaN);
    chebyshevBasisImpl(A, x, B, C, order, basis);
    chebyshevBasisAdjointImpl(transposeCsr(A), y, B, C, order, adjoint);
    const dot = (a: Float64Array, b: Float64Array): number => a.reduce((s, value, i) => s + value * b[i]!, 0);
    expectClose([dot(basis, y)], [dot(x, adjoint)], { rtol: 1e-12, atol: 1e-12 });
  }
});

it('a Laplacian whose transpose differs makes the adjoint differ', () => {
  const A = randomLaplacian(V, 7, 'rw'), y = normals(B * V * K * C, 2);
  const right = new Float64Array(B * V * C), wrong = new Float64Array(B * V * C);
  chebyshevBasisAdjointImpl(transposeCsr(A), y, B, C, K, right);
  chebyshevBasisAdjointImpl(A, y, B, C, K, wrong);
  expect(() => expectClose(wrong, right)).toThrow();
});
