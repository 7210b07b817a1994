import type { HeadSamples } from './head-samples.ts';
import type { DecodedPart, PartComponents } from './pca-baseline.ts';

/** What squared errors of each vertex count. */
export interface VertexWeights {
  /** `[V]`, 1 on average. */
  readonly weight: Float32Array;
  /** Variance of a whole head under them. */
  readonly total: number;
}

/** Share of the mean residual that is added to each: what never moves must not count without bound. */
const FLOOR = 0.1;

/**
 * Weights with which least squares minimise a mean distance rather than a mean squared one: one over the distance that is left,
 * here what the leading components leave of each vertex. Without them the few vertices that no model gets right decide what the latent codes.
 *
 * The first step of iteratively reweighted least squares (Holland and Welsch, "Robust regression using iteratively reweighted
 * least-squares", 1977).
 *
 * @param rank - Components that are taken off first.
 * @param power - 0: all vertices alike, 1: as said.
 */
export function residualWeights({ count, vertexCount: V, ...data }: HeadSamples, part: DecodedPart, { components, variances, mean }: PartComponents, rank: number, power: number): VertexWeights {
  const size = 3 * V, spread = new Float64Array(V), used = Math.min(rank, variances.length);
  for (let n = 0; n < count; n++) for (let i = 0; i < size; i++) spread[Math.floor(i / 3)]! += (data[part][n * size + i]! - mean[i]!) ** 2 / count;
  const left = spread.slice();
  for (let r = 0; r < used; r++) for (let i = 0; i < size; i++) left[Math.floor(i / 3)]! -= variances[r]! * components[r * size + i]! ** 2;
  const distance = left.map((x) => Math.sqrt(Math.max(0, x))), usual = distance.reduce((sum, x) => sum + x, 0) / V || 1;
  const raw = distance.map((x) => (x + FLOOR * usual) ** -power), scale = raw.reduce((sum, x) => sum + x, 0) / V, weight = Float32Array.from(raw, (x) => x / scale);
  return { weight, total: spread.reduce((sum, x, v) => sum + weight[v]! * x, 0) };
}
