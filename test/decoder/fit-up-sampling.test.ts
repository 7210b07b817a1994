import { expect, it } from 'vitest';
import { solveLinearPath } from '../../src/decoder/fit-linear-paths.ts';
import { fitUpSampling } from '../../src/decoder/fit-up-sampling.ts';
import { upSamplingToInput } from '../../src/decoder/level-operators.ts';
import { upSamplingPattern } from '../../src/decoder/up-sampling-pattern.ts';
import { csrTimesDense } from '../../src/sparse/csr-times-dense.ts';
import type { CsrMatrix } from '../../src/sparse/csr-matrix.ts';
import { normals } from '../support/graphs.ts';
import { sphereHierarchy, sphereStatistics } from './support.ts';

const hierarchy = sphereHierarchy(), V = 642, L = 9, { vertexScale: scale } = sphereStatistics();

it('a pattern holds the barycentric corners first, then what is around them', () => {
  const up = upSamplingToInput(hierarchy, 1), pattern = upSamplingPattern(hierarchy, 1, 5);
  for (let v = 0; v < V; v++) {
    const mine = [...pattern.colIndex.slice(pattern.rowPtr[v], pattern.rowPtr[v + 1])];
    expect(mine).toHaveLength(5);
    expect(mine).toEqual([...mine].sort((a, b) => a - b));
    const heavy = [...up.colIndex.slice(up.rowPtr[v], up.rowPtr[v + 1])].filter((_, i) => up.values[up.rowPtr[v]! + i]! > 0.1);
    for (const c of heavy) expect(mine).toContain(c);
  }
});

it('fits detail that barycentric weights cannot make', () => {
  const pattern = upSamplingPattern(hierarchy, 1, 5), coarse = pattern.shape[1], M = normals(L * 3 * coarse, 3), noise = normals(pattern.values.length, 4);
  const made = { ...pattern, values: noise.map((x) => 0.3 + 0.3 * x) }, covariance = new Float32Array(L * 3 * V);
  for (let j = 0; j < L; j++) csrTimesDense(made, M.slice(j * 3 * coarse, (j + 1) * 3 * coarse), 3).forEach((x, i) => { covariance[j * 3 * V + i] = x * scale[Math.floor(i / 3)]!; });
  const problem = { up: upSamplingToInput(hierarchy, 1), scale, weight: new Float32Array(V).fill(1), covariance, latentSize: L, rank: null };
  const error = (up: CsrMatrix<Float64Array>, weight: Float32Array): number => {
    let sum = 0;
    for (let j = 0; j < L; j++) csrTimesDense(up, Float64Array.from(weight.subarray(j * 3 * coarse, (j + 1) * 3 * coarse)), 3).forEach((x, i) => { sum += (x * scale[Math.floor(i / 3)]! - covariance[j * 3 * V + i]!) ** 2; });
    return sum;
  };
  const plain = error(problem.up, solveLinearPath(problem).weight);
  const after = [1, 4].map((rounds) => {
    const { path, weights } = fitUpSampling(pattern, problem, rounds);
    return error({ ...pattern, values: Float64Array.from(weights) }, path.weight);
  });
  expect(after[0]).toBeLessThan(0.5 * plain);
  expect(after[1]).toBeLessThan(after[0]!);
});
