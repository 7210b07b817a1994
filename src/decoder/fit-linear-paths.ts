import * as tf from '@tensorflow/tfjs';
import { conjugateGradient } from '../sparse/conjugate-gradient.ts';
import { type CsrMatrix, transposeCsr } from '../sparse/csr-matrix.ts';
import { csrTimesDense } from '../sparse/csr-times-dense.ts';
import { multiplyCsr } from '../sparse/multiply-csr.ts';
import { symmetricEigen } from '../sparse/symmetric-eigen.ts';
import type { MeshDecoder } from './mesh-decoder.ts';

/** A linear path in closed form. */
export interface LinearPath {
  /** `[L, rank]` orthonormal columns, most variance first; `null` where nothing is reduced. */
  readonly reduce: Float32Array | null;
  /** `[rank or L, 3 V_c]`. */
  readonly weight: Float32Array;
}

/** Residual over right-hand side: far below what rounding weights to 16 bits changes. */
const TOLERANCE = 1e-5;

/** Options of {@link solveLinearPath}. */
export interface LinearPathProblem {
  /** U, `[V, V_c]`. */
  readonly up: CsrMatrix<Float64Array>;
  /** s, `[V]`: the path's output is multiplied by it. */
  readonly scale: Float32Array;
  /** `[V]`, what a squared error at a vertex counts. */
  readonly weight: Float32Array;
  /** C, `[L, 3V]`: covariance of the latent, which is white, with the target. */
  readonly covariance: Float32Array;
  readonly latentSize: number;
  readonly rank: number | null;
}

/**
 * The linear path that predicts a target best from a white latent z: M that minimises `E || sqrt(W) (x - s U M z) ||^2`.
 *
 * With E z z^T = I that is `|| sqrt(W) (C^T - s U M) ||^2`, so `(U^T W s^2 U) M = U^T W s C^T`, sparse and positive definite.
 * The best M of a given rank keeps the leading eigenvectors of `C W s U M`, L x L (Eckart and Young in the metric of U).
 */
export function solveLinearPath({ up, scale, weight, covariance, latentSize: L, rank }: LinearPathProblem): LinearPath {
  const [V, coarse] = up.shape, scaled: CsrMatrix<Float64Array> = { ...up, values: up.values.slice() };
  for (let v = 0; v < V; v++) for (let p = up.rowPtr[v]!; p < up.rowPtr[v + 1]!; p++) scaled.values[p]! *= scale[v]! * Math.sqrt(weight[v]!);
  // Columns (k, j): coordinate k, latent number j.
  const target = new Float64Array(V * 3 * L);
  for (let j = 0; j < L; j++) for (let i = 0; i < 3 * V; i++) target[Math.floor(i / 3) * 3 * L + (i % 3) * L + j] = covariance[j * 3 * V + i]! * Math.sqrt(weight[Math.floor(i / 3)]!);
  const transposed = transposeCsr(scaled), right = csrTimesDense(transposed, target, 3 * L);
  const solution = conjugateGradient(multiplyCsr(transposed, scaled), right, 3 * L, { tolerance: TOLERANCE, maxIterations: 5000 });
  const full = new Float32Array(L * 3 * coarse);
  for (let c = 0; c < coarse; c++) for (let k = 0; k < 3; k++) for (let j = 0; j < L; j++) full[j * 3 * coarse + 3 * c + k] = solution[(3 * c + k) * L + j]!;
  if (rank === null) return { reduce: null, weight: full };

  const energy = new Float64Array(L * L);
  for (let row = 0; row < 3 * coarse; row++) {
    for (let i = 0; i < L; i++) for (let j = 0; j < L; j++) energy[i * L + j]! += right[row * L + i]! * solution[row * L + j]!;
  }
  const { vectors } = symmetricEigen(energy.map((x, at) => (x + energy[(at % L) * L + Math.floor(at / L)]!) / 2), L);
  const reduce = Float32Array.from({ length: L * rank }, (_, at) => vectors[Math.floor(at / rank) * L + L - 1 - at % rank]!), reduced = new Float32Array(rank * 3 * coarse);
  for (let j = 0; j < L; j++) for (let r = 0; r < rank; r++) for (let i = 0; i < 3 * coarse; i++) reduced[r * 3 * coarse + i]! += reduce[j * rank + r]! * full[j * 3 * coarse + i]!;
  return { reduce, weight: reduced };
}

/** Sets a linear path of a decoder, its biases to zero. */
export function setLinearPath(decoder: MeshDecoder, name: 'linearShape' | 'linearColor', { reduce, weight }: LinearPath): void {
  const assign = (path: string, data: Float32Array): void => {
    const variable = decoder.parameters[path]!;
    tf.tidy(() => variable.assign(tf.tensor(data, variable.shape)));
  };
  for (const path of [name, `${name}Reduce`]) {
    const bias = decoder.parameters[`${path}.bias`];
    if (bias) assign(`${path}.bias`, new Float32Array(bias.size));
  }
  assign(`${name}.weight`, weight);
  if (reduce) assign(`${name}Reduce.weight`, reduce);
}
