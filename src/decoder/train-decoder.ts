import * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import { createRandom } from '../core/random.ts';
import type { SafeTensor } from '../io/safetensors.ts';
import { buildHierarchy, type Hierarchy } from '../mesh/hierarchy.ts';
import { Adam } from '../training/adam.ts';
import { cosineRate } from '../training/cosine-rate.ts';
import { runTraining, type TrainingStore, type TrainingTask } from '../training/loop.ts';
import { MESH_DECODER_PRESETS, type MeshDecoderConfig, resolveDecoderConfig } from './config.ts';
import { detailImportance } from './detail-importance.ts';
import type { FaceModel } from './face-model.ts';
import { type LinearPath, setLinearPath, solveLinearPath } from './fit-linear-paths.ts';
import { encodeHeads } from './encode-heads.ts';
import { fitExtension } from './fit-extension.ts';
import { fitUpSampling } from './fit-up-sampling.ts';
import { drawHeads, type HeadSamples, type HeadSource, type WorkHooks } from './head-samples.ts';
import { findLatentSpace, type LatentSpace } from './latent-space.ts';
import { upSamplingToInput } from './level-operators.ts';
import { MeshDecoder } from './mesh-decoder.ts';
import { upSamplingPattern } from './up-sampling-pattern.ts';
import type { MeshStatistics } from './mesh-statistics.ts';
import { type DecodedPart, fitPcaBaseline, type PcaBaseline } from './pca-baseline.ts';
import { residualWeights, type VertexWeights } from './residual-weights.ts';
import { sampleStatistics } from './sample-statistics.ts';

/** Options of {@link trainDecoder}. */
export interface TrainDecoderOptions {
  readonly decoder: Partial<MeshDecoderConfig>;
  readonly seed: number;
  /** Heads drawn once, whose components and covariances are taken. */
  readonly samples: number;
  /** Heads and steps that the extension of the latent is fitted with, if the decoder has one: see {@link fitExtension}. */
  readonly extensionHeads: number;
  readonly extensionSteps: number;
  /** Vertices of each level over those of the next, finest first. */
  readonly factors: readonly number[];
  /** How strongly the hierarchy keeps vertices where shape and colour have detail: see {@link detailImportance}. */
  readonly importancePower: number;
  /** What the variance of all colours counts beside that of all vertices when the latent is chosen. */
  readonly colorWeight: number;
  /** By what power of the distance that components leave squared errors are divided when the latent and linear paths are found: see {@link residualWeights}. */
  readonly residualPower: number;
  /** Steps of Adam, each on a batch of heads drawn for it. */
  readonly steps: number;
  readonly batch: number;
  readonly rate: number;
  /** What of it the linear paths get: they are near where they should be. */
  readonly linearRate: number;
  readonly checkpointEvery: number;
  readonly logEvery: number;
}

export const TRAIN_DECODER_DEFAULTS: TrainDecoderOptions = {
  decoder: MESH_DECODER_PRESETS.fitted, seed: 1, samples: 3000, extensionHeads: 20000, extensionSteps: 5000, factors: [4, 4, 4, 4], importancePower: 0.5, colorWeight: 0.06, residualPower: 1,
  steps: 2000, batch: 16, rate: 1e-3, linearRate: 0.1, checkpointEvery: 250, logEvery: 25,
};

/** What heads have in common, before a decoder learns them. */
export interface PreparedHeads {
  readonly samples: HeadSamples;
  readonly statistics: MeshStatistics;
  readonly space: LatentSpace;
  readonly hierarchy: Hierarchy;
  /** Of the same heads. */
  readonly pca: PcaBaseline;
  readonly weights: Readonly<Record<DecodedPart, VertexWeights>>;
}

/** Draws heads and finds their statistics, latent and hierarchy. */
export async function prepareHeads(source: HeadSource, options: TrainDecoderOptions, hooks: WorkHooks = {}): Promise<PreparedHeads> {
  const { seed, samples: count, factors, importancePower, colorWeight, residualPower } = options, { topology } = source;
  const { latentSize, extension } = resolveDecoderConfig('trainDecoder', options.decoder);
  if (count <= latentSize) throw new ArgumentError('trainDecoder', 'samples', `more heads than the ${latentSize} numbers of the latent`, `${count}`);
  const samples = await drawHeads(source, count, createRandom(seed).fork('train'), hooks), statistics = sampleStatistics(samples);
  const pca = await fitPcaBaseline(samples, latentSize + (extension ?? 32), hooks);
  // Shape has about three quarters of the latent.
  const weigh = (part: DecodedPart, share: number): VertexWeights => residualWeights(samples, part, pca[part], Math.round(share * latentSize), residualPower);
  const weights = { vertices: weigh('vertices', 0.75), colors: weigh('colors', 0.25) }, space = findLatentSpace(samples, statistics, pca, { latentSize, extension: extension ?? 0, colorWeight, weights });
  const importance = detailImportance(topology.faces, samples.vertexCount, [{ data: space.vertexCovariance, weight: 1 }, { data: space.colorCovariance, weight: colorWeight }], importancePower);
  const hierarchy = buildHierarchy({ vertices: Float64Array.from(statistics.vertices), faces: topology.faces }, { levels: factors.length, factor: factors, importance });
  return { samples, statistics, space, hierarchy, pca, weights };
}

