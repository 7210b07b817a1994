import { type Box, type CropFrame, cropToPhoto, type Point } from './crop-frame.ts';
import { photoProjection } from './photo-projection.ts';
import type { FaceRecord } from './scene-record.ts';
import type { SceneNumbers } from './scene.ts';

/** What a fit found, as far as a scene file speaks of it. */
export interface FittedFace {
  readonly scene: SceneNumbers;
  readonly frame: CropFrame;
  readonly landmarks5: readonly Point[];
  readonly landmarks68: readonly Point[];
  /** `[68]` */
  readonly landmarkVertices68: ArrayLike<number>;
  readonly losses: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/**
 * One face of a scene file.
 *
 * @param box - As it was given.
 * @param size - Edge of the crop that the file speaks of, in pixels: not necessarily the one that was fitted.
 */
export function faceRecord({ scene, frame, landmarks5, landmarks68, landmarkVertices68, losses, seconds }: FittedFace, box: Box, size: number): FaceRecord {
  const toPhoto = cropToPhoto(frame, size), { latent, camera, illumination } = scene;
  return {
    box, landmarks5, landmarks68, landmarkVertices68: Array.from(landmarkVertices68), latent: Array.from(latent), camera, illumination, cropToPhoto: toPhoto,
    projection: photoProjection(camera, toPhoto, size), losses, seconds,
  };
}
