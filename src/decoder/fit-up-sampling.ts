import { Cholesky } from '../sparse/cholesky.ts';
import type { CsrMatrix } from '../sparse/csr-matrix.ts';
import { type LinearPath, type LinearPathProblem, solveLinearPath } from './fit-linear-paths.ts';

/** Share of the mean diagonal that is added before solving: keeps weights small where neighbours move alike. */
const RIDGE = 1e-4;

/** A linear path and the up-sampling fitted with it. */
export interface FittedPath {
  readonly path: LinearPath;
  /** In the order of the pattern's entries. */
  readonly weights: Float32Array;
}

/**
 * Fits a linear path and the weights of its up-sampling by turns: given the path, each fine vertex takes the combination of
 * its coarse neighbours that is nearest to its own covariance with the latent (least squares, one small system a vertex); given
 * the weights, the path is solved for again.
 *
 * @param pattern - From `upSamplingPattern`.
 * @param problem - As for {@link solveLinearPath}; `up` is where to begin.
 * @param rounds - Times that the weights are fitted.
 */
export function fitUpSampling(pattern: CsrMatrix<Float64Array>, problem: LinearPathProblem, rounds = 2): FittedPath {
  let path = solveLinearPath(problem), weights: Float32Array = new Float32Array(pattern.values.length);
  for (let round = 0; round < rounds; round++) {
    weights = fitWeights(pattern, problem, path);
    path = solveLinearPath({ ...problem, up: { ...pattern, values: Float64Array.from(weights) } });
  }
  return { path, weights };
}

function fitWeights({ shape: [V, coarse], rowPtr, colIndex }: CsrMatrix<Float64Array>, { covariance, scale, latentSize: L }: LinearPathProblem, { reduce, weight }: LinearPath): Float32Array {
  const rank = weight.length / (3 * coarse), width = 3 * rank, target = reduced(covariance, reduce, L, rank, 3 * V);
  // (1) What each coarse vertex does, one row each.
  const fields = new Float64Array(coarse * width);
  for (let j = 0; j < rank; j++) for (let i = 0; i < 3 * coarse; i++) fields[Math.floor(i / 3) * width + (i % 3) * rank + j] = weight[j * 3 * coarse + i]!;
  const out = new Float32Array(colIndex.length), wanted = new Float64Array(width);
  for (let v = 0; v < V; v++) {
    const first = rowPtr[v]!, k = rowPtr[v + 1]! - first, gram = new Float64Array(k * k), right = new Float64Array(k);
    for (let q = 0; q < 3; q++) for (let j = 0; j < rank; j++) wanted[q * rank + j] = target[j * 3 * V + 3 * v + q]! / scale[v]!;
    // (2) Normal equations of this vertex.
    for (let a = 0; a < k; a++) {
      const at = colIndex[first + a]! * width;
      for (let i = 0; i < width; i++) right[a]! += fields[at + i]! * wanted[i]!;
      for (let b = 0; b <= a; b++) {
        const bt = colIndex[first + b]! * width;
        let sum = 0;
        for (let i = 0; i < width; i++) sum += fields[at + i]! * fields[bt + i]!;
        gram[a * k + b] = gram[b * k + a] = sum;
      }
    }
    let trace = 0;
    for (let a = 0; a < k; a++) trace += gram[a * k + a]!;
    for (let a = 0; a < k; a++) gram[a * k + a]! += RIDGE * trace / k + 1e-30;
    const factor = new Cholesky(gram, k);
    out.set(factor.backward(factor.forward(right)), first);
  }
  return out;
}

// `[rank, size]`: the covariance with the reduced latent.
function reduced(covariance: Float32Array, reduce: Float32Array | null, L: number, rank: number, size: number): Float32Array {
  if (!reduce) return covariance;
  const out = new Float32Array(rank * size);
  for (let j = 0; j < L; j++) {
    for (let r = 0; r < rank; r++) {
      const share = reduce[j * rank + r]!;
      for (let i = 0; i < size; i++) out[r * size + i]! += share * covariance[j * size + i]!;
    }
  }
  return out;
}
