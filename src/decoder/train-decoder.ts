import * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import { createRandom } from '../core/random.ts';
import type { SafeTensor } from '../io/safetensors.ts';
import { buildHierarchy, type Hierarchy } from '../mesh/hierarchy.ts';
import { Adam } from '../training/adam.ts';
import { cosineRate } from '../training/cosine-rate.ts';
import { runTraining, type TrainingStore, type TrainingTask } from '../training/loop.ts';
import { type MeshDecoderConfig, resolveDecoderConfig } from './config.ts';
import { detailImportance } from './detail-importance.ts';
import type { FaceModel } from './face-model.ts';
import { setLinearPath, solveLinearPath } from './fit-linear-paths.ts';
import { drawHeads, type HeadSamples, type HeadSource, type WorkHooks } from './head-samples.ts';
import { findLatentSpace, type LatentSpace } from './latent-space.ts';
import { MeshDecoder } from './mesh-decoder.ts';
import type { MeshStatistics } from './mesh-statistics.ts';
import { fitPcaBaseline, type PcaBaseline } from './pca-baseline.ts';
import { sampleStatistics } from './sample-statistics.ts';

/** Options of {@link trainDecoder}. */
export interface TrainDecoderOptions {
  readonly decoder: Partial<MeshDecoderConfig>;
  readonly seed: number;
  /** Heads drawn once and trained on. */
  readonly samples: number;
  /** Vertices of each level over those of the next, finest first. */
  readonly factors: readonly number[];
  /** How strongly the hierarchy keeps vertices where shape and colour have detail: see {@link detailImportance}. */
  readonly importancePower: number;
  /** What the variance of all colours counts beside that of all vertices when the latent is chosen. */
  readonly colorWeight: number;
  readonly steps: number;
  readonly batch: number;
  readonly rate: number;
  readonly checkpointEvery: number;
  readonly logEvery: number;
}

export const TRAIN_DECODER_DEFAULTS: TrainDecoderOptions = {
  decoder: {}, seed: 1, samples: 4000, factors: [4, 4, 4, 4], importancePower: 0.5, colorWeight: 0.5,
  steps: 3000, batch: 16, rate: 1e-3, checkpointEvery: 250, logEvery: 25,
};

/** What heads have in common, before a decoder learns them. */
export interface PreparedHeads {
  readonly samples: HeadSamples;
  readonly statistics: MeshStatistics;
  readonly space: LatentSpace;
  readonly hierarchy: Hierarchy;
  /** Of the same heads. */
  readonly pca: PcaBaseline;
}

/** Draws heads and finds their statistics, latent and hierarchy. */
export async function prepareHeads(source: HeadSource, options: TrainDecoderOptions, hooks: WorkHooks = {}): Promise<PreparedHeads> {
  const { seed, samples: count, factors, importancePower, colorWeight } = options, { topology } = source;
  const { latentSize } = resolveDecoderConfig('trainDecoder', options.decoder);
  if (count <= latentSize) throw new ArgumentError('trainDecoder', 'samples', `more heads than the ${latentSize} numbers of the latent`, `${count}`);
  const samples = await drawHeads(source, count, createRandom(seed).fork('train'), hooks), statistics = sampleStatistics(samples);
  const pca = await fitPcaBaseline(samples, latentSize + 32, hooks), space = findLatentSpace(samples, statistics, pca, { latentSize, colorWeight });
  const importance = detailImportance(topology.faces, samples.vertexCount, [{ data: space.vertexCovariance, weight: 1 }, { data: space.colorCovariance, weight: colorWeight }], importancePower);
  const hierarchy = buildHierarchy({ vertices: Float64Array.from(statistics.vertices), faces: topology.faces }, { levels: factors.length, factor: factors, importance });
  return { samples, statistics, space, hierarchy, pca };
}

/** A decoder whose linear paths are solved for and whose convolutional path starts at zero where there is a linear one. */
export function startDecoder({ statistics, space, hierarchy }: PreparedHeads, config: Partial<MeshDecoderConfig>, seed: number): MeshDecoder {
  const decoder = new MeshDecoder(hierarchy, statistics, config, seed), { latentSize, linearShapeLevel, linearColorLevel, linearShapeRank, linearColorRank } = decoder.config;
  const everywhere = new Float32Array(statistics.vertexScale.length).fill(1);
  const set = (name: 'linearShape' | 'linearColor', scale: Float32Array, covariance: Float32Array, rank: number | null): void =>
    setLinearPath(decoder, name, solveLinearPath({ up: decoder.injectionMatrix(name), scale, weight: everywhere, covariance, latentSize, rank }));
  if (linearShapeLevel !== null) set('linearShape', statistics.vertexScale, space.vertexCovariance, linearShapeRank);
  if (linearColorLevel !== null) set('linearColor', statistics.colorScale, space.colorCovariance, linearColorRank);
  if (linearShapeLevel !== null || linearColorLevel !== null) {
    const last = Object.entries(decoder.parameters).filter(([name]) => /^cheb\.\d+\.weight$/.test(name)).at(-1)![1];
    tf.tidy(() => last.assign(tf.zerosLike(last)));
  }
  return decoder;
}

