import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import { LAPLACIAN_PRESETS, type LaplacianPreset } from '../mesh/laplacian.ts';

/** What follows each Chebyshev convolution but the last. */
export type Activation = 'relu' | 'elu';

/** Everything that decides the shape of a mesh decoder or encoder, besides the hierarchy. */
export interface MeshDecoderConfig {
  /** Numbers in the latent, 128 in the paper. */
  readonly latentSize: number;
  /** K, Chebyshev polynomials per convolution. */
  readonly order: number;
  /** Channels, coarsest first: of the coarsest level, then of no finer level twice; one per step of the hierarchy. */
  readonly filters: readonly number[];
  readonly activation: Activation;
  readonly laplacian: LaplacianPreset;
  /** Level of the hierarchy, 0 the finest, at which the latent is also added linearly to the shape; `null`: nowhere. */
  readonly linearShapeLevel: number | null;
  /** The same for the colours. */
  readonly linearColorLevel: number | null;
  /** Numbers that the latent is first reduced to on its way to the shape's linear path; `null`: all of it goes in. */
  readonly linearShapeRank: number | null;
  /** The same for the colours. */
  readonly linearColorRank: number | null;
  /** Coarse vertices that each fine one takes its linear paths from, with weights of its own; `null`: the matrices of the hierarchy. */
  readonly linearNeighbours: number | null;
  /**
   * Numbers that are predicted from the latent and go into the linear paths beside it: what varies beyond the latent's span but follows from it.
   * They are read from the coarsest features, which then go through the activation; `null`: none.
   */
  readonly extension: number | null;
}

/**
 * `plain`: the decoder of the literature (Zhou et al. 2019 with K = 6 of CoMA): dense, then up-sampling and convolution by
 * turns. `injected`: the same, with the latent also mapped linearly onto coarse levels of shape and colour, up-sampled by the
 * same matrices and added. `fitted`: injected at a finer level by way of fewer numbers, each fine vertex with weights of its own, and with
 * what the coarsest features predict beyond the latent; the shipped one.
 */
export const MESH_DECODER_PRESETS = {
  plain: {
    latentSize: 128, order: 6, filters: [32, 16, 16, 16], activation: 'relu', laplacian: LAPLACIAN_PRESETS.pyg, linearShapeLevel: null, linearColorLevel: null,
    linearShapeRank: null, linearColorRank: null, linearNeighbours: null, extension: null,
  },
  injected: {
    latentSize: 128, order: 6, filters: [32, 16, 16, 16], activation: 'relu', laplacian: LAPLACIAN_PRESETS.pyg, linearShapeLevel: 2, linearColorLevel: 1,
    linearShapeRank: null, linearColorRank: null, linearNeighbours: null, extension: null,
  },
  fitted: {
    latentSize: 128, order: 6, filters: [16, 16, 16, 16], activation: 'relu', laplacian: LAPLACIAN_PRESETS.pyg, linearShapeLevel: 1, linearColorLevel: 1,
    linearShapeRank: 118, linearColorRank: 58, linearNeighbours: 10, extension: 64,
  },
} as const satisfies Record<string, MeshDecoderConfig>;

export const MESH_DECODER_DEFAULTS: MeshDecoderConfig = MESH_DECODER_PRESETS.injected;

/**
 * A complete, checked configuration.
 *
 * @throws {@link ArgumentError} naming the first field at fault; an unknown field is one.
 */
export function resolveDecoderConfig(where: string, given?: Partial<MeshDecoderConfig>, defaults: MeshDecoderConfig = MESH_DECODER_DEFAULTS): MeshDecoderConfig {
  const config = resolveOptions(where, defaults, given);
  const { latentSize, order, filters, activation, laplacian, linearShapeLevel, linearColorLevel, linearShapeRank, linearColorRank, linearNeighbours, extension } = config;
  const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 4096;
  const check = (field: string, fits: boolean, expected: string, value: unknown): void => {
    if (!fits) throw new ArgumentError(where, `config.${field}`, expected, JSON.stringify(value) ?? 'nothing');
  };
  check('latentSize', isCount(latentSize), 'an integer in [1, 4096]', latentSize);
  check('order', isCount(order) && order <= 32, 'an integer in [1, 32]', order);
  check('filters', Array.isArray(filters) && filters.length >= 1 && filters.every(isCount), 'a list of integers in [1, 4096]', filters);
  check('activation', activation === 'relu' || activation === 'elu', 'value relu or elu', activation);
  check('laplacian', typeof laplacian === 'object' && laplacian !== null, 'fields kind, weights, isolated, lambdaMax', laplacian);
  check('laplacian.kind', ['sym', 'rw', 'combinatorial'].includes(laplacian.kind), 'value sym, rw or combinatorial', laplacian.kind);
  check('laplacian.weights', ['binary', 'coma'].includes(laplacian.weights), 'value binary or coma', laplacian.weights);
  check('laplacian.isolated', laplacian.isolated === 0 || laplacian.isolated === 1, 'value 0 or 1', laplacian.isolated);
  check('laplacian.lambdaMax', laplacian.lambdaMax === 'auto' || (Number.isFinite(laplacian.lambdaMax) && laplacian.lambdaMax > 0), "a positive number or 'auto'", laplacian.lambdaMax);
  const isLevel = (level: unknown): boolean => level === null || (Number.isInteger(level) && (level as number) >= 0 && (level as number) <= filters.length);
  check('linearShapeLevel', isLevel(linearShapeLevel), `a level in [0, ${filters.length}] or null`, linearShapeLevel);
  check('linearColorLevel', isLevel(linearColorLevel), `a level in [0, ${filters.length}] or null`, linearColorLevel);
  check('extension', extension === null || isCount(extension), 'an integer in [1, 4096] or null', extension);
  const inputs = latentSize + (extension ?? 0);
  const isRank = (rank: unknown): boolean => rank === null || (isCount(rank) && (rank as number) <= inputs);
  check('linearShapeRank', isRank(linearShapeRank), `an integer in [1, ${inputs}] or null`, linearShapeRank);
  check('linearColorRank', isRank(linearColorRank), `an integer in [1, ${inputs}] or null`, linearColorRank);
  check('linearNeighbours', linearNeighbours === null || (isCount(linearNeighbours) && linearNeighbours <= 32), 'an integer in [1, 32] or null', linearNeighbours);
  return config;
}
