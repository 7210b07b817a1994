import * as tf from '@tensorflow/tfjs';
import { equivalentRank } from './equivalent-rank.ts';
import { fitLatents, type FitLatentsOptions } from './fit-latents.ts';
import type { HeadSamples, WorkHooks } from './head-samples.ts';
import type { MeshDecoder } from './mesh-decoder.ts';
import { colorErrors, type ErrorSummary, summarizeErrors, vertexErrors } from './mesh-errors.ts';
import type { DecodedPart, PartComponents, PcaBaseline } from './pca-baseline.ts';

/** Ranks that a decoder is measured beside. */
export const PCA_RANKS = [2, 4, 8, 16, 32, 64, 96, 128] as const;

/** Errors of one part (vertices: mm; colours: of 255) on heads that were not trained on. */
export interface PartEvaluation {
  readonly error: ErrorSummary;
  /** The errors of the mean head: what there is to explain. */
  readonly spread: ErrorSummary;
  /** Mean error over mean spread. */
  readonly share: number;
  /** Errors of PCA, fitted on the training heads, at each of {@link PCA_RANKS} that they allow. */
  readonly pca: readonly { readonly rank: number; readonly error: ErrorSummary }[];
  /** The PCA rank with the same mean error. */
  readonly equivalentRank: number;
}

const ERRORS = { vertices: vertexErrors, colors: colorErrors } as const;

/** How near a decoder comes to heads that it was not trained on, beside PCA. */
export async function evaluateDecoder(decoder: MeshDecoder, heads: HeadSamples, pca: PcaBaseline, options?: Partial<FitLatentsOptions>, hooks: WorkHooks = {}): Promise<Record<DecodedPart, PartEvaluation>> {
  const made = decodeHeads(decoder, await fitLatents(decoder, heads, options, hooks), heads.count);
  return { vertices: evaluatePart('vertices', made.vertices, heads, pca), colors: evaluatePart('colors', made.colors, heads, pca) };
}

function evaluatePart(part: DecodedPart, made: Float32Array, heads: HeadSamples, pca: PcaBaseline): PartEvaluation {
  const wanted = heads[part], size = 3 * heads.vertexCount, { mean } = pca[part], measure = (x: Float32Array): ErrorSummary => summarizeErrors(ERRORS[part](x, wanted));
  const rows = reconstructions(wanted, heads.count, size, pca[part]).map(({ rank, rows: x }) => ({ rank, error: measure(x) }));
  const error = measure(made), spread = measure(Float32Array.from(wanted, (_, at) => mean[at % size]!));
  return { error, spread, share: error.mean / spread.mean, pca: rows, equivalentRank: equivalentRank(error.mean, rows.map(({ rank }) => rank), rows.map(({ error: e }) => e.mean)) };
}

// What PCA makes of heads at each rank.
function reconstructions(wanted: Float32Array, N: number, size: number, { mean, components }: PartComponents): { rank: number; rows: Float32Array }[] {
  const rows = Float32Array.from(wanted, (_, at) => mean[at % size]!), limit = Math.min(components.length / size, PCA_RANKS.at(-1)!), out: { rank: number; rows: Float32Array }[] = [];
  for (let r = 0; r < limit; r++) {
    for (let n = 0; n < N; n++) {
      let share = 0;
      for (let i = 0; i < size; i++) share += (wanted[n * size + i]! - mean[i]!) * components[r * size + i]!;
      for (let i = 0; i < size; i++) rows[n * size + i]! += share * components[r * size + i]!;
    }
    if ((PCA_RANKS as readonly number[]).includes(r + 1)) out.push({ rank: r + 1, rows: rows.slice() });
  }
  return out;
}

/** Decodes many latents, some at a time. */
export function decodeHeads(decoder: MeshDecoder, latents: Float32Array, count: number, batch = 16): Record<DecodedPart, Float32Array> {
  const size = 3 * decoder.vertexCount, L = decoder.config.latentSize, vertices = new Float32Array(count * size), colors = new Float32Array(count * size);
  for (let first = 0; first < count; first += batch) {
    const n = Math.min(batch, count - first);
    tf.tidy(() => {
      const made = decoder.decode(tf.tensor2d(latents.subarray(first * L, (first + n) * L), [n, L]));
      vertices.set(made.vertices.dataSync<'float32'>(), first * size);
      colors.set(made.colors.dataSync<'float32'>(), first * size);
    });
  }
  return { vertices, colors };
}
