import * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import type { Hierarchy } from '../mesh/hierarchy.ts';
import { setLinearPath } from './fit-linear-paths.ts';
import type { LatentSpace } from './latent-space.ts';
import { positionOfInput } from './level-operators.ts';
import { MeshDecoder } from './mesh-decoder.ts';
import type { MeshStatistics } from './mesh-statistics.ts';

/** Heads as a mean and what goes linearly with a white latent. */
export interface LinearHeads {
  /** Only its finest level counts. */
  readonly hierarchy: Hierarchy;
  readonly statistics: MeshStatistics;
  readonly space: Pick<LatentSpace, 'latentSize' | 'vertexCovariance' | 'colorCovariance'>;
}

/** Numbers in PCA of so many modes without its mean, which every model has: a coordinate and a colour a vertex each. */
export const linearParameters = (modes: number, vertexCount: number): number => modes * 6 * vertexCount;

/** As many modes as have no more numbers than `parameters`. */
export const modesWithin = (parameters: number, vertexCount: number): number => Math.floor(parameters / linearParameters(1, vertexCount));

/**
 * PCA as a mesh decoder, so that whatever takes a decoder takes it: `vertices = mean + C_s^T z`, `colors = bound(unbound(mean) + C_c^T z)`,
 * C the covariances of shape and of unbounded colour with the leading numbers of the white latent. No linear model of the same numbers has a smaller squared error.
 * It is the linear path at the finest level; the convolutions of such a decoder are one channel wide and end in zeros.
 *
 * @param modes - Leading numbers of the latent; 0: the mean head, with a latent of one number that does nothing.
 * @throws {@link ArgumentError} if the latent has fewer.
 */
export function linearDecoder({ hierarchy, statistics, space }: LinearHeads, modes: number): MeshDecoder {
  if (!(Number.isInteger(modes) && modes >= 0 && modes <= space.latentSize)) throw new ArgumentError('linearDecoder', 'modes', `a whole number from 0 to ${space.latentSize}`, String(modes));
  const { vertices, colors, vertexScale, colorScale } = statistics, latentSize = Math.max(1, modes), position = positionOfInput(hierarchy), size = vertices.length;
  const decoder = new MeshDecoder(hierarchy, { vertices, colors, vertexScale, colorScale }, {
    latentSize, order: 1, filters: hierarchy.levels.slice(1).map(() => 1), linearShapeLevel: 0, linearColorLevel: 0, linearShapeRank: null, linearColorRank: null, linearNeighbours: null, extension: null,
  });
  const weightOf = (covariance: Float32Array, scale: Float32Array): Float32Array => {
    const weight = new Float32Array(latentSize * size);
    for (let j = 0; j < modes; j++) for (let i = 0; i < size; i++) { const v = Math.floor(i / 3); weight[j * size + 3 * position[v]! + (i % 3)] = covariance[j * size + i]! / scale[v]!; }
    return weight;
  };
  setLinearPath(decoder, 'linearShape', { reduce: null, weight: weightOf(space.vertexCovariance, vertexScale) });
  setLinearPath(decoder, 'linearColor', { reduce: null, weight: weightOf(space.colorCovariance, colorScale) });
  for (const [name, variable] of Object.entries(decoder.parameters)) if (!name.startsWith('linear')) tf.tidy(() => variable.assign(tf.zerosLike(variable)));
  return decoder;
}
