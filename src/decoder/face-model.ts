import { type HeadTopology, topologyFromTensors, topologyToTensors } from '../data/head-topology.ts';
import { readSafetensors, type SafeTensor, writeSafetensors } from '../io/safetensors.ts';
import { decoderConfigToJson, decoderFromTensors, decoderToTensors, type WeightStorage } from './decoder-tensors.ts';
import { assertFaceModelFormat, FACE_MODEL_FORMAT } from './face-model-format.ts';
import type { MeshDecoder } from './mesh-decoder.ts';

/** A trained decoder and what its mesh means: all that a fit needs. */
export interface FaceModel {
  readonly decoder: MeshDecoder;
  readonly topology: HeadTopology;
  /** What else the file says of itself, e.g. `latent`, `trainedOn`. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A face model as one safetensors file. */
export function writeFaceModel({ decoder, topology, metadata }: FaceModel, storage: WeightStorage = 'F16'): Uint8Array {
  const tensors = { ...decoderToTensors(decoder, storage), ...topologyToTensors(topology) };
  return writeSafetensors(tensors, { ...metadata, ...FACE_MODEL_FORMAT, config: decoderConfigToJson(decoder.config) });
}

/**
 * The face model of a file; its decoder lives on the active backend until it is disposed of.
 *
 * @param where - Named in errors: the file.
 * @throws {@link FormatError} if the bytes are no safetensors, of another format or version, or a tensor is missing, unknown or does not fit.
 */
export function readFaceModel(bytes: Uint8Array, where = 'readFaceModel'): FaceModel {
  const { tensors, metadata } = readSafetensors(bytes, where);
  assertFaceModelFormat(metadata, where);
  const { format, version, config, ...rest } = metadata;
  const mine = (belongs: boolean): Record<string, SafeTensor> =>
    Object.fromEntries(Object.entries(tensors).filter(([name]) => name.startsWith('topology.') === belongs));
  const decoder = decoderFromTensors(mine(false), config, where);
  try {
    return { decoder, topology: topologyFromTensors(mine(true), decoder.vertexCount, where), metadata: rest };
  } catch (error) {
    decoder.dispose();
    throw error;
  }
}
