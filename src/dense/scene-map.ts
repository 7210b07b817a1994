import * as tf from '@tensorflow/tfjs';
import { assertShape } from '../core/shape.ts';
import type { Camera } from '../renderer/camera.ts';
import type { Illumination } from '../renderer/illumination.ts';
import { FOCAL_AT_ZERO, LATENT_SIZE, POSE_AND_LIGHT, type PoseForm, RAW_CAMERA, RAW_LIGHT, rawNumbers, type SceneNumbers } from './scene.ts';

/** A batch of scenes on tensors, as the decoder and the renderer take them. */
export interface Scene {
  /** `[B, L]` */
  readonly latent: tf.Tensor2D;
  readonly camera: Camera;
  readonly illumination: Illumination;
}

/**
 * The scenes that a batch of raw vectors stands for: any real numbers give a valid latent, camera and light.
 *
 * Zero is the mean face, frontal, a metre away, covering the crop, under neutral light. With `b(x) = at + limit tanh(unit x / limit)`
 * and the constants of `RAW_CAMERA` and `RAW_LIGHT`:
 *
 * | raw | is |
 * |---|---|
 * | 0 .. L-1 | the latent as it is |
 * | L .. L+2 | yaw, pitch, log distance: `eye = lookAt + distance (sin yaw cos pitch, sin pitch, cos yaw cos pitch)` |
 * | L+3 .. L+5 | look-at point; in the form `roll` its depth is fixed and the third is the roll |
 * | L+6 | log size: `focalLength = FOCAL_AT_ZERO distance exp(b)` with the distance in metres |
 * | L+7 .. L+9 | light position |
 * | L+10 .. L+15 | light colour, ambient colour: `softplus(sharpness b(x)) / sharpness` |
 *
 * Three directions hardly change the image: the look-at point along the view ray; distance, which with the size held only bends
 * the perspective; light against albedo. The units are chosen so that a standard normal prior on every raw number holds them.
 * Differentiable; the inverse is {@link rawFromScene}.
 *
 * @param raw - float32 `[B, L + 16]`; L = 128 for the project's decoder, whose 144 numbers these are.
 * @throws {@link ArgumentError} if the shape does not fit `latentSize`.
 */
export function sceneFromRaw(raw: tf.Tensor2D, { pose = 'look-at' as PoseForm, latentSize = LATENT_SIZE } = {}): Scene {
  assertShape('sceneFromRaw', 'raw', raw.shape, ['B', latentSize + POSE_AND_LIGHT]);
  // All sixteen at once and split once: a fit's step is otherwise a quarter of small kernels.
  const [latent, pressed] = raw.split([latentSize, POSE_AND_LIGHT], 1) as [tf.Tensor2D, tf.Tensor2D];
  const [psi, theta, logDistance, x, y, third, logSize, position, brightness] = bounded(pressed, pose).split([1, 1, 1, 1, 1, 1, 1, 3, 6], 1) as Nine<tf.Tensor2D>;
  const distance = logDistance.exp().mul(1000), depth = pose === 'look-at' ? third : tf.fill(third.shape, RAW_CAMERA.lookAtZ.at);
  const lookAt = tf.concat([x, y, depth], 1) as tf.Tensor2D, level = theta.cos();
  const direction = tf.concat([psi.sin().mul(level), theta.sin(), psi.cos().mul(level)], 1);
  const { sharpness } = RAW_LIGHT.color;
  const [lightColor, ambientColor] = brightness.mul(sharpness).softplus().div(sharpness).split(2, 1) as [tf.Tensor2D, tf.Tensor2D];
  return {
    latent,
    camera: {
      eye: direction.mul(distance).add(lookAt) as tf.Tensor2D,
      lookAt,
      focalLength: logSize.exp().mul(distance).mul(FOCAL_AT_ZERO / 1000) as tf.Tensor2D,
      ...(pose === 'roll' ? { roll: third } : {}),
    },
    illumination: { lightPosition: position, lightColor, ambientColor },
  };
}

type Nine<T> = [T, T, T, T, T, T, T, T, T];

/** `at + limit tanh(unit raw / limit)` of the sixteen numbers after the latent. */
function bounded(raw: tf.Tensor2D, pose: PoseForm): tf.Tensor2D {
  const { yaw, pitch, logDistance, lookAtX, lookAtY, lookAtZ, roll, logSize } = RAW_CAMERA, { position, color } = RAW_LIGHT;
  const all = [yaw, pitch, logDistance, lookAtX, lookAtY, pose === 'look-at' ? lookAtZ : roll, logSize, ...position.at.map((at) => ({ ...position, at })), ...new Array<typeof color>(6).fill(color)];
  const constants = (pick: (one: { readonly at: number; readonly unit: number; readonly limit: number }) => number): tf.Tensor1D => tf.tensor1d(all.map(pick));
  return raw.mul(constants(({ unit, limit }) => unit / limit)).tanh().mul(constants(({ limit }) => limit)).add(constants(({ at }) => at)) as tf.Tensor2D;
}

/** The raw vectors of a batch of scenes, `[B, L + 16]`: the inverse of {@link sceneFromRaw} with the same pose form. Not differentiable. */
export function rawFromScene(scene: Scene, pose: PoseForm = 'look-at'): tf.Tensor2D {
  return tf.tensor2d(hostScenes(scene).map((one) => Array.from(rawNumbers(one, pose))));
}

/** A batch of scenes as plain numbers, one record each. Waits for the tensors. */
export function hostScenes({ latent, camera, illumination }: Scene): SceneNumbers[] {
  const rows = (x: tf.Tensor2D): number[][] => x.arraySync();
  const eye = rows(camera.eye), lookAt = rows(camera.lookAt), focal = rows(camera.focalLength), roll = camera.roll ? rows(camera.roll) : null;
  const position = rows(illumination.lightPosition), light = rows(illumination.lightColor), ambient = rows(illumination.ambientColor);
  return rows(latent).map((values, b) => ({
    latent: Float32Array.from(values),
    camera: { eye: eye[b]!, lookAt: lookAt[b]!, focalLength: focal[b]![0]!, ...(roll ? { roll: roll[b]![0]! } : {}) },
    illumination: { lightPosition: position[b]!, lightColor: light[b]!, ambientColor: ambient[b]! },
  }));
}

/** A batch of scenes on tensors from plain numbers; the caller owns them. */
export function sceneTensors(scenes: readonly SceneNumbers[]): Scene {
  const table = (pick: (s: SceneNumbers) => readonly number[]): tf.Tensor2D => tf.tensor2d(scenes.map((s) => [...pick(s)]));
  return {
    latent: table((s) => Array.from(s.latent)),
    camera: {
      eye: table((s) => s.camera.eye), lookAt: table((s) => s.camera.lookAt), focalLength: table((s) => [s.camera.focalLength]),
      ...(scenes.some((s) => s.camera.roll !== undefined) ? { roll: table((s) => [s.camera.roll ?? 0]) } : {}),
    },
    illumination: {
      lightPosition: table((s) => s.illumination.lightPosition), lightColor: table((s) => s.illumination.lightColor),
      ambientColor: table((s) => s.illumination.ambientColor),
    },
  };
}
