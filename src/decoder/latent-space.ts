import * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import { runKernel } from '../kernels/registry.ts';
import { Cholesky } from '../sparse/cholesky.ts';
import { symmetricEigen } from '../sparse/symmetric-eigen.ts';
import { unboundColor } from './bound-color.ts';
import type { HeadSamples } from './head-samples.ts';
import type { MeshStatistics } from './mesh-statistics.ts';
import { type DecodedPart, DECODED_PARTS, type PartComponents, type PcaBaseline, pcaCoordinates } from './pca-baseline.ts';
import type { VertexWeights } from './residual-weights.ts';

/** A white latent for each of a set of heads, and how shape and colour go with it. */
export interface LatentSpace {
  readonly latentSize: number;
  /** Further components, which go on where the latent ends. */
  readonly extension: number;
  /** `[N, L + extension]`: mean zero, covariance the identity. */
  readonly latents: Float32Array;
  /** `[L + extension]` share of the variance of heads that each number explains, shape and colour weighted as asked; descending. */
  readonly explained: Float64Array;
  /** `[L + extension, 3V]`: covariance with the vertices, mm. */
  readonly vertexCovariance: Float32Array;
  /** `[L + extension, 3V]`: covariance with the colours before they are bounded. */
  readonly colorCovariance: Float32Array;
  /** `[3V, L + extension]`: what departures from the means of the components are multiplied by; the sum of both parts is the latent. */
  readonly encoders: Readonly<Record<DecodedPart, Float32Array>>;
}

/** Options of {@link findLatentSpace}. */
export interface LatentSpaceOptions {
  readonly latentSize: number;
  readonly extension: number;
  /** What the variance of all colours counts beside that of all vertices. */
  readonly colorWeight: number;
  /** What squared errors of each vertex count, apart for shape and colour. */
  readonly weights: Readonly<Record<DecodedPart, VertexWeights>>;
}

/**
 * The latent as the leading principal components of weighted vertices and colours together, scaled to variance one, most explained
 * variance first.
 *
 * Shape and colour share the numbers: what goes together (age and skin, sex and brows) is coded once. They are found within
 * the span of the components of each part, of which there should be more than numbers in the latent.
 *
 * @throws {@link ArgumentError} if the components are fewer than the numbers of the latent, or do not vary.
 */
