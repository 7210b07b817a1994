import * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import { createRandom } from '../core/random.ts';
import { evaluateDecoder, PCA_RANKS, type PartEvaluation } from './evaluate-decoder.ts';
import type { FaceModel } from './face-model.ts';
import { drawHeads, type HeadSource, type WorkHooks } from './head-samples.ts';
import type { MeshDecoder } from './mesh-decoder.ts';
import { fitPcaBaseline } from './pca-baseline.ts';
import { trainingOptions } from './training-options.ts';

/** What `decoder evaluate` found. */
export interface DecoderReport {
  readonly vertices: number;
  readonly parameters: number;
  /** Numbers in PCA of 128 modes with its mean: 129 x 6 V. */
  readonly pcaParameters: number;
  /** Heads that PCA was fitted on, and unseen heads of each kind. */
  readonly samples: number;
  readonly heads: number;
  /** Median of a decode of one latent, ms. */
  readonly decodeMilliseconds: number;
  readonly sets: Readonly<Record<string, Readonly<Record<'vertices' | 'colors', PartEvaluation>>>>;
}

/** Options of {@link reportDecoder}. */
export interface ReportDecoderOptions {
  readonly heads: number;
  /** Of the unseen heads. */
  readonly seed: number;
  /** Heads that PCA is fitted on; `null`: as many as the decoder was trained on. */
  readonly samples: number | null;
}

export const REPORT_DECODER_DEFAULTS: ReportDecoderOptions = { heads: 100, seed: 1000, samples: null };

/**
 * Measures a decoder on unseen heads of several sources beside PCA fitted on the heads that it was trained on, which are drawn
 * anew from what the file says of its training.
 *
 * @throws {@link ArgumentError} if the sources have another number of vertices than the decoder.
 */
export async function reportDecoder(model: FaceModel, sources: Readonly<Record<string, HeadSource>>, training: HeadSource, options?: Partial<ReportDecoderOptions>, hooks: WorkHooks = {}): Promise<DecoderReport> {
  const { heads, seed, samples } = resolveOptions('reportDecoder', REPORT_DECODER_DEFAULTS, options), { decoder } = model, V = decoder.vertexCount;
  for (const [name, { topology }] of Object.entries(sources)) {
    if (topology.region.length !== V) throw new ArgumentError('reportDecoder', name, `heads of ${V} vertices, as the decoder has`, `${topology.region.length}`);
  }
  const trained = trainingOptions(model);
  const seen = await drawHeads(training, samples ?? trained.samples, createRandom(trained.seed).fork('train'), hooks);
  const pca = await fitPcaBaseline(seen, PCA_RANKS.at(-1)!, hooks), sets: Record<string, DecoderReport['sets'][string]> = {};
  for (const [name, source] of Object.entries(sources)) {
    sets[name] = await evaluateDecoder(decoder, await drawHeads(source, heads, createRandom(seed).fork('unseen'), hooks), pca, { colorWeight: trained.colorWeight }, hooks);
  }
  return { vertices: V, parameters: decoder.parameterCount, pcaParameters: 129 * 6 * V, samples: seen.count, heads, decodeMilliseconds: timeDecode(decoder), sets };
}

/** Median milliseconds of decoding one latent on the current backend. */
export function timeDecode(decoder: MeshDecoder, repeats = 25): number {
  const z = tf.zeros<tf.Rank.R2>([1, decoder.config.latentSize]), times: number[] = [];
  for (let i = 0; i < repeats + 5; i++) {
    const began = performance.now();
    tf.tidy(() => {
      const { vertices, colors } = decoder.decode(z);
      vertices.dataSync();
      colors.dataSync();
    });
    if (i >= 5) times.push(performance.now() - began);
  }
  z.dispose();
  return times.sort((a, b) => a - b)[Math.floor(repeats / 2)]!;
}

/** The report as a text of tables. */
export function formatReport(report: DecoderReport, name: string): string {
  const { vertices, parameters, pcaParameters, samples, heads, decodeMilliseconds, sets } = report;
  const lines = [`${name}: ${vertices} vertices, ${parameters} parameters (${(parameters / pcaParameters).toFixed(3)} of PCA-128's ${pcaParameters}), ${decodeMilliseconds.toFixed(1)} ms a decode`,
    `PCA fitted on ${samples} heads; ${heads} unseen heads of each kind`];
  for (const [set, parts] of Object.entries(sets)) {
    for (const [part, { error, spread, share, pca, equivalentRank }] of Object.entries(parts)) {
      const unit = part === 'vertices' ? 'mm' : '/255', figures = ({ mean, percentile95, max }: PartEvaluation['error']): string => `mean ${mean.toFixed(3)}, 95 % ${percentile95.toFixed(3)}, max ${max.toFixed(2)} ${unit}`;
      lines.push('', `${set}, ${part === 'vertices' ? 'shape' : 'colour'}: ${figures(error)}; ${(100 * share).toFixed(1)} % of the spread (${figures(spread)})`,
        `  as PCA of rank ${equivalentRank.toFixed(0)}; PCA: ${pca.map(({ rank, error: { mean } }) => `${rank}: ${mean.toFixed(3)}`).join(', ')}`);
    }
  }
  return lines.join('\n');
}