/** Deviation that predictions of the components beyond the latent are expected to have, of one. */
const PREDICTED = 0.55;

/** A decoder whose linear paths are solved for and whose convolutional path starts at zero where there is a linear one. */
export function startDecoder({ statistics, space, hierarchy, weights }: PreparedHeads, given: Partial<MeshDecoderConfig>, seed: number): MeshDecoder {
  const config = resolveDecoderConfig('startDecoder', given), { latentSize, linearShapeLevel, linearColorLevel, linearShapeRank, linearColorRank, linearNeighbours } = config, inputs = latentSize + space.extension;
  // Components beyond the latent will be predicted in part: so much smaller they count, and what is predicted will be smaller by the same factor.
  const expected = (covariance: Float32Array): Float32Array => covariance.map((x, at) => (at < latentSize * covariance.length / inputs ? x : PREDICTED * x));
  const unscale = ({ reduce, weight: w }: LinearPath): LinearPath => {
    const rows = (data: Float32Array): Float32Array => data.map((x, at) => (at < latentSize * data.length / inputs ? x : x / PREDICTED));
    return reduce ? { reduce: rows(reduce), weight: w } : { reduce, weight: rows(w) };
  };
  const paths: ['linearShape' | 'linearColor', LinearPath][] = [], ups: Record<string, Float32Array> = {};
  const solve = (name: 'linearShape' | 'linearColor', level: number | null, scale: Float32Array, covariance: Float32Array, weight: Float32Array, rank: number | null): void => {
    if (level === null) return;
    const problem = { up: upSamplingToInput(hierarchy, level), scale, weight, covariance: expected(covariance), latentSize: inputs, rank };
    if (linearNeighbours === null) paths.push([name, unscale(solveLinearPath(problem))]);
    else {
      const fitted = fitUpSampling(upSamplingPattern(hierarchy, level, linearNeighbours), problem);
      paths.push([name, unscale(fitted.path)]);
      ups[`${name}Up`] = fitted.weights;
    }
  };
  solve('linearShape', linearShapeLevel, statistics.vertexScale, space.vertexCovariance, weights.vertices.weight, linearShapeRank);
  solve('linearColor', linearColorLevel, statistics.colorScale, space.colorCovariance, weights.colors.weight, linearColorRank);
  const decoder = new MeshDecoder(hierarchy, { ...statistics, ...ups }, config, seed);
  for (const [name, path] of paths) setLinearPath(decoder, name, path);
  if (linearShapeLevel !== null || linearColorLevel !== null) {
    const last = Object.entries(decoder.parameters).filter(([name]) => /^cheb\.\d+\.weight$/.test(name)).at(-1)![1];
    tf.tidy(() => last.assign(tf.zerosLike(last)));
  }
  return decoder;
}

/**
 * Trains a mesh decoder on heads: statistics, white latent (principal components), hierarchy; linear paths in closed form; the
 * extension of the latent on heads of its own; then all weights by Adam, each step on heads drawn for it, on the mean distance of
 * vertices and colours, each over its spread. The latent of a head stays what it was, so the latent stays white.
 *
 * The same source, options and backend give the same bits, however often the run was stopped and taken up.
 *
 * @throws {@link ArgumentError} for options that do not fit; the signal's reason.
 */
export async function trainDecoder(source: HeadSource, given: Partial<TrainDecoderOptions>, store: TrainingStore, hooks: WorkHooks = {}): Promise<FaceModel> {
  const options = resolveOptions('trainDecoder', TRAIN_DECODER_DEFAULTS, given), heads = await prepareHeads(source, options, hooks);
  const decoder = startDecoder(heads, options.decoder, options.seed), { steps, checkpointEvery, logEvery } = options;
  let predicted: number | null = null;
  try {
    if (heads.space.extension > 0) {
      const { extensionHeads, extensionSteps } = options;
      predicted = await fitExtension(decoder, source, heads.space, heads.pca, createRandom(options.seed).fork('extension'), { heads: extensionHeads, steps: extensionSteps, batch: 128, rate: 1e-3 }, hooks);
    }
    await runTraining(createTrainingTask(decoder, source, heads, options), store, { steps, checkpointEvery, logEvery }, hooks);
  } catch (error) {
    decoder.dispose();
    throw error;
  }
  const explained = heads.space.explained.subarray(0, heads.space.latentSize);
  return {
    decoder, topology: source.topology,
    metadata: {
      latent: 'whitened: standard normal over the heads trained on, ordered by explained variance', explained: JSON.stringify([...explained].map((x) => Number(x.toPrecision(4)))),
      training: JSON.stringify(options), ...(predicted !== null && { extension: `${predicted.toPrecision(4)} of the variance of the components after the latent is predicted, on heads that took no part` }),
    },
  };
}