export function findLatentSpace(samples: HeadSamples, statistics: MeshStatistics, pca: PcaBaseline, { latentSize, extension, colorWeight, weights }: LatentSpaceOptions): LatentSpace {
  const L = latentSize + extension;
  const { count: N, vertexCount: V } = samples, ranks = [pca.vertices.variances.length, pca.colors.variances.length] as const, R = ranks[0] + ranks[1];
  if (R < L) throw new ArgumentError('findLatentSpace', 'pca', `at least ${L} components`, `${R}`);
  const scales = [1 / Math.sqrt(weights.vertices.total || 1), Math.sqrt(colorWeight / (weights.colors.total || 1))] as const, y = new Float64Array(N * R);
  const roots = DECODED_PARTS.map((part) => weightedRoot(pca[part], weights[part].weight));
  DECODED_PARTS.forEach((part, p) => {
    const rank = ranks[p]!, data = pcaCoordinates(samples, part, pca[part]), root = roots[p]!;
    for (let n = 0; n < N; n++) {
      for (let r = 0; r < rank; r++) {
        let sum = 0;
        for (let k = r; k < rank; k++) sum += root[k * rank + r]! * data[n * rank + k]!;
        y[n * R + p * ranks[0] + r] = scales[p]! * sum;
      }
    }
  });
  for (let r = 0; r < R; r++) {
    let mean = 0;
    for (let n = 0; n < N; n++) mean += y[n * R + r]! / N;
    for (let n = 0; n < N; n++) y[n * R + r]! -= mean;
  }
  const { values, vectors } = symmetricEigen(covariance(y, N, R), R);
  const directions = Array.from({ length: L }, (_, j) => {
    const variance = values[R - 1 - j]!, column = Float64Array.from({ length: R }, (__, r) => vectors[r * R + R - 1 - j]!);
    if (!(variance > 1e-12 * values[R - 1]!)) throw new ArgumentError('findLatentSpace', 'heads', `at least ${L} ways to vary`, `${j}`);
    // The sign by which the largest part is positive.
    const largest = column.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
    return column.map((x) => x * Math.sign(largest) / Math.sqrt(variance));
  });
  const latents = new Float32Array(N * L);
  for (let n = 0; n < N; n++) {
    for (let j = 0; j < L; j++) {
      let sum = 0;
      for (let r = 0; r < R; r++) sum += y[n * R + r]! * directions[j]![r]!;
      latents[n * L + j] = sum;
    }
  }
  const encoderOf = (p: 0 | 1): Float32Array => {
    const rank = ranks[p], { components } = pca[DECODED_PARTS[p]], out = new Float32Array(3 * V * L);
    for (let j = 0; j < L; j++) {
      for (let k = 0; k < rank; k++) {
        let share = 0;
        for (let r = 0; r <= k; r++) share += scales[p] * roots[p]![k * rank + r]! * directions[j]![p * ranks[0] + r]!;
        for (let i = 0; i < 3 * V; i++) out[i * L + j]! += share * components[k * 3 * V + i]!;
      }
    }
    return out;
  };
  return {
    latentSize, extension, latents, encoders: { vertices: encoderOf(0), colors: encoderOf(1) }, explained: Float64Array.from({ length: L }, (_, j) => values[R - 1 - j]! / (1 + colorWeight)),
    vertexCovariance: covarianceWith(latents, L, samples.vertices, 3 * V, (x, i) => x - statistics.vertices[i]!),
    colorCovariance: covarianceWith(latents, L, samples.colors, 3 * V, unboundColor),
  };
}

// Cholesky root `[R, R]` of C W C^T: lengths of weighted heads are lengths of their coordinates times it.
function weightedRoot({ components, variances }: PartComponents, weight: Float32Array): Float64Array {
  const R = variances.length, size = 3 * weight.length, weighted = components.map((x, at) => x * weight[Math.floor((at % size) / 3)]!), gram = new Float64Array(R * R);
  for (let a = 0; a < R; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += components[a * size + i]! * weighted[b * size + i]!;
      gram[a * R + b] = sum;
    }
  }
  return new Cholesky(gram, R).factor;
}

function covariance(y: Float64Array, N: number, R: number): Float64Array {
  const out = new Float64Array(R * R);
  for (let n = 0; n < N; n++) {
    for (let i = 0; i < R; i++) {
      const a = y[n * R + i]! / N;
      for (let j = 0; j <= i; j++) out[i * R + j]! += a * y[n * R + j]!;
    }
  }
  for (let i = 0; i < R; i++) for (let j = 0; j < i; j++) out[j * R + i] = out[i * R + j]!;
  return out;
}

// Z^T f(X) / N, a block of rows at a time; Z has mean zero, so what f adds to every row does not matter.
function covarianceWith(latents: Float32Array, L: number, data: Float32Array, size: number, map: (x: number, i: number) => number, block = 128): Float32Array {
  const N = latents.length / L, sum = new Float64Array(L * size);
  for (let first = 0; first < N; first += block) {
    const n = Math.min(block, N - first), rows = data.slice(first * size, (first + n) * size);
    for (let at = 0, i = 0; at < rows.length; at++, i = i + 1 === size ? 0 : i + 1) rows[at] = map(rows[at]!, i);
    tf.tidy(() => {
      const part = runKernel('LinearBackpropWeights', { x: tf.tensor2d(latents.subarray(first * L, (first + n) * L), [n, L]), dy: tf.tensor2d(rows, [n, size]) }).dataSync<'float32'>();
      for (let at = 0; at < sum.length; at++) sum[at]! += part[at]! / N;
    });
  }
  return Float32Array.from(sum);
}
