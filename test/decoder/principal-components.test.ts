import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { principalComponents } from '../../src/decoder/principal-components.ts';
import { symmetricEigen } from '../../src/sparse/symmetric-eigen.ts';
import { describeOnBackends } from '../support/backends.ts';
import { normals } from '../support/graphs.ts';

const N = 300, D = 42;

/** Rows with deviations 1, 1/1.2, 1/1.2^2 ... along mixed directions. */
function rowsOf(): Float32Array {
  const mix = normals(D * D, 4), z = normals(N * D, 5);
  return Float32Array.from({ length: N * D }, (_, at) => {
    let sum = 0;
    for (let j = 0; j < D; j++) sum += z[Math.floor(at / D) * D + j]! * 1.2 ** -j * mix[j * D + at % D]!;
    return sum;
  });
}

describeOnBackends('principalComponents', () => {
  it('agrees with the eigenvectors of the covariance, and leaves no tensor behind', async () => {
    const x = rowsOf(), covariance = new Float64Array(D * D);
    for (let n = 0; n < N; n++) for (let i = 0; i < D; i++) for (let j = 0; j < D; j++) covariance[i * D + j]! += x[n * D + i]! * x[n * D + j]! / N;
    const { values, vectors } = symmetricEigen(covariance, D), source = { count: N, size: D, rows: (first: number, count: number) => x.subarray(first * D, (first + count) * D) };
    const before = tf.memory().numTensors, found = await principalComponents(source, 6, { passes: 6, oversampling: 10 });
    expect(tf.memory().numTensors).toBe(before);
    for (let r = 0; r < 6; r++) {
      expect(found.variances[r]! / values[D - 1 - r]!).toBeCloseTo(1, 4);
      let cosine = 0;
      for (let d = 0; d < D; d++) cosine += found.components[r * D + d]! * vectors[d * D + D - 1 - r]!;
      expect(Math.abs(cosine)).toBeCloseTo(1, 3);
    }
    expect(await principalComponents(source, 6, { passes: 6, oversampling: 10 })).toEqual(found);
  });
});

it('copes with rows of low rank and refuses a rank beyond them', async () => {
  const x = new Float32Array(10 * 8);
  for (let i = 0; i < 10; i++) x[8 * i + 3] = i - 4.5;
  const source = { count: 10, size: 8, rows: (first: number, count: number) => x.subarray(first * 8, (first + count) * 8) };
  const { variances } = await principalComponents(source, 4);
  expect(variances[0]).toBeCloseTo(8.25, 4);
  expect(variances[1]).toBeLessThan(1e-6);
  await expect(principalComponents(source, 9)).rejects.toThrow('principalComponents: expected rank to have a number of components in [1, 8], got 9');
});
