import * as tf from '@tensorflow/tfjs';
import { cielab } from '../core/cielab.ts';
import { resolveOptions } from '../core/options.ts';
import { HEAD_REGIONS } from '../data/head-topology.ts';
import { skinVertices } from '../data/skin-color.ts';
import { smoothstep } from '../data/smoothstep.ts';
import { decodeMesh } from '../decoder/decode-mesh.ts';
import type { FaceModel } from '../decoder/face-model.ts';
import type { PixelImage } from '../io/image.ts';
import { vertexNormals } from '../mesh/vertex-normals.ts';
import { renderMesh } from '../renderer/render-mesh.ts';
import { type CropFrame, cropToPhoto } from './crop-frame.ts';
import { resampleCrop } from './resample.ts';
import { sceneTensors } from './scene-map.ts';
import type { SceneNumbers } from './scene.ts';

/** Options of {@link photoAlbedo}. */
export interface PhotoAlbedoOptions {
  /** Edge of the crop whose pixels are read: about twice as fine as the mesh of a face that fills half of it. */
  readonly size: number;
  /** Cosines between a surface and the view: nothing is taken below the first, all from the second. */
  readonly facing: readonly [number, number];
  /** Photograph values, darkest channel and brightest: outside of these a sensor says little of the colour. */
  readonly exposed: readonly [number, number];
  /** The least light, as what a white surface would show, by which a pixel is divided. */
  readonly lit: number;
  /** Differences from the fit, in medians of them, at which a pixel has a quarter of its weight. */
  readonly spread: number;
  /** The least such difference, RGB length in [0, 1.7]: what tells one face from another is no fault. */
  readonly tolerance: number;
  /** CIELAB a* of a vertex of the lips less that of the skin: below the first it is a tooth, a moustache or the mouth's inside that the fit took for a lip, and counts nothing; from the second it is a lip. */
  readonly lipRedness: readonly [number, number];
}

export const PHOTO_ALBEDO_DEFAULTS: PhotoAlbedoOptions = { size: 288, facing: [0.25, 0.55], exposed: [0.02, 0.97], lit: 0.25, spread: 4, tolerance: 0.25, lipRedness: [-4, 0] };

/** What one photograph says of a face's colours. */
export interface PhotoAlbedo {
  /** `[3V]` sRGB: the photograph over the fitted light, in [0, 1]; what the weight makes 0 is the decoder's. */
  readonly albedo: Float32Array;
  /** `[V]` in [0, 1]: how much it is to be believed; 0 where nothing was seen. */
  readonly weight: Float32Array;
  /** Median length of the RGB difference of fit and photograph under the face mask, in [0, 1.7]. */
  readonly difference: number;
}

const LIPS = HEAD_REGIONS.indexOf('lips');

/** Crop pixels, shared over its corners, from which on a vertex is fully seen. */
const SEEN = 0.75;

/**
 * Reads a face's albedo off a photograph by its fit: each pixel that shows the face is divided by the light that the fit found there and shared among the corners of its triangle. Pixels
 * on the face's rim, turned away, over- and underexposed, hardly lit or far from what the fit explains (glasses, hair, highlights) weigh less or nothing, and so do lips that are less red than the skin: where a mouth
 * is fitted closed that is not, teeth would become a colour of lips, and the next fit would paint them there.
 *
 * The albedo is known only up to the light: a darker skin under more light is the same picture.
 */
