import * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import { sceneTensors } from './scene-map.ts';
import { imageFromFloats, type PixelImage } from '../io/image.ts';
import type { TriangleMesh } from '../mesh/triangle-mesh.ts';
import { renderMesh } from '../renderer/render-mesh.ts';

/** Camera, light and background of a picture of a mesh, in the mesh's own unit. */
export interface MeshView {
  readonly eye: readonly number[];
  readonly lookAt: readonly number[];
  /** Half picture heights. */
  readonly focalLength: number;
  /** Radians. */
  readonly roll: number;
  readonly lightPosition: readonly number[];
  readonly lightColor: readonly number[];
  readonly ambientColor: readonly number[];
  /** sRGB in [0, 1]; `null` is transparent. */
  readonly background: readonly number[] | null;
  readonly shadingSpace: 'srgb' | 'linear';
}

/** Of a mesh without colours, sRGB. */
const GREY = 0.7;

/** Distance of the eye in radii of the mesh, and the share of the picture that the ball about the mesh fills. */
const DISTANCE = 6, FILL = 0.95;

/**
 * The whole mesh from the front (+Z), in the middle of the picture, the light above the camera; fields of `given` instead where it has them.
 *
 * @throws {@link ArgumentError} if the mesh has no extent, or eye and look-at point make no view.
 */
export function viewOfMesh({ vertices }: Pick<TriangleMesh, 'vertices'>, given: Partial<MeshView> = {}): MeshView {
  const low = [Infinity, Infinity, Infinity], high = [-Infinity, -Infinity, -Infinity];
  vertices.forEach((x, i) => {
    low[i % 3] = Math.min(low[i % 3]!, x);
    high[i % 3] = Math.max(high[i % 3]!, x);
  });
  const middle = low.map((x, k) => (x + high[k]!) / 2), radius = Math.hypot(...high.map((x, k) => x - low[k]!)) / 2;
  if (!(radius > 0)) throw new ArgumentError('render', 'the mesh', 'an extent', `a box of ${radius}`);
  const lookAt = given.lookAt ?? middle, eye = given.eye ?? [lookAt[0]!, lookAt[1]!, lookAt[2]! + DISTANCE * radius], distance = Math.hypot(...eye.map((x, k) => x - lookAt[k]!));
  if (!(distance > 0)) throw new ArgumentError('render', '--eye', 'a place other than --look-at', `[${eye}]`);
  if (Math.hypot(eye[0]! - lookAt[0]!, eye[2]! - lookAt[2]!) < 1e-6 * distance) throw new ArgumentError('render', '--eye', 'a place that is not straight above or below --look-at', `[${eye}]`);
  return {
    eye, lookAt, focalLength: given.focalLength ?? FILL * Math.sqrt(DISTANCE * DISTANCE - 1), roll: given.roll ?? 0,
    lightPosition: given.lightPosition ?? [eye[0]!, eye[1]! + 0.7 * distance, eye[2]! + 0.5 * distance], lightColor: given.lightColor ?? [0.5, 0.5, 0.5], ambientColor: given.ambientColor ?? [0.5, 0.5, 0.5],
    background: given.background ?? null, shadingSpace: given.shadingSpace ?? 'srgb',
  };
}

/** Each pixel is the mean of 2 x 2 samples. */
const SAMPLES = 2;

/**
 * A square picture of a mesh; alpha is its coverage where the view has no background.
 *
 * @throws {@link ArgumentError} if a colour of the background lies outside [0, 1], or the view shows nothing of the mesh.
 */
export function meshImage({ vertices, faces, colors }: TriangleMesh, view: MeshView, size: number): PixelImage {
  const { background, shadingSpace, eye, lookAt, focalLength, roll, lightPosition, lightColor, ambientColor } = view;
  if (background && !(background.length === 3 && background.every((x) => x >= 0 && x <= 1))) throw new ArgumentError('render', '--background', 'three numbers in [0, 1]', `[${background}]`);
  const edge = SAMPLES * size, V = vertices.length / 3, distances = Array.from({ length: V }, (_, v) => Math.hypot(...eye.map((x, k) => vertices[3 * v + k]! - x)));
  const far = 1.01 * distances.reduce((a, b) => Math.max(a, b)), near = far / 2000;
  const values = tf.tidy(() => {
    const { camera, illumination } = sceneTensors([{ latent: new Float32Array(1), camera: { eye, lookAt, focalLength, roll }, illumination: { lightPosition, lightColor, ambientColor } }]);
    const mesh = {
      vertices: tf.tensor3d(Float32Array.from(vertices), [1, V, 3]), colors: tf.tensor3d(colors ? Float32Array.from(colors) : new Float32Array(3 * V).fill(GREY), [1, V, 3]),
      faces: tf.tensor2d(faces, [faces.length / 3, 3], 'int32'),
    };
    const { image, mask } = renderMesh(mesh, camera, illumination, { height: edge, width: edge, near, far, shadingSpace });
    if (mask.max().dataSync()[0] === 0) throw new ArgumentError('render', 'the view', 'some of the mesh in it', nothingSeen(vertices, view));
    // Colours times coverage, averaged: divided again where the picture stays transparent, laid over the background where there is one.
    const coverage = tf.avgPool(mask, SAMPLES, SAMPLES, 'valid'), premultiplied = tf.avgPool(image.clipByValue(0, 1).mul(mask) as tf.Tensor4D, SAMPLES, SAMPLES, 'valid');
    if (background) return premultiplied.add(tf.tensor1d([...background]).mul(tf.sub(1, coverage))).dataSync();
    return tf.concat([premultiplied.div(coverage.maximum(1 / (SAMPLES * SAMPLES))), coverage], 3).dataSync();
  });
  return imageFromFloats(values, size, size, background ? 3 : 4);
}

function nothingSeen(vertices: TriangleMesh['vertices'], { eye, lookAt }: MeshView): string {
  const { lookAt: middle, eye: front } = viewOfMesh({ vertices }), round = (p: readonly number[]): string => p.map((x) => Number(x.toPrecision(3))).join(',');
  return `none from ${round(eye)} towards ${round(lookAt)}; the mesh lies about ${round(middle)} and is all seen from ${round(front)} (a .glb is in metres, this project's .obj and .ply in millimetres)`;
}
