import * as tf from '@tensorflow/tfjs';
import { createRandom } from '../core/random.ts';
import { assertShape } from '../core/shape.ts';
import type { Hierarchy } from '../mesh/hierarchy.ts';
import { ChebConv } from '../nn/cheb-conv.ts';
import { heNormal } from '../nn/initializers.ts';
import { Linear } from '../nn/linear.ts';
import { gatherRows } from '../ops/gather-rows.ts';
import type { SparseOperator } from '../ops/sparse-operator.ts';
import { type MeshDecoderConfig, resolveDecoderConfig } from './config.ts';
import type { DecodedMeshes } from './mesh-decoder.ts';
import { assertLevels, levelLaplacian } from './level-operators.ts';
import { assertMeshStatistics, type MeshStatistics } from './mesh-statistics.ts';

/**
 * Coloured meshes to latent numbers, the mirror of the decoder: per level Chebyshev convolution, activation,
 * down-sampling; then a dense layer without activation. The linear paths of the configuration have no mirror.
 *
 * Ranjan et al., "Generating 3D Faces Using Convolutional Mesh Autoencoders", ECCV 2018, section 4.
 */
export class MeshEncoder {
  readonly config: MeshDecoderConfig;
  private readonly convolutions: readonly ChebConv[];
  private readonly laplacians: readonly SparseOperator[];
  private readonly dense: Linear;
  private readonly kept: readonly tf.Tensor1D[];
  private readonly constants: Record<'permutation' | 'mean' | 'inverseScale', tf.Tensor>;

  /**
   * @param hierarchy - That of the decoder.
   * @param statistics - Mean mesh and scales, in input order.
   * @throws {@link ArgumentError} if sizes do not fit or the configuration is not valid.
   */
  constructor(readonly hierarchy: Hierarchy, statistics: MeshStatistics, config?: Partial<MeshDecoderConfig>, seed = 0) {
    const where = 'MeshEncoder', random = createRandom(seed).fork('encoder');
    this.config = resolveDecoderConfig(where, config);
    const { latentSize, order, filters, laplacian } = this.config, channels = [6, ...[...filters].reverse()];
    assertLevels(where, hierarchy, filters);
    const V = hierarchy.levels[0]!.vertices.length / 3;
    assertMeshStatistics(where, statistics, V);
    this.convolutions = filters.map((_, i) => new ChebConv(channels[i]!, channels[i + 1]!, order, random.fork(`cheb.${i}`), { initializer: heNormal }));
    this.laplacians = filters.map((_, i) => levelLaplacian(hierarchy, i, laplacian));
    this.kept = hierarchy.downTransforms.map(({ colIndex }) => tf.keep(tf.tensor1d(colIndex, 'int32')));
    this.dense = new Linear(hierarchy.levels.at(-1)!.vertices.length / 3 * filters[0]!, latentSize, random.fork('dense'));
    const { vertices, colors, vertexScale, colorScale } = statistics;
    const sixChannels = (value: (v: number, c: number) => number): tf.Tensor =>
      tf.keep(tf.tensor2d(Float32Array.from({ length: 6 * V }, (_, i) => value(Math.floor(i / 6), i % 6)), [V, 6]));
    this.constants = {
      permutation: tf.keep(tf.tensor1d(hierarchy.permutation, 'int32')),
      mean: sixChannels((v, c) => (c < 3 ? vertices[3 * v + c]! : colors[3 * v + c - 3]!)),
      inverseScale: sixChannels((v, c) => (c < 3 ? 1 / vertexScale[v]! : 1 / colorScale[v]!)),
    };
  }

  /**
   * Encodes a batch of meshes. Differentiable in them and the parameters.
   *
   * @returns float32 `[B, latentSize]`.
   * @throws {@link ArgumentError} if a shape does not fit.
   */
  encode({ vertices, colors }: DecodedMeshes): tf.Tensor2D {
    const where = 'MeshEncoder.encode', dims = {}, { permutation, mean, inverseScale } = this.constants;
    assertShape(where, 'vertices', vertices.shape, ['B', mean!.shape[0]!, 3], dims);
    assertShape(where, 'colors', colors.shape, ['B', mean!.shape[0]!, 3], dims);
    return tf.tidy(() => {
      let x = gatherRows(tf.concat([vertices, colors], 2).sub(mean!).mul(inverseScale!), permutation as tf.Tensor1D);
      for (const [i, convolution] of this.convolutions.entries()) {
        const relu = this.config.activation === 'relu';
        x = convolution.apply(this.laplacians[i]!, x, { relu });
        x = gatherRows(relu ? x : tf.elu(x), this.kept[i]!);
      }
      return this.dense.apply(x.reshape([vertices.shape[0], -1]));
    });
  }

  /** Variables by path: `cheb.0.weight` ... `dense.bias`. */
  get parameters(): Record<string, tf.Variable> {
    const layers: [string, Linear | ChebConv][] = [...this.convolutions.map((layer, i): [string, ChebConv] => [`cheb.${i}`, layer]), ['dense', this.dense]];
    return Object.fromEntries(layers.flatMap(([path, layer]) => Object.entries(layer.parameters).map(([name, value]) => [`${path}.${name}`, value])));
  }

  /** Numbers in all variables. */
  get parameterCount(): number {
    return Object.values(this.parameters).reduce((sum, { size }) => sum + size, 0);
  }

  dispose(): void {
    tf.dispose([Object.values(this.parameters), Object.values(this.constants), [...this.kept]]);
    for (const operator of this.laplacians) operator.dispose();
  }
}