/**
 * Trains a mesh decoder on heads: statistics, white latent (principal components), hierarchy; linear paths in closed form; then
 * all weights by Adam on the mean distance of vertices and colours, each over its spread. The latent of a head stays what it
 * was, so the latent stays white.
 *
 * The same source, options and backend give the same bits, however often the run was stopped and taken up.
 *
 * @throws {@link ArgumentError} for options that do not fit; the signal's reason.
 */
export async function trainDecoder(source: HeadSource, given: Partial<TrainDecoderOptions>, store: TrainingStore, hooks: WorkHooks = {}): Promise<FaceModel> {
  const options = resolveOptions('trainDecoder', TRAIN_DECODER_DEFAULTS, given), heads = await prepareHeads(source, options, hooks);
  const decoder = startDecoder(heads, options.decoder, options.seed), { steps, checkpointEvery, logEvery } = options;
  try {
    await runTraining(createTask(decoder, heads, options), store, { steps, checkpointEvery, logEvery }, hooks);
  } catch (error) {
    decoder.dispose();
    throw error;
  }
  const explained = heads.space.explained;
  return {
    decoder, topology: source.topology,
    metadata: {
      latent: 'whitened: standard normal over the heads trained on, ordered by explained variance', explained: JSON.stringify([...explained].map((x) => Number(x.toPrecision(4)))),
      training: JSON.stringify(options),
    },
  };
}

function createTask(decoder: MeshDecoder, { samples, space }: PreparedHeads, { batch, steps, rate, seed, colorWeight }: TrainDecoderOptions): TrainingTask {
  const { count, vertexCount: V, vertices, colors } = samples, L = space.latentSize, adam = new Adam(), random = createRandom(seed).fork('batches');
  const names = Object.keys(decoder.parameters), host = Object.fromEntries(Object.entries(decoder.parameters).map(([name, value]) => [name, value.dataSync<'float32'>().slice()]));
  const spreads = { vertices: departure(vertices, V, decoder.statistics.vertices), colors: departure(colors, V, decoder.statistics.colors) };
  const upload = (): void => {
    for (const name of names) {
      const variable = decoder.parameters[name]!;
      tf.tidy(() => variable.assign(tf.tensor(host[name]!, variable.shape)));
    }
  };
  return {
    step(step) {
      const draw = random.fork(`${step}`), picked = Array.from({ length: batch }, () => draw.integer(count));
      const take = (data: Float32Array, size: number): Float32Array => {
        const out = new Float32Array(batch * size);
        picked.forEach((n, b) => out.set(data.subarray(n * size, (n + 1) * size), b * size));
        return out;
      };
      const figures = { loss: 0, shape: 0, color: 0 };
      const gradients = tf.tidy(() => {
        const z = tf.tensor2d(take(space.latents, L), [batch, L]), target = { vertices: tf.tensor3d(take(vertices, 3 * V), [batch, V, 3]), colors: tf.tensor3d(take(colors, 3 * V), [batch, V, 3]) };
        const { value, grads } = tf.variableGrads(() => {
          const made = decoder.decode(z), shape = made.vertices.sub(target.vertices).abs().mean(), color = made.colors.sub(target.colors).abs().mean();
          [figures.shape, figures.color] = [shape.dataSync()[0]!, 255 * color.dataSync()[0]!];
          return shape.div(spreads.vertices).add(color.mul(colorWeight / spreads.colors)) as tf.Scalar;
        }, Object.values(decoder.parameters));
        figures.loss = value.dataSync()[0]!;
        const byVariable = new Map(Object.entries(decoder.parameters).map(([name, variable]) => [variable.name, name]));
        return Object.fromEntries(Object.entries(grads).map(([name, gradient]) => [byVariable.get(name)!, gradient.dataSync<'float32'>().slice()]));
      });
      adam.update(host, gradients, cosineRate(step, { steps, rate, warmup: Math.min(50, steps / 10), final: 0.01 }));
      upload();
      return figures;
    },
    state: () => ({
      ...Object.fromEntries(names.map((name): [string, SafeTensor] => [`parameter.${name}`, { dtype: 'F32', shape: decoder.parameters[name]!.shape, data: host[name]!.slice() }])),
      ...adam.toTensors(),
    }),
    restore(state, step) {
      for (const name of names) host[name]!.set(state[`parameter.${name}`]!.data as Float32Array);
      adam.fromTensors(state, step);
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
