import * as tf from '@tensorflow/tfjs';
import { runKernel } from '../kernels/registry.ts';
import { linear } from '../ops/linear.ts';
import { unboundColor } from './bound-color.ts';
import type { HeadSamples, WorkHooks } from './head-samples.ts';
import type { MeshStatistics } from './mesh-statistics.ts';
import { principalComponents, type RowSource } from './principal-components.ts';

/** A white latent for each of a set of heads, and how shape and colour go with it. */
export interface LatentSpace {
  readonly latentSize: number;
  /** `[N, L]`: sample covariance is the identity, mean zero. */
  readonly latents: Float32Array;
  /** `[L]` share of the weighted variance of heads that each number explains, descending. */
  readonly explained: Float64Array;
  /** `[L, 3V]`: covariance with the vertices, mm. */
  readonly vertexCovariance: Float32Array;
  /** `[L, 3V]`: covariance with the colours before they are bounded. */
  readonly colorCovariance: Float32Array;
}

/** Options of {@link findLatentSpace}. */
export interface LatentSpaceOptions {
  readonly latentSize: number;
  /** What the variance of all colours counts beside that of all vertices. */
  readonly colorWeight: number;
  /** `[V]`, what a vertex counts. */
  readonly vertexWeight: Float32Array;
  readonly seed: number;
}

/**
 * The latent as the leading principal components of vertices and colours together, scaled to variance one, most
 * explained variance first; a sign is chosen so that the largest entry is positive.
 *
 * Shape and colour share the numbers, as a latent of one vector should: what goes together (age and skin, sex and brows)
 * is coded once.
 */
export async function findLatentSpace(samples: HeadSamples, statistics: MeshStatistics, options: LatentSpaceOptions, hooks: WorkHooks = {}): Promise<LatentSpace> {
  const { latentSize: L, colorWeight, vertexWeight, seed } = options, { count: N, vertexCount: V } = samples, D = 6 * V;
  const meanColors = meanOf(samples.colors, N, 3 * V), root = vertexWeight.map(Math.sqrt);
  const scales = [1 / spread(samples.vertices, statistics.vertices, root), Math.sqrt(colorWeight) / spread(samples.colors, meanColors, root)] as const;
  const source: RowSource = {
    count: N, size: D,
    rows(first, count) {
      const out = new Float32Array(count * D);
      for (let n = 0; n < count; n++) {
        for (let i = 0, at = (first + n) * 3 * V; i < 3 * V; i++, at++) {
          const w = root[Math.floor(i / 3)]!;
          out[n * D + i] = w * scales[0] * (samples.vertices[at]! - statistics.vertices[i]!);
          out[n * D + 3 * V + i] = w * scales[1] * (samples.colors[at]! - meanColors[i]!);
        }
      }
      return out;
    },
  };
  const { components, variances } = await principalComponents(source, L, { seed }, hooks);
  for (let j = 0; j < L; j++) orient(components, j * D, D);
  const projection = Float32Array.from({ length: D * L }, (_, at) => components[(at % L) * D + Math.floor(at / L)]! / Math.sqrt(variances[at % L]!));
  const latents = new Float32Array(N * L);
  forBlocks(N, (first, count) => tf.tidy(() => {
    latents.set(linear(tf.tensor2d(source.rows(first, count), [count, D]), tf.tensor2d(projection, [D, L]), null).dataSync<'float32'>(), first * L);
  }));
  // Of the components and variances as found: what rounding and the sample mean left is taken out.
  whiten(latents, N, L);
  const covariance = (rows: (n: number, i: number) => number): Float32Array => covarianceWith(latents, N, L, 3 * V, rows);
  const unboundMean = Float64Array.from(statistics.colors, unboundColor);
  return {
    latentSize: L, latents, explained: variances.map((x) => x / (1 + colorWeight)),
    vertexCovariance: covariance((n, i) => samples.vertices[n * 3 * V + i]! - statistics.vertices[i]!),
    colorCovariance: covariance((n, i) => unboundColor(samples.colors[n * 3 * V + i]!) - unboundMean[i]!),
  };
}

const BLOCK = 128;

function forBlocks(count: number, body: (first: number, count: number) => void): void {
  for (let first = 0; first < count; first += BLOCK) body(first, Math.min(BLOCK, count - first));
}

// Z^T X / N, a block of rows at a time.
function covarianceWith(latents: Float32Array, N: number, L: number, size: number, row: (n: number, i: number) => number): Float32Array {
  const sum = new Float32Array(L * size);
  forBlocks(N, (first, count) => {
    const part = tf.tidy(() => {
      const x = tf.tensor2d(Float32Array.from({ length: count * size }, (_, at) => row(first + Math.floor(at / size), at % size)), [count, size]);
      return runKernel('LinearBackpropWeights', { x: tf.tensor2d(latents.subarray(first * L, (first + count) * L), [count, L]), dy: x }).dataSync<'float32'>();
    });
    for (let i = 0; i < sum.length; i++) sum[i]! += part[i]! / N;
  });
  return sum;
}

/** Subtracts the mean and makes the covariance of rows the identity by Gram-Schmidt on columns, in place: later columns lose what earlier ones hold. */
function whiten(latents: Float32Array, N: number, L: number): void {
  for (let j = 0; j < L; j++) {
    const column = Float64Array.from({ length: N }, (_, n) => latents[n * L + j]!), mean = column.reduce((sum, x) => sum + x, 0) / N;
    for (let n = 0; n < N; n++) column[n]! -= mean;
    for (let k = 0; k < j; k++) {
      let share = 0;
      for (let n = 0; n < N; n++) share += column[n]! * latents[n * L + k]!;
      for (let n = 0; n < N; n++) column[n]! -= share / N * latents[n * L + k]!;
    }
    const deviation = Math.sqrt(column.reduce((sum, x) => sum + x * x, 0) / N);
    for (let n = 0; n < N; n++) latents[n * L + j] = deviation > 0 ? column[n]! / deviation : 0;
  }
}

// Root of the mean squared departure of a whole head, weighted: so that shape and colour have total variance one each.
function spread(data: Float32Array, mean: ArrayLike<number>, root: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < data.length; at++) {
    const i = at % mean.length;
    sum += (root[Math.floor(i / 3)]! * (data[at]! - mean[i]!)) ** 2;
  }
  return Math.sqrt(sum / (data.length / mean.length)) || 1;
}

/** Mean of `[N, size]` rows. */
export function meanOf(data: Float32Array, N: number, size: number): Float64Array {
  const mean = new Float64Array(size);
  for (let n = 0; n < N; n++) for (let i = 0; i < size; i++) mean[i]! += data[n * size + i]! / N;
  return mean;
}

function orient(data: Float32Array, at: number, length: number): void {
  let largest = 0;
  for (let i = 0; i < length; i++) if (Math.abs(data[at + i]!) > Math.abs(largest)) largest = data[at + i]!;
  if (largest < 0) for (let i = 0; i < length; i++) data[at + i]! *= -1;
}
