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
  const column = (i: number, count = 1): tf.Tensor2D => raw.slice([0, latentSize + i], [-1, count]);
  const { yaw, pitch, logDistance, lookAtX, lookAtY, lookAtZ, roll, logSize } = RAW_CAMERA;
  const psi = bounded(column(0), yaw), theta = bounded(column(1), pitch), distance = bounded(column(2), logDistance).exp().mul(1000);
  const third = column(5);
  const depth = pose === 'look-at' ? bounded(third, lookAtZ) : tf.fill(third.shape as [number, number], lookAtZ.at);
  const lookAt = tf.concat([bounded(column(3), lookAtX), bounded(column(4), lookAtY), depth], 1) as tf.Tensor2D;
  const direction = tf.concat([psi.sin().mul(theta.cos()), theta.sin(), psi.cos().mul(theta.cos())], 1);
  const { position, color } = RAW_LIGHT;
  const positive = (x: tf.Tensor2D): tf.Tensor2D => bounded(x, color).mul(color.sharpness).softplus().div(color.sharpness);
  return {
    latent: raw.slice([0, 0], [-1, latentSize]),
    camera: {
      eye: direction.mul(distance).add(lookAt) as tf.Tensor2D,
      lookAt,
      focalLength: bounded(column(6), logSize).exp().mul(distance).mul(FOCAL_AT_ZERO / 1000) as tf.Tensor2D,
      ...(pose === 'roll' ? { roll: bounded(third, roll) } : {}),
    },
    illumination: {
      lightPosition: bounded(column(7, 3), { ...position, at: 0 }).add(tf.tensor2d([[...position.at]])) as tf.Tensor2D,
      lightColor: positive(column(10, 3)),
      ambientColor: positive(column(13, 3)),
    },
  };
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

function bounded(x: tf.Tensor2D, { at, unit, limit }: { readonly at: number; readonly unit: number; readonly limit: number }): tf.Tensor2D {
  const value = x.mul(unit / limit).tanh().mul(limit);
  return (at === 0 ? value : value.add(at)) as tf.Tensor2D;
}
