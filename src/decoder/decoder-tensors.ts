import * as tf from '@tensorflow/tfjs';
import { FormatError } from '../core/errors.ts';
import { hierarchyFromTensors, hierarchyToTensors } from '../io/hierarchy-tensors.ts';
import type { SafeTensor, SafeTensorData } from '../io/safetensors.ts';
import { type MeshDecoderConfig, MESH_DECODER_DEFAULTS, resolveDecoderConfig } from './config.ts';
import { MeshDecoder } from './mesh-decoder.ts';
import type { MeshStatistics } from './mesh-statistics.ts';
import { upSamplingPattern } from './up-sampling-pattern.ts';

/** How the weights are stored; the decoder computes in float32 either way. */
export type WeightStorage = 'F16' | 'F32';

const PARAMETER = 'decoder.', STATISTIC = 'statistics.', UPS = ['linearShapeUp', 'linearColorUp'] as const;

/**
 * Weights, mean mesh, scales and hierarchy of a decoder as named arrays. The configuration goes into the file's
 * metadata: {@link decoderConfigToJson}.
 *
 * @param storage - Of weights and colours; the mean vertices are always float32.
 */
export function decoderToTensors(decoder: MeshDecoder, storage: WeightStorage = 'F32'): Record<string, SafeTensor> {
  const { statistics, vertexCount: V } = decoder;
  const weights = Object.entries(decoder.parameters).map(([name, value]): [string, SafeTensor] =>
    [PARAMETER + name, { dtype: storage, shape: value.shape, data: value.dataSync<'float32'>().slice() }]);
  const scales = (['vertexScale', 'colorScale'] as const).map((name): [string, SafeTensor] => [STATISTIC + name, { dtype: 'F32', shape: [V], data: statistics[name] }]);
  return {
    ...Object.fromEntries([...weights, ...scales]), ...hierarchyToTensors(decoder.hierarchy),
    [`${STATISTIC}vertices`]: { dtype: 'F32', shape: [V, 3], data: statistics.vertices },
    [`${STATISTIC}colors`]: { dtype: storage, shape: [V, 3], data: statistics.colors },
    ...Object.fromEntries(UPS.flatMap((name): [string, SafeTensor][] => (statistics[name] ? [[STATISTIC + name, { dtype: storage, shape: [statistics[name].length], data: statistics[name] }]] : []))),
  };
}

/** The whole configuration as one line of JSON, for the file's metadata. */
export const decoderConfigToJson = (config: MeshDecoderConfig): string => JSON.stringify(config);

/**
 * The decoder that {@link decoderToTensors} stored.
 *
 * @param tensors - All tensors of the file whose name starts with `decoder.`, `statistics.` or `hierarchy.`; no other.
 * @param configJson - As {@link decoderConfigToJson} made it, every field present.
 * @param where - Named in errors: the file.
 * @throws {@link FormatError} naming a missing, unknown or misshapen tensor, or what is wrong with the configuration.
 */
export function decoderFromTensors(tensors: Readonly<Record<string, SafeTensor>>, configJson: string | undefined, where: string): MeshDecoder {
  const config = parseConfig(configJson, where);
  const hierarchy = hierarchyFromTensors(tensors, where), V = hierarchy.permutation.length;
  const used = new Set(Object.keys(tensors).filter((name) => name.startsWith('hierarchy.')));
  const floats = (name: string, shape: readonly number[]): Float32Array => {
    used.add(name);
    if (!Object.hasOwn(tensors, name)) throw new FormatError(where, `tensor ${name}`, `shape [${shape}]`, 'no such tensor', 'the header');
    const { shape: found, data } = tensors[name]!;
    if (!(data instanceof Float32Array) || found.length !== shape.length || found.some((n, i) => n !== shape[i])) {
      throw new FormatError(where, `tensor ${name}`, `shape [${shape}] of floats: the file belongs to another topology or configuration`, describe(found, data), 'the header');
    }
    const stray = data.findIndex((x) => !Number.isFinite(x));
    if (stray >= 0) throw new FormatError(where, `tensor ${name}`, 'finite numbers', `${data[stray]}`, `entry ${stray}`);
    return data;
  };
  const ups = Object.fromEntries(UPS.flatMap((name): [string, Float32Array][] => {
    const level = name === 'linearShapeUp' ? config.linearShapeLevel : config.linearColorLevel, { linearNeighbours } = config;
    if (level === null || linearNeighbours === null || !hierarchy.levels[level]) return [];
    return [[name, floats(STATISTIC + name, [upSamplingPattern(hierarchy, level, linearNeighbours).values.length])]];
  }));
  const statistics: MeshStatistics = {
    ...ups,
    vertices: floats(`${STATISTIC}vertices`, [V, 3]), colors: floats(`${STATISTIC}colors`, [V, 3]),
    vertexScale: floats(`${STATISTIC}vertexScale`, [V]), colorScale: floats(`${STATISTIC}colorScale`, [V]),
  };
  if (hierarchy.levels.length !== config.filters.length + 1) {
    throw new FormatError(where, 'the hierarchy', `${config.filters.length + 1} levels, as the configuration has filters`, `${hierarchy.levels.length}`, 'the header');
  }
  const decoder = new MeshDecoder(hierarchy, statistics, config);
  try {
    for (const [name, variable] of Object.entries(decoder.parameters)) {
      const data = floats(PARAMETER + name, variable.shape);
      tf.tidy(() => variable.assign(tf.tensor(data, variable.shape)));
    }
    const unknown = Object.keys(tensors).find((name) => !used.has(name));
    if (unknown !== undefined) throw new FormatError(where, 'the file', 'no tensor that the configuration has no place for', unknown, 'the header');
    return decoder;
  } catch (error) {
    decoder.dispose();
    throw error;
  }
}

const describe = (shape: readonly number[], data: SafeTensorData): string => `[${shape}] of ${data.constructor.name.replace('Array', '')}`;

/** Fields that the first files did not have, and what they meant by that. */
const ADDED_LATER = { linearNeighbours: null, extension: null } as const;

function parseConfig(json: string | undefined, where: string): MeshDecoderConfig {
  const fail = (expected: string, actual: string): never => {
    throw new FormatError(where, 'the metadata field config', expected, actual, 'the header');
  };
  if (json === undefined) return fail('a JSON object', 'nothing');
  try {
    const parsed = JSON.parse(json) as unknown;
    const given: Partial<MeshDecoderConfig> = typeof parsed === 'object' && parsed !== null ? { ...ADDED_LATER, ...parsed } : {};
    const missing = Object.keys(MESH_DECODER_DEFAULTS).filter((key) => !Object.hasOwn(given, key));
    return missing.length > 0 ? fail('every field of the configuration', `none called ${missing.join(', ')}`) : resolveDecoderConfig(where, given);
  } catch (error) {
    if (error instanceof FormatError) throw error;
    return fail('a valid configuration', (error as Error).message);
  }
}
