import * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import { createRandom } from '../core/random.ts';
import { assertShape } from '../core/shape.ts';
import type { Hierarchy } from '../mesh/hierarchy.ts';
import { ChebConv } from '../nn/cheb-conv.ts';
import { heNormal, zeros } from '../nn/initializers.ts';
import { Linear } from '../nn/linear.ts';
import { gatherRows } from '../ops/gather-rows.ts';
import { sparseMatMul } from '../ops/sparse-mat-mul.ts';
import { createSparseOperator, type SparseOperator } from '../ops/sparse-operator.ts';
import { boundColor, unboundColor } from './bound-color.ts';
import { type MeshDecoderConfig, resolveDecoderConfig } from './config.ts';
import { assertLevels, levelLaplacian, positionOfInput, upSamplingToInput } from './level-operators.ts';
import { assertMeshStatistics, type MeshStatistics } from './mesh-statistics.ts';
import { upSamplingPattern } from './up-sampling-pattern.ts';

/** A batch of coloured meshes, vertices in the input order of the topology. */
export interface DecodedMeshes {
  /** float32 `[B, V, 3]`, mm. */
  readonly vertices: tf.Tensor3D;
  /** float32 `[B, V, 3]`, sRGB inside (0, 1). */
  readonly colors: tf.Tensor3D;
}

/** A linear map of the latent onto a coarse level, by way of fewer numbers where asked, and the matrix that brings it to the finest. */
interface Injection {
  readonly reduce: Linear | null;
  readonly layer: Linear;
  readonly up: SparseOperator;
}

/**
 * Latent numbers to coloured meshes: a dense layer onto the coarsest level, then per level up-sampling, Chebyshev
 * convolution, activation; a last convolution to six channels; the mean mesh and the scale of each vertex. Optionally
 * the latent, and numbers predicted from it, are also mapped linearly onto coarse levels of shape and colour, up-sampled and added.
 *
 * `vertices = mean + scale (x_012 + U_s linearShape(z))`, `colors = bound(unbound(mean) + scale (x_345 + U_c linearColor(z)))`.
 *
 * Zhou et al., "Dense 3D Face Decoding over 2500FPS", CVPR 2019; RetinaFace, section 3.2; Ranjan et al. (CoMA), ECCV 2018.
 */
export class MeshDecoder {
  readonly config: MeshDecoderConfig;
  readonly vertexCount: number;
  private readonly dense: Linear;
  private readonly extend: Linear | null;
  private readonly convolutions: readonly ChebConv[];
  private readonly ups: readonly SparseOperator[];
  private readonly laplacians: readonly SparseOperator[];
  private readonly injections: Readonly<Partial<Record<'linearShape' | 'linearColor', Injection>>>;
  private readonly constants: Record<'position' | 'meanVertices' | 'meanColors' | 'vertexScale' | 'colorScale', tf.Tensor>;

