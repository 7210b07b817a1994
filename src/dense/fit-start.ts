import type { FaceModel } from '../decoder/face-model.ts';
import type { Cholesky } from '../sparse/cholesky.ts';
import type { Box, CropFrame, Point } from './crop-frame.ts';
import { poseFromLandmarks } from './pose-from-landmarks.ts';
import { POSE_AND_LIGHT, RAW_CAMERA } from './scene.ts';

/** Where a fit begins. */
export interface FitStart {
  readonly frame: CropFrame;
  /** `[L + 16]`, in the pose form `roll`. */
  readonly raw: Float64Array;
  /** Of the curvature near `raw`, where an earlier level worked it out. */
  readonly factor?: Cholesky;
}

/** Millimetres across the crop of a scene of zeros, and the point in its middle. */
const CROP_MM = 220, MIDDLE = [RAW_CAMERA.lookAtX.at, RAW_CAMERA.lookAtY.at, RAW_CAMERA.lookAtZ.at] as const;

/**
 * The start that shows the mean face's five points where they were found: a frame about the face, levelled, with the head's yaw and
 * pitch in the camera.
 */
export function landmarkStart({ decoder, topology }: Pick<FaceModel, 'decoder' | 'topology'>, landmarks: readonly Point[]): FitStart {
  const { vertices } = decoder.statistics, points = Array.from(topology.landmarks5, (v) => [0, 1, 2].map((k) => vertices[3 * v + k]! - MIDDLE[k]!));
  const { yaw, pitch, roll, scale, origin } = poseFromLandmarks(points, landmarks);
  const raw = new Float64Array(decoder.config.latentSize + POSE_AND_LIGHT), L = decoder.config.latentSize;
  raw[L] = yaw / RAW_CAMERA.yaw.unit;
  raw[L + 1] = pitch / RAW_CAMERA.pitch.unit;
  return { frame: { center: origin, side: CROP_MM * scale, roll }, raw };
}

/** Edge of the crop over the longer edge of a detector's box. */
const BOX_SIDE = 1.2;

/** Attitudes tried from a box alone, radians. */
const YAWS = [0, -0.45, 0.45], ROLLS = [0, -0.3, 0.3];

/** Starts from a box alone: several yaws and rolls about its middle. */
export function boxStarts([x1, y1, x2, y2]: Box, latentSize: number): FitStart[] {
  const edge = Math.max(x2 - x1, y2 - y1), center: Point = [(x1 + x2) / 2, (y1 + y2) / 2];
  return YAWS.flatMap((yaw) => ROLLS.map((roll) => {
    const raw = new Float64Array(latentSize + POSE_AND_LIGHT);
    raw[latentSize] = yaw / RAW_CAMERA.yaw.unit;
    return { frame: { center, side: BOX_SIDE * edge, roll }, raw };
  }));
}

/** The start with latents added. */
export function movedStart(start: FitStart, ...latents: readonly Float32Array[]): FitStart {
  const raw = Float64Array.from(start.raw);
  for (const latent of latents) latent.forEach((z, i) => { raw[i]! += z; });
  return { ...start, raw };
}