export function photoAlbedo(photo: PixelImage, { scene, frame }: { readonly scene: SceneNumbers; readonly frame: CropFrame }, model: Pick<FaceModel, 'decoder' | 'topology'>, options?: Partial<PhotoAlbedoOptions>): PhotoAlbedo {
  const { size, facing, exposed, lit, spread, tolerance, lipRedness } = resolveOptions('photoAlbedo', PHOTO_ALBEDO_DEFAULTS, options), { faceMask, faces, region } = model.topology, V = faceMask.length;
  const mesh = decodeMesh(model, scene.latent), { pixels, inside } = resampleCrop(photo, cropToPhoto(frame, size), size), normals = vertexNormals(mesh), { eye } = scene.camera;
  const away = Float32Array.from({ length: V }, (_, v) => {
    const view = [0, 1, 2].map((k) => eye[k]! - mesh.vertices[3 * v + k]!);
    return [0, 1, 2].reduce((sum, k) => sum + normals[3 * v + k]! * view[k]!, 0) / Math.hypot(...view);
  });
  // A white mesh shows the light.
  const [faceIndex, barycentrics, light] = tf.tidy(() => {
    const { camera, illumination } = sceneTensors([{ ...scene, latent: new Float32Array(1) }]), white = tf.ones([1, V, 3]) as tf.Tensor3D;
    const { fragments, image } = renderMesh({ vertices: tf.tensor3d(mesh.vertices, [1, V, 3]), colors: white, faces: tf.tensor2d(faces, [faces.length / 3, 3], 'int32') }, camera, illumination, { height: size, width: size });
    return [fragments.faceIndex.dataSync(), fragments.barycentrics.dataSync(), image.dataSync()] as const;
  });
  const reach = (p: number, values: ArrayLike<number>): number => [0, 1, 2].reduce((sum, i) => sum + barycentrics[3 * p + i]! * values[faces[3 * faceIndex[p]! + i]!]!, 0);
  const off = new Float64Array(size * size), counted: number[] = [];
  for (let p = 0; p < size * size; p++) {
    if (faceIndex[p]! < 0 || !(reach(p, faceMask) > 0.5)) continue;
    let square = 0;
    for (let k = 0; k < 3; k++) {
      const shown = Math.min(1, light[3 * p + k]! * [0, 1, 2].reduce((sum, i) => sum + barycentrics[3 * p + i]! * mesh.colors[3 * faces[3 * faceIndex[p]! + i]! + k]!, 0));
      square += (shown - pixels[3 * p + k]!) ** 2;
    }
    off[p] = Math.sqrt(square);
    counted.push(off[p]!);
  }
  const difference = counted.sort((a, b) => a - b)[counted.length >> 1] ?? 0, scale = Math.max(tolerance, spread * difference), sums = new Float64Array(3 * V), weights = new Float64Array(V), shares = new Float64Array(V);
  for (let p = 0; p < size * size; p++) {
    if (faceIndex[p]! < 0 || isRim(faceIndex, p, size)) continue;
    const rgb = [0, 1, 2].map((k) => pixels[3 * p + k]!), lights = [0, 1, 2].map((k) => light[3 * p + k]!), mask = reach(p, faceMask);
    const usable = mask * inside[p]! * smoothstep(facing[0], facing[1], reach(p, away)) * Number(Math.max(...rgb) < exposed[1] && Math.min(...rgb) > exposed[0] && Math.min(...lights) > lit);
    if (!(usable > 0)) continue;
    const weight = usable / (1 + (off[p]! / scale) ** 2) ** 2;
    for (let i = 0; i < 3; i++) {
      const v = faces[3 * faceIndex[p]! + i]!, share = barycentrics[3 * p + i]! ** 2;
      shares[v]! += share;
      weights[v]! += share * weight;
      for (let k = 0; k < 3; k++) sums[3 * v + k]! += share * weight * Math.min(1, rgb[k]! / lights[k]!);
    }
  }
  const weight = Float32Array.from(weights, (w, v) => (w > 0 ? Math.min(w / shares[v]!, smoothstep(facing[0], facing[1], away[v]!)) * Math.min(1, shares[v]! / SEEN) : 0));
  const redness = (v: number): number => cielab([0, 1, 2].map((k) => sums[3 * v + k]! / weights[v]!))[1], skin = [...skinVertices(model.topology)].filter((v) => weight[v]! > 0).map(redness).sort((a, b) => a - b), typical = skin[skin.length >> 1] ?? 0;
  for (let v = 0; v < V; v++) if (region[v] === LIPS && weight[v]! > 0) weight[v]! *= smoothstep(lipRedness[0], lipRedness[1], redness(v) - typical);
  return { difference, weight, albedo: Float32Array.from(sums, (sum, i) => (weight[Math.floor(i / 3)]! > 0 ? sum / weights[Math.floor(i / 3)]! : mesh.colors[i]!)) };
}

/** Whether a pixel has a neighbour that shows the background: its photograph's pixels mix. */
function isRim(faceIndex: ArrayLike<number>, p: number, size: number): boolean {
  const x = p % size, y = Math.floor(p / size), r = 2;
  return [[-r, 0], [r, 0], [0, -r], [0, r]].some(([dx, dy]) => {
    const u = x + dx!, v = y + dy!;
    return u >= 0 && v >= 0 && u < size && v < size && faceIndex[v * size + u]! < 0;
  });
}
