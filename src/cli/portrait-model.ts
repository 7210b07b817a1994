import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { ArgumentError } from '../core/errors.ts';
import type { FaceModel } from '../decoder/face-model.ts';
import type { MeshDecoder } from '../decoder/mesh-decoder.ts';
import type { CommandContext } from './context.ts';
import { addHeadSamplerOptions, type HeadSamplerOptions, loadHeadSampler } from './load-head-sampler.ts';

/** What is fitted: the decoder, PCA of as many modes as its latent has, PCA of no more numbers than it has, or the mean head. */
export const PORTRAIT_MODELS = ['decoder', 'pca', 'pca-small', 'mean'] as const;
export type PortraitModel = (typeof PORTRAIT_MODELS)[number];

/** A model's size. */
export interface ModelSize {
  readonly kind: PortraitModel;
  /** Numbers of a face, without camera and light. */
  readonly latent: number;
  /** Numbers learned, without the mean head, which all have. */
  readonly parameters: number;
}

/** Adds `--model` and the options that say which heads PCA learns from. */
export const addPortraitModelOption = (command: Command): Command => addHeadSamplerOptions(command)
  .addOption(new Option('--model <kind>', 'what is fitted: the decoder, or in its place PCA of the heads that it was trained on, which are drawn again (give --source, --share and --registration as to `decoder train`): with as many modes as its latent has numbers (pca), or with no more parameters than it (pca-small); or the mean head').choices(PORTRAIT_MODELS).default('decoder'));

/** The size of the model of one kind that stands in for a decoder. */
export async function modelSize(kind: PortraitModel, { config: { latentSize }, parameterCount, vertexCount }: MeshDecoder): Promise<ModelSize> {
  const { linearParameters, modesWithin } = await import('../decoder/linear-decoder.ts');
  if (kind === 'decoder') return { kind, latent: latentSize, parameters: parameterCount };
  const latent = kind === 'pca' ? latentSize : kind === 'pca-small' ? Math.min(latentSize, modesWithin(parameterCount, vertexCount)) : 0;
  return { kind, latent, parameters: linearParameters(latent, vertexCount) };
}

/** Millimetres on average by which the mean of the heads drawn may be off the decoder's. */
const SAME_MEAN = 0.01;

/**
 * The model of a size that stands in for `model`, whose decoder is disposed of unless it is the one; read from `file` where that is there, otherwise written to it.
 *
 * @throws `ArgumentError` if the heads drawn are not those that the decoder was trained on.
 */
export async function standIn(context: CommandContext, model: FaceModel, { kind, latent }: ModelSize, source: HeadSamplerOptions, file: string | null): Promise<FaceModel> {
  if (kind === 'decoder') return model;
  const [{ readFileBytes, writeFileAtomic }, { readFaceModel, writeFaceModel }, { linearDecoder }] = await Promise.all([import('../io/node.ts'), import('../decoder/face-model.ts'), import('../decoder/linear-decoder.ts')]);
  const { decoder: { hierarchy, statistics }, topology } = model;
  try {
    if (kind === 'mean') return { topology, metadata: {}, decoder: linearDecoder({ hierarchy, statistics, space: { latentSize: 0, vertexCovariance: new Float32Array(0), colorCovariance: new Float32Array(0) } }, 0) };
    if (file !== null && existsSync(file)) return readFaceModel(await readFileBytes(file), file);
    const [{ prepareHeads }, { trainingOptions }] = await Promise.all([import('../decoder/train-decoder.ts'), import('../decoder/training-options.ts')]), options = trainingOptions(model), { sampler, notice } = await loadHeadSampler(context, source, false);
    const heads = await prepareHeads(sampler, { ...options, decoder: { ...options.decoder, extension: null } }, { signal: context.signal, onProgress: context.progress });
    const off = heads.statistics.vertices.length === statistics.vertices.length ? heads.statistics.vertices.reduce((sum, x, i) => sum + Math.abs(x - statistics.vertices[i]!), 0) / statistics.vertices.length : Infinity;
    if (!(off < SAME_MEAN)) throw new ArgumentError('--model', `the heads of --source ${source.source}`, `the mean of those that the decoder was trained on (${model.metadata.heads ?? 'makehuman'}; give the same, or train it again on what is drawn now)`, `one that is ${off.toPrecision(2)} mm off`);
    const linear = { topology, decoder: linearDecoder(heads, latent), metadata: { model: `PCA of ${latent} modes of ${options.samples} heads`, ...(notice !== null && { notice }) } };
    if (file !== null) await writeFileAtomic(file, writeFaceModel(linear, 'F32'));
    return linear;
  } finally {
    model.decoder.dispose();
  }
}
