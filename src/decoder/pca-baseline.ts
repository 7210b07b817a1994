import * as tf from '@tensorflow/tfjs';
import { linear } from '../ops/linear.ts';
import type { HeadSamples, WorkHooks } from './head-samples.ts';
import { type PrincipalComponents, principalComponents } from './principal-components.ts';

/** What a head consists of. */
export const DECODED_PARTS = ['vertices', 'colors'] as const;
export type DecodedPart = (typeof DECODED_PARTS)[number];

/** Principal components about a mean. */
export interface PartComponents extends PrincipalComponents {
  /** `[3V]`. */
  readonly mean: Float64Array;
  /** Variance of a whole head, summed over its numbers. */
  readonly total: number;
}

/** Principal components of shape and, apart, of colour. */
export type PcaBaseline = Readonly<Record<DecodedPart, PartComponents>>;

/** Heads on the backend at a time. */
const BLOCK = 128;

/** PCA of the vertices and of the colours of heads, each on its own. */
export async function fitPcaBaseline(samples: HeadSamples, rank: number, hooks: WorkHooks = {}): Promise<PcaBaseline> {
  const { count, vertexCount } = samples, size = 3 * vertexCount, most = Math.min(rank, count - 1, size);
  const fitPart = async (part: DecodedPart): Promise<PartComponents> => {
    const mean = meanOf(samples[part], count, size), rows = (first: number, n: number): Float32Array => centredRows(samples[part], mean, first, n);
    let total = 0;
    for (let at = 0; at < samples[part].length; at++) total += (samples[part][at]! - mean[at % size]!) ** 2 / count;
    return { mean, total, ...await principalComponents({ count, size, rows }, most, {}, hooks) };
  };
  return { vertices: await fitPart('vertices'), colors: await fitPart('colors') };
}

/** Coordinates of heads along the components of a part, `[N, rank]`. */
export function pcaCoordinates(samples: HeadSamples, part: DecodedPart, { components, mean }: PartComponents): Float32Array {
  const size = mean.length, rank = components.length / size, out = new Float32Array(samples.count * rank);
  const columns = tf.tidy(() => tf.tensor2d(components, [rank, size]).transpose() as tf.Tensor2D);
  for (let first = 0; first < samples.count; first += BLOCK) {
    const n = Math.min(BLOCK, samples.count - first);
    // Nothing is returned from the tidy: it would search a typed array for tensors, number by number.
    tf.tidy(() => { out.set(linear(tf.tensor2d(centredRows(samples[part], mean, first, n), [n, size]), columns, null).dataSync<'float32'>(), first * rank); });
  }
  columns.dispose();
  return out;
}

function centredRows(data: Float32Array, mean: Float64Array, first: number, count: number): Float32Array {
  const size = mean.length, out = data.slice(first * size, (first + count) * size);
  for (let n = 0; n < count; n++) for (let i = 0; i < size; i++) out[n * size + i]! -= mean[i]!;
  return out;
}

/** Mean of `[N, size]` rows. */
export function meanOf(data: Float32Array, N: number, size: number): Float64Array {
  const mean = new Float64Array(size);
  for (let n = 0; n < N; n++) for (let i = 0; i < size; i++) mean[i]! += data[n * size + i]! / N;
  return mean;
}
