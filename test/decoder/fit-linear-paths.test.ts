import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { solveLinearPath, setLinearPath } from '../../src/decoder/fit-linear-paths.ts';
import { MeshDecoder } from '../../src/decoder/mesh-decoder.ts';
import { csrTimesDense } from '../../src/sparse/csr-times-dense.ts';
import { BACKENDS } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { normals } from '../support/graphs.ts';
import { sphereHierarchy, sphereStatistics } from './support.ts';

const L = 7, V = 642, hierarchy = sphereHierarchy(), statistics = sphereStatistics();
const config = { latentSize: L, order: 3, filters: [8, 6, 4], linearShapeLevel: 2, linearColorLevel: 1, linearColorRank: 3 } as const;
const weight = new Float32Array(V).map((_, v) => 1 + v % 5);

beforeAll(() => BACKENDS.wasm());

/** `[L, 3V]`: s U M, the covariance with a target that the path can make. */
function covarianceOf(decoder: MeshDecoder, name: 'linearShape' | 'linearColor', M: Float64Array, scale: Float32Array): Float32Array {
  const up = decoder.injectionMatrix(name), coarse = up.shape[1], covariance = new Float32Array(L * 3 * V);
  for (let j = 0; j < L; j++) {
    csrTimesDense(up, M.slice(j * 3 * coarse, (j + 1) * 3 * coarse), 3).forEach((x, i) => { covariance[j * 3 * V + i] = x * scale[Math.floor(i / 3)]!; });
  }
  return covariance;
}

it('finds the linear model that made the heads, and the decoder then makes them', () => tf.tidy(() => {
  const decoder = new MeshDecoder(hierarchy, statistics, config, 1), up = decoder.injectionMatrix('linearShape'), M = normals(L * 3 * up.shape[1], 2);
  const covariance = covarianceOf(decoder, 'linearShape', M, statistics.vertexScale);
  const path = solveLinearPath({ up, scale: statistics.vertexScale, weight, covariance, latentSize: L, rank: null });
  expect(path.reduce).toBeNull();
  expectClose(path.weight, M, { rtol: 1e-4, atol: 1e-4 });
  setLinearPath(decoder, 'linearShape', path);
  const last = decoder.parameters['cheb.3.weight']!;
  last.assign(tf.zerosLike(last));
  const z = normals(L, 9), { vertices } = decoder.decode(tf.tensor2d(Float32Array.from(z), [1, L]));
  expectClose(vertices.dataSync(), statistics.vertices.map((mean, i) => z.reduce((sum, x, j) => sum + x * covariance[j * 3 * V + i]!, mean)), { rtol: 1e-4, atol: 1e-4 });
  decoder.dispose();
}));

it('keeps the rank that matters, and a lower rank only loses', () => {
  const decoder = new MeshDecoder(hierarchy, statistics, config, 1), up = decoder.injectionMatrix('linearColor'), coarse = up.shape[1];
  const [left, right] = [normals(L * 3, 5), normals(3 * 3 * coarse, 6)], M = new Float64Array(L * 3 * coarse);
  for (let j = 0; j < L; j++) for (let r = 0; r < 3; r++) for (let i = 0; i < 3 * coarse; i++) M[j * 3 * coarse + i]! += left[3 * j + r]! * right[r * 3 * coarse + i]!;
  const problem = { up, scale: statistics.colorScale, weight, covariance: covarianceOf(decoder, 'linearColor', M, statistics.colorScale), latentSize: L };
  const product = (rank: number): Float64Array => {
    const path = solveLinearPath({ ...problem, rank }), out = new Float64Array(L * 3 * coarse);
    for (let j = 0; j < L; j++) for (let r = 0; r < rank; r++) for (let i = 0; i < 3 * coarse; i++) out[j * 3 * coarse + i]! += path.reduce![j * rank + r]! * path.weight[r * 3 * coarse + i]!;
    return out;
  };
  const error = (rank: number): number => product(rank).reduce((sum, x, i) => sum + (x - M[i]!) ** 2, 0);
  expect(error(3)).toBeLessThan(1e-5 * error(1));
  expect(error(2)).toBeLessThan(error(1));
  const path = solveLinearPath({ ...problem, rank: 3 }), gram = Array.from({ length: 9 }, (_, at) => Array.from({ length: L }, (_, j) => path.reduce![3 * j + Math.floor(at / 3)]! * path.reduce![3 * j + at % 3]!).reduce((a, b) => a + b));
  expectClose(gram, [1, 0, 0, 0, 1, 0, 0, 0, 1], { rtol: 1e-5, atol: 1e-5 });
  setLinearPath(decoder, 'linearColor', path);
  expect(decoder.parameters['linearColorReduce.weight']!.shape).toEqual([L, 3]);
  decoder.dispose();
});
