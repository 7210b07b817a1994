import { decodeMesh } from '../../../decoder/decode-mesh.ts';
import { type FaceModel, readFaceModel } from '../../../decoder/face-model.ts';
import { decodeFloats, decodeInts } from '../../base64-array.ts';
import { type HierarchyLevel, hierarchyLevels } from '../../level-faces.ts';
import type { ViewMesh } from '../../view-data.ts';

/** Vertices and colours of a mesh whose triangles are known. */
export interface HeadMesh {
  /** `[V, 3]`, mm. */
  readonly vertices: Float32Array;
  /** `[V, 3]`, sRGB. */
  readonly colors: Float32Array;
}

/** Where meshes come from: a decoder, or one that was decoded before. */
export interface Head {
  readonly vertexCount: number;
  readonly faceMask: Float32Array;
  /** Finest first. */
  readonly levels: readonly HierarchyLevel[];
  /** `null`: nothing decodes. */
  readonly model: FaceModel | null;
  /** 0 without a model. */
  readonly latentSize: number;
  /** Share of the variance of heads that each latent number explains; empty where the model does not say. */
  readonly explained: readonly number[];
  /** `[V, 3]` the mean head; `null` without a model. */
  readonly mean: Float32Array | null;
  readonly decode: (latent: ArrayLike<number> | null) => HeadMesh;
  readonly dispose: () => void;
}

/** A head that decodes. */
export function headOfModel(bytes: Uint8Array, where: string): Head {
  const model = readFaceModel(bytes, where), { decoder, topology } = model, { latentSize } = decoder.config;
  return {
    vertexCount: decoder.vertexCount, faceMask: topology.faceMask, levels: hierarchyLevels(decoder.hierarchy), model, latentSize, explained: explainedOf(model), mean: decoder.statistics.vertices,
    decode: (latent) => decodeMesh(model, latent ?? new Float32Array(latentSize)), dispose: () => decoder.dispose(),
  };
}

/** A head that is one mesh. */
export function headOfMesh({ vertices, colors, faces, faceMask }: ViewMesh): Head {
  const mesh = { vertices: decodeFloats(vertices), colors: decodeFloats(colors) }, vertexCount = mesh.vertices.length / 3;
  return {
    vertexCount, faceMask: decodeFloats(faceMask), levels: [{ vertexCount, faces: decodeInts(faces) }], model: null, latentSize: 0, explained: [], mean: null, decode: () => mesh, dispose: () => {},
  };
}

function explainedOf({ metadata }: FaceModel): number[] {
  try {
    const shares = JSON.parse(metadata.explained ?? '[]') as unknown;
    return Array.isArray(shares) ? shares.filter((x): x is number => Number.isFinite(x)) : [];
  } catch {
    return [];
  }
}