  /**
   * @param hierarchy - One level more than `config.filters`.
   * @param statistics - Mean mesh and scales, in input order.
   * @param seed - Of the weights; those of the linear paths start at zero.
   * @throws {@link ArgumentError} if sizes do not fit or the configuration is not valid.
   */
  constructor(readonly hierarchy: Hierarchy, readonly statistics: MeshStatistics, config?: Partial<MeshDecoderConfig>, seed = 0) {
    const where = 'MeshDecoder', random = createRandom(seed);
    this.config = resolveDecoderConfig(where, config);
    const { latentSize, order, filters, laplacian, linearShapeLevel, linearColorLevel, linearShapeRank, linearColorRank, extension } = this.config, inputs = latentSize + (extension ?? 0);
    assertLevels(where, hierarchy, filters);
    const sizes = hierarchy.levels.map(({ vertices }) => vertices.length / 3), steps = filters.length;
    this.vertexCount = sizes[0]!;
    assertMeshStatistics(where, statistics, this.vertexCount);

    this.dense = new Linear(latentSize, sizes[steps]! * filters[0]!, random.fork('dense'));
    this.extend = extension === null ? null : new Linear(sizes[steps]! * filters[0]!, extension, random, zeros);
    this.convolutions = [...filters.map((outputs, i) => new ChebConv(filters[Math.max(0, i - 1)]!, outputs, order, random.fork(`cheb.${i}`), { initializer: heNormal })),
      new ChebConv(filters[steps - 1]!, 6, order, random.fork(`cheb.${steps}`), { bias: false })];
    this.laplacians = filters.map((_, i) => levelLaplacian(hierarchy, steps - 1 - i, laplacian));
    this.ups = filters.map((_, i) => createSparseOperator(hierarchy.upTransforms[steps - 1 - i]!));
    const inject = (name: 'linearShape' | 'linearColor', level: number, rank: number | null): Injection => ({
      reduce: rank === null ? null : new Linear(inputs, rank, random.fork(name)),
      layer: new Linear(rank ?? inputs, 3 * sizes[level]!, random, zeros), up: createSparseOperator(this.injectionMatrix(name)),
    });
    this.injections = {
      ...(linearShapeLevel !== null && { linearShape: inject('linearShape', linearShapeLevel, linearShapeRank) }),
      ...(linearColorLevel !== null && { linearColor: inject('linearColor', linearColorLevel, linearColorRank) }),
    };
    const { vertices, colors, vertexScale, colorScale } = statistics, V = this.vertexCount;
    const perVertex = (values: Float32Array): tf.Tensor => tf.keep(tf.tensor2d(Float32Array.from({ length: 3 * V }, (_, i) => values[Math.floor(i / 3)]!), [V, 3]));
    this.constants = {
      position: tf.keep(tf.tensor1d(positionOfInput(hierarchy), 'int32')),
      meanVertices: tf.keep(tf.tensor2d(vertices, [V, 3])), meanColors: tf.keep(tf.tensor2d(colors.map(unboundColor), [V, 3])),
      vertexScale: perVertex(vertexScale), colorScale: perVertex(colorScale),
    };
  }

  /**
   * Decodes a batch of latents. Differentiable in `latent` and the parameters.
   *
   * @param latent - float32 `[B, latentSize]`.
   * @throws {@link ArgumentError} if the latent has another length.
   */
  decode(latent: tf.Tensor2D): DecodedMeshes {
    const [vertices, colors] = tf.tidy((): [tf.Tensor3D, tf.Tensor3D] => {
      const { position, meanVertices, meanColors, vertexScale, colorScale } = this.constants;
      const coarsest = this.coarsestFeatures(latent), channels = this.convolve(coarsest), inputs = this.extend ? tf.concat([latent, this.extend.apply(coarsest)], 1) as tf.Tensor2D : latent;
      const part = (begin: number, name: 'linearShape' | 'linearColor'): tf.Tensor3D => {
        const x = gatherRows(channels, position as tf.Tensor1D, { begin, size: 3 }), injection = this.injections[name];
        if (!injection) return x;
        const { reduce, layer, up } = injection;
        return x.add(sparseMatMul(up, layer.apply(reduce?.apply(inputs) ?? inputs).reshape([latent.shape[0], -1, 3])));
      };
      return [part(0, 'linearShape').mul(vertexScale!).add(meanVertices!) as tf.Tensor3D,
        boundColor(part(3, 'linearColor').mul(colorScale!).add(meanColors!)) as tf.Tensor3D];
    });
    return { vertices, colors };
  }

  /**
   * The convolutional path alone: `[B, latentSize] -> [B, V, 6]`, in units of the scales, vertices in the order of
   * the hierarchy's finest level.
   *
   * @throws {@link ArgumentError} if the latent has another length.
   */
  decodeChannels(latent: tf.Tensor2D): tf.Tensor3D {
    return tf.tidy(() => this.convolve(this.coarsestFeatures(latent)));
  }

