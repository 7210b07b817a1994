import * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import { createRandom } from '../core/random.ts';
import { runKernel } from '../kernels/registry.ts';
import { linear } from '../ops/linear.ts';
import { symmetricEigen } from '../sparse/symmetric-eigen.ts';
import type { WorkHooks } from './head-samples.ts';

/** A tall matrix whose rows have mean zero, read a block at a time. */
export interface RowSource {
  /** N. */
  readonly count: number;
  /** D. */
  readonly size: number;
  /** `[count, D]` from row `first`. */
  rows(first: number, count: number): Float32Array;
}

/** The directions in which rows vary most. */
export interface PrincipalComponents {
  /** `[rank, D]` orthonormal rows, most variance first. */
  readonly components: Float32Array;
  /** `[rank]` variance along each. */
  readonly variances: Float64Array;
}

/** Options of {@link principalComponents}. */
export interface PrincipalComponentsOptions {
  /** Directions carried along beyond `rank`, so that the last ones converge. */
  readonly oversampling: number;
  /** Times that all rows are read. */
  readonly passes: number;
  readonly seed: number;
}

export const PRINCIPAL_COMPONENTS_DEFAULTS: PrincipalComponentsOptions = { oversampling: 32, passes: 3, seed: 0 };

/** Rows on the backend at a time. */
const BLOCK = 128;

/**
 * Principal components by block subspace iteration on the active backend: each pass multiplies a block of directions by the
 * covariance, a block of rows at a time; Rayleigh-Ritz at the end. Cost: 2 N D (rank + oversampling) products a pass.
 *
 * Halko, Martinsson and Tropp, "Finding Structure with Randomness", SIAM Review 2011, algorithm 4.4.
 *
 * @throws {@link ArgumentError} if there are fewer than `rank` rows or columns; the signal's reason.
 */
export async function principalComponents(source: RowSource, rank: number, options?: Partial<PrincipalComponentsOptions>, { signal, onProgress }: WorkHooks = {}): Promise<PrincipalComponents> {
  const { count: N, size: D } = source, { oversampling, passes, seed } = resolveOptions('principalComponents', PRINCIPAL_COMPONENTS_DEFAULTS, options);
  if (!(rank >= 1 && rank <= Math.min(N, D))) throw new ArgumentError('principalComponents', 'rank', `a number of components in [1, ${Math.min(N, D)}]`, `${rank}`);
  const L = Math.min(rank + oversampling, N, D), random = createRandom(seed), start = performance.now();
  let basis: Float32Array = Float32Array.from({ length: L * D }, () => random.normal()), image = basis;
  for (let pass = 0; pass < passes; pass++) {
    basis = orthonormalRows(image, L, D, random);
    const columns = tf.tidy(() => tf.transpose(tf.tensor2d(basis, [L, D])));
    let sum: tf.Tensor = tf.zeros([L, D]);
    for (let first = 0; first < N; first += BLOCK) {
      const block = Math.min(BLOCK, N - first), old = sum;
      sum = tf.tidy(() => {
        const x = tf.tensor2d(source.rows(first, block), [block, D]);
        return old.add(runKernel('LinearBackpropWeights', { x: linear(x, columns as tf.Tensor2D, null), dy: x }));
      });
      old.dispose();
      if ((first / BLOCK) % 4 === 3) {
        onProgress?.({ label: 'principal components', done: pass * N + first + block, total: passes * N, seconds: (performance.now() - start) / 1000 });
        await new Promise((resolve) => setTimeout(resolve));
        if (signal?.aborted) tf.dispose([sum, columns]);
        signal?.throwIfAborted();
      }
    }
    image = sum.dataSync<'float32'>().slice();
    tf.dispose([sum, columns]);
  }
  // Rayleigh-Ritz: the covariance within the subspace is small and dense.
  const inner = new Float64Array(L * L);
  for (let i = 0; i < L; i++) for (let j = 0; j < L; j++) inner[i * L + j] = dot(basis, i * D, image, j * D, D) / N;
  const { values, vectors } = symmetricEigen(inner.map((x, at) => (x + inner[(at % L) * L + Math.floor(at / L)]!) / 2), L);
  const components = new Float32Array(rank * D), variances = new Float64Array(rank);
  for (let r = 0; r < rank; r++) {
    variances[r] = Math.max(0, values[L - 1 - r]!);
    const row = new Float64Array(D);
    for (let i = 0; i < L; i++) {
      const w = vectors[i * L + L - 1 - r]!;
      for (let d = 0; d < D; d++) row[d]! += w * basis[i * D + d]!;
    }
    components.set(row, r * D);
  }
  return { components, variances };
}

function dot(a: Float32Array | Float64Array, at: number, b: Float32Array | Float64Array, bt: number, length: number): number {
  let sum = 0;
  for (let d = 0; d < length; d++) sum += a[at + d]! * b[bt + d]!;
  return sum;
}

// Modified Gram-Schmidt, twice; a row that the others span is replaced by a random one.
function orthonormalRows(matrix: Float32Array, rows: number, size: number, random: { normal(): number }): Float32Array {
  const q = Float64Array.from(matrix);
  for (let i = 0; i < rows; i++) {
    for (let attempt = 0; attempt < 4; attempt++) {
      const before = Math.sqrt(dot(q, i * size, q, i * size, size));
      for (let sweep = 0; sweep < 2; sweep++) {
        for (let j = 0; j < i; j++) {
          const share = dot(q, i * size, q, j * size, size);
          for (let d = 0; d < size; d++) q[i * size + d]! -= share * q[j * size + d]!;
        }
      }
      const norm = Math.sqrt(dot(q, i * size, q, i * size, size));
      if (norm > 1e-6 * before) {
        for (let d = 0; d < size; d++) q[i * size + d]! /= norm;
        break;
      }
      for (let d = 0; d < size; d++) q[i * size + d] = random.normal();
    }
  }
  return Float32Array.from(q);
}