/** The steps of a training as a task for `runTraining`. */
export function createTrainingTask(decoder: MeshDecoder, source: HeadSource, { samples, space, pca }: PreparedHeads, { batch, steps, rate, linearRate, seed, colorWeight }: TrainDecoderOptions): TrainingTask {
  const { vertexCount: V } = samples, L = space.latentSize, width = L + space.extension, adams = [new Adam(), new Adam()] as const, random = createRandom(seed).fork('batches');
  const names = Object.keys(decoder.parameters), host = Object.fromEntries(Object.entries(decoder.parameters).map(([name, value]) => [name, value.dataSync<'float32'>().slice()]));
  const spreads = { vertices: departure(samples.vertices, V, decoder.statistics.vertices), colors: departure(samples.colors, V, decoder.statistics.colors) };
  const groups = [names.filter((name) => !name.startsWith('linear')), names.filter((name) => name.startsWith('linear'))] as const;
  const pick = (from: Readonly<Record<string, Float32Array>>, group: readonly string[]): Record<string, Float32Array> => Object.fromEntries(group.map((name) => [name, from[name]!]));
  const upload = (): void => {
    for (const name of names) {
      const variable = decoder.parameters[name]!;
      tf.tidy(() => variable.assign(tf.tensor(host[name]!, variable.shape)));
    }
  };
  return {
    step(step) {
      const drawn = random.fork(`${step}`), made = Array.from({ length: batch }, (_, b) => source.sample(drawn.fork(`${b}`)));
      const join = (part: DecodedPart): Float32Array => {
        const out = new Float32Array(batch * 3 * V);
        made.forEach((head, b) => out.set(head[part], b * 3 * V));
        return out;
      };
      const vertices = join('vertices'), colors = join('colors'), codes = encodeHeads({ count: batch, vertexCount: V, vertices, colors }, space, pca);
      const latents = Float32Array.from({ length: batch * L }, (_, at) => codes[Math.floor(at / L) * width + at % L]!);
      const figures = { loss: 0, shape: 0, color: 0 };
      tf.tidy(() => {
        const z = tf.tensor2d(latents, [batch, L]), target = { vertices: tf.tensor3d(vertices, [batch, V, 3]), colors: tf.tensor3d(colors, [batch, V, 3]) };
        const { value, grads } = tf.variableGrads(() => {
          const mesh = decoder.decode(z), shape = mesh.vertices.sub(target.vertices).abs().mean(), color = mesh.colors.sub(target.colors).abs().mean();
          [figures.shape, figures.color] = [shape.dataSync()[0]!, 255 * color.dataSync()[0]!];
          return shape.div(spreads.vertices).add(color.mul(colorWeight / spreads.colors)) as tf.Scalar;
        }, Object.values(decoder.parameters));
        figures.loss = value.dataSync()[0]!;
        const byVariable = new Map(Object.entries(decoder.parameters).map(([name, variable]) => [variable.name, name]));
        const gradients = Object.fromEntries(Object.entries(grads).map(([name, gradient]) => [byVariable.get(name)!, gradient.dataSync<'float32'>()]));
        const now = cosineRate(step, { steps, rate, warmup: Math.min(50, steps / 10), final: 0.01 });
        groups.forEach((group, g) => { adams[g]!.update(pick(host, group), pick(gradients, group), g === 0 ? now : linearRate * now); });
      });
      upload();
      return figures;
    },
    state: () => ({
      ...Object.fromEntries(names.map((name): [string, SafeTensor] => [`parameter.${name}`, { dtype: 'F32', shape: decoder.parameters[name]!.shape, data: host[name]!.slice() }])),
      ...adams[0].toTensors(), ...adams[1].toTensors(),
    }),
    restore(state, step) {
      for (const name of names) host[name]!.set(state[`parameter.${name}`]!.data as Float32Array);
      groups.forEach((group, g) => {
        adams[g]!.fromTensors(Object.fromEntries(Object.entries(state).filter(([key]) => group.some((name) => key.endsWith(`.${name}`)))), step);
      });
      upload();
    },
  };
}

// Mean absolute departure of a coordinate from the mean mesh.
function departure(data: Float32Array, V: number, mean: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < data.length; at++) sum += Math.abs(data[at]! - mean[at % (3 * V)]!);
  return sum / data.length || 1;
}
