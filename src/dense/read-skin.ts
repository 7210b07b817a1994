import * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import { skinVertices } from '../data/skin-color.ts';
import { decodeMesh } from '../decoder/decode-mesh.ts';
import type { FaceModel } from '../decoder/face-model.ts';
import type { PixelImage } from '../io/image.ts';
import { interpolateAttributes } from '../ops/interpolate-attributes.ts';
import { renderMesh } from '../renderer/render-mesh.ts';
import { type CropFrame, cropToPhoto } from './crop-frame.ts';
import { quantile } from './portrait-protocol.ts';
import { resampleCrop } from './resample.ts';
import { sceneTensors } from './scene-map.ts';
import type { SceneNumbers } from './scene.ts';

/** sRGB, or light as what a white surface under it shows. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** A face's skin in a photograph beside what a fit makes of it: medians over the same pixels, each channel by itself. */
export interface SkinReading {
  /** The photograph. */
  readonly photo: Rgb;
  /** The fitted light; 1 shows the albedo as it is. */
  readonly light: Rgb;
  /** The photograph over the fitted light: the albedo that the photograph would need. */
  readonly read: Rgb;
  /** The fitted albedo. */
  readonly fitted: Rgb;
  /** The albedo of the model's mean face in the same places. */
  readonly mean: Rgb;
  /** Mean of 0.2126 R + 0.7152 G + 0.0722 B of the photograph's sRGB values where the face mask exceeds 0.5. */
  readonly luminance: number;
  /** Pixels of skin that were read. */
  readonly pixels: number;
}

/** Edge of the crop: that on which colours are compared. */
const SIZE = 112;

/** What is read: nothing near black or white in the photograph, where a sensor says little, nor what the fit finds hardly lit, where little light divides much error. */
const EXPOSED = { low: 0.02, high: 0.97, light: 0.25 } as const;

/**
 * Reads the skin of a fitted face off its photograph, with the fitted light divided out.
 *
 * @throws {@link ArgumentError} if the fit shows no skin that could be read.
 */
export function readSkin(photo: PixelImage, { scene, frame }: { readonly scene: SceneNumbers; readonly frame: CropFrame }, model: Pick<FaceModel, 'decoder' | 'topology'>): SkinReading {
  const { faces, faceMask, region } = model.topology, V = region.length, mesh = decodeMesh(model, scene.latent), { pixels } = resampleCrop(photo, cropToPhoto(frame, SIZE), SIZE);
  const skin = new Float32Array(V), meanColors = decodeMesh(model, new Float32Array(scene.latent.length)).colors;
  for (const v of skinVertices(model.topology)) skin[v] = 1;
  const [light, fitted, mean, masks] = tf.tidy(() => {
    const { camera, illumination } = sceneTensors([{ ...scene, latent: new Float32Array(1) }]), triangles = tf.tensor2d(faces, [faces.length / 3, 3], 'int32');
    const { image, fragments } = renderMesh({ vertices: tf.tensor3d(mesh.vertices, [1, V, 3]), colors: tf.ones([1, V, 3]), faces: triangles }, camera, illumination, { height: SIZE, width: SIZE });
    const shown = (values: Float32Array): Float32Array => interpolateAttributes(tf.tensor3d(values, [1, V, values.length / V]), triangles, fragments).dataSync() as Float32Array;
    return [image.dataSync(), shown(mesh.colors), shown(meanColors), shown(Float32Array.from({ length: 2 * V }, (_, i) => (i % 2 ? skin : faceMask)[i >> 1]!))] as const;
  });
  const all = Array.from({ length: SIZE * SIZE }, (_, p) => p), face = all.filter((p) => masks[2 * p]! > 0.5), of = (x: ArrayLike<number>, p: number): number[] => [0, 1, 2].map((k) => x[3 * p + k]!);
  const read = face.filter((p) => masks[2 * p + 1]! > 0.999 && Math.max(...of(pixels, p)) < EXPOSED.high && Math.min(...of(pixels, p)) > EXPOSED.low && Math.min(...of(light, p)) > EXPOSED.light);
  if (read.length === 0) throw new ArgumentError('readSkin', 'the fit', 'some skin that is neither dark nor overexposed', 'none');
  const median = (at: (p: number, k: number) => number): Rgb => [0, 1, 2].map((k) => quantile(read.map((p) => at(p, k)), 0.5)) as unknown as Rgb;
  return {
    photo: median((p, k) => pixels[3 * p + k]!), light: median((p, k) => light[3 * p + k]!), read: median((p, k) => pixels[3 * p + k]! / light[3 * p + k]!),
    fitted: median((p, k) => fitted[3 * p + k]!), mean: median((p, k) => mean[3 * p + k]!), pixels: read.length,
    luminance: face.reduce((sum, p) => sum + 0.2126 * pixels[3 * p]! + 0.7152 * pixels[3 * p + 1]! + 0.0722 * pixels[3 * p + 2]!, 0) / face.length,
  };
}
