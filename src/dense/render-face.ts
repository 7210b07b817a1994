import * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import { decodeMesh } from '../decoder/decode-mesh.ts';
import type { FaceModel } from '../decoder/face-model.ts';
import type { TriangleMesh } from '../mesh/triangle-mesh.ts';
import { interpolateAttributes } from '../ops/interpolate-attributes.ts';
import { renderMesh } from '../renderer/render-mesh.ts';
import { sceneTensors } from './scene-map.ts';
import type { SceneNumbers } from './scene.ts';

/** A face as a picture. */
export interface FaceRender {
  /** Decoded mesh: millimetres, sRGB albedo. */
  readonly mesh: Required<TriangleMesh<Float32Array>>;
  /** `[size * size * 3]` sRGB, lit, not cut to [0, 1]; 0 where the mesh is not. */
  readonly colors: Float32Array;
  /** `[size * size]` in [0, 1]: the share of the pixel that shows face, weighted by the topology's face mask. */
  readonly faceMask: Float32Array;
  /** `[size * size]` in [0, 1]: the share of the pixel that the mesh covers. */
  readonly mask: Float32Array;
}

/** Up to this edge every pixel is the mean of 2 x 2 samples; beyond it of one. */
export const SUPERSAMPLED_SIZE = 1024;

/** Largest edge of a picture. */
export const MAX_RENDER_SIZE = 2048;

/**
 * Draws one face as its crop shows it. The same numbers on the same backend give the same bits.
 *
 * @param face - Numbers of a scene, e.g. a face of a scene file.
 * @param size - Edge in pixels; the camera speaks in half crop heights, so that any will do.
 * @throws {@link ArgumentError} if the size is no whole number from 1 to {@link MAX_RENDER_SIZE}, or the latent does not fit the decoder.
 */
export function renderFace(face: Omit<SceneNumbers, 'latent'> & { readonly latent: ArrayLike<number> }, model: Pick<FaceModel, 'decoder' | 'topology'>, size: number): FaceRender {
  if (!(Number.isInteger(size) && size >= 1 && size <= MAX_RENDER_SIZE)) throw new ArgumentError('renderFace', 'size', `a whole number from 1 to ${MAX_RENDER_SIZE}`, `${size}`);
  const mesh = decodeMesh(model, face.latent), samples = size <= SUPERSAMPLED_SIZE ? 2 : 1, edge = samples * size, { faceMask, faces } = model.topology;
  const [image, mask, weight] = tf.tidy(() => {
    const { camera, illumination } = sceneTensors([{ latent: new Float32Array(1), camera: face.camera, illumination: face.illumination }]);
    const vertices = tf.tensor3d(mesh.vertices, [1, faceMask.length, 3]), colors = tf.tensor3d(mesh.colors, [1, faceMask.length, 3]), triangles = tf.tensor2d(faces, [faces.length / 3, 3], 'int32');
    const { image, mask, fragments } = renderMesh({ vertices, colors, faces: triangles }, camera, illumination, { height: edge, width: edge });
    const weight = interpolateAttributes(tf.tensor3d(faceMask, [1, faceMask.length, 1]), triangles, fragments);
    return [image.dataSync(), mask.dataSync(), weight.dataSync()] as const;
  });
  return { mesh, ...averageSamples(image, mask, weight, size, samples) };
}

// Colours are means over the samples that the mesh covers, so that its rim does not darken.
function averageSamples(image: ArrayLike<number>, mask: ArrayLike<number>, weight: ArrayLike<number>, size: number, samples: number): Pick<FaceRender, 'colors' | 'faceMask' | 'mask'> {
  const colors = new Float32Array(3 * size * size), faceMask = new Float32Array(size * size), coverage = new Float32Array(size * size), edge = samples * size;
  for (let row = 0; row < size; row++) {
    for (let col = 0; col < size; col++) {
      const at = row * size + col;
      let covered = 0, face = 0, red = 0, green = 0, blue = 0;
      for (let k = 0; k < samples * samples; k++) {
        const from = (samples * row + Math.floor(k / samples)) * edge + samples * col + k % samples;
        if (!(mask[from]! > 0)) continue;
        covered++;
        face += weight[from]!;
        red += image[3 * from]!;
        green += image[3 * from + 1]!;
        blue += image[3 * from + 2]!;
      }
      if (covered === 0) continue;
      colors.set([red / covered, green / covered, blue / covered], 3 * at);
      coverage[at] = covered / (samples * samples);
      faceMask[at] = Math.min(1, face / (samples * samples));
    }
  }
  return { colors, faceMask, mask: coverage };
}