  /** Numbers that go into the linear paths beside the latent, `[B, extension]`; `null` where the configuration has none. */
  extensionOf(latent: tf.Tensor2D): tf.Tensor2D | null {
    return this.extend && tf.tidy(() => this.extend!.apply(this.coarsestFeatures(latent)));
  }

  private coarsestFeatures(latent: tf.Tensor2D): tf.Tensor2D {
    assertShape('MeshDecoder.decode', 'latent', latent.shape, ['B', this.config.latentSize]);
    const x = this.dense.apply(latent);
    return this.extend ? this.activate(x) : x;
  }

  private convolve(coarsest: tf.Tensor2D): tf.Tensor3D {
    const { filters, activation } = this.config, relu = activation === 'relu';
    let x: tf.Tensor3D = coarsest.reshape([coarsest.shape[0], -1, filters[0]!]);
    for (const [i, up] of this.ups.entries()) {
      x = this.convolutions[i]!.apply(this.laplacians[i]!, sparseMatMul(up, x), { relu });
      if (!relu) x = this.activate(x);
    }
    return this.convolutions.at(-1)!.apply(this.laplacians.at(-1)!, x);
  }

  private activate<T extends tf.Tensor>(x: T): T {
    return this.config.activation === 'relu' ? tf.relu(x) : tf.elu(x);
  }

  /** Variables by path: `dense.weight`, `cheb.0.weight` ... `linearShape.bias`, `linearShapeReduce.weight`. */
  get parameters(): Record<string, tf.Variable> {
    const layers: [string, Linear | ChebConv][] = [['dense', this.dense], ...(this.extend ? [['extend', this.extend] as [string, Linear]] : []), ...this.convolutions.map((layer, i): [string, ChebConv] => [`cheb.${i}`, layer]),
      ...Object.entries(this.injections).flatMap(([name, { reduce, layer }]): [string, Linear][] => [...(reduce ? [[`${name}Reduce`, reduce] as [string, Linear]] : []), [name, layer]])];
    return Object.fromEntries(layers.flatMap(([path, layer]) => Object.entries(layer.parameters).map(([name, value]) => [`${path}.${name}`, value])));
  }

  /** Numbers in all variables and in fitted up-sampling. */
  get parameterCount(): number {
    const { linearShapeUp, linearColorUp } = this.statistics;
    return Object.values(this.parameters).reduce((sum, { size }) => sum + size, 0) + (linearShapeUp?.length ?? 0) + (linearColorUp?.length ?? 0);
  }

  /** `[V_0, V_level]` of the linear path, rows in input order: what maps its output onto the mesh; the hierarchy's matrices, or what was fitted. */
  injectionMatrix(name: 'linearShape' | 'linearColor'): ReturnType<typeof upSamplingToInput> {
    const level = name === 'linearShape' ? this.config.linearShapeLevel : this.config.linearColorLevel;
    if (level === null) throw new ArgumentError('injectionMatrix', name, 'a level in the configuration', 'null');
    const { linearNeighbours } = this.config, weights = this.statistics[`${name}Up`];
    if (linearNeighbours === null) {
      if (weights) throw new ArgumentError('MeshDecoder', `statistics.${name}Up`, 'no weights where config.linearNeighbours is null', `${weights.length}`);
      return upSamplingToInput(this.hierarchy, level);
    }
    const pattern = upSamplingPattern(this.hierarchy, level, linearNeighbours), count = pattern.values.length;
    if (weights?.length !== count || !weights.every(Number.isFinite)) throw new ArgumentError('MeshDecoder', `statistics.${name}Up`, `${count} finite numbers`, `${weights?.length ?? 'none'}, or others`);
    return { ...pattern, values: Float64Array.from(weights) };
  }

  dispose(): void {
    tf.dispose([Object.values(this.parameters), Object.values(this.constants)]);
    for (const operator of [...this.laplacians, ...this.ups, ...Object.values(this.injections).map(({ up }) => up)]) operator.dispose();
  }
}
