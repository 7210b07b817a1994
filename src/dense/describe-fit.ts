import type { FaceModel } from '../decoder/face-model.ts';
import { type CropFrame, cropToPhoto, type Point } from './crop-frame.ts';
import type { FaceFit } from './fit-face.ts';
import { type FitEvidence, shareAt } from './fit-level.ts';
import { greyColors } from './grey-colors.ts';
import { visibleLandmarks68 } from './landmarks68.ts';
import { photoProjection, projectPoint } from './photo-projection.ts';
import { renderFace } from './render-face.ts';
import { resampleCrop } from './resample.ts';
import type { SceneNumbers } from './scene.ts';

/** What a fit has come to: losses measured once more on the finest crop, points where they are seen. */
export function describeFit(
  { photo, landmarks, silhouette, isGrey }: FitEvidence, model: FaceModel, { frame, scene }: { frame: CropFrame; scene: SceneNumbers },
  run: { readonly size: number; readonly steps: number; readonly seconds: number },
): FaceFit {
  const { size } = run, projection = photoProjection(scene.camera, cropToPhoto(frame, size), size), drawn = renderFace(scene, model, size), { vertices } = drawn.mesh;
  const landmarkVertices68 = visibleLandmarks68(model.topology, vertices, scene.camera.eye);
  const seen = (v: number): Point => projectPoint(projection, vertices, 3 * v);
  const points5 = Array.from(model.topology.landmarks5, seen), crop = resampleCrop(photo, cropToPhoto(frame, size), size);
  const colors = isGrey ? greyColors(drawn.colors) : drawn.colors;
  let weight = 0, color = 0, pixel = 0;
  drawn.faceMask.forEach((share, p) => {
    const w = share * crop.inside[p]!, d = [0, 1, 2].map((k) => Math.min(1, colors[3 * p + k]!) - crop.pixels[3 * p + k]!);
    weight += w;
    color += (w * d.reduce((sum, x) => sum + Math.abs(x), 0)) / 3;
    pixel += w * Math.hypot(...d);
  });
  const losses = {
    pixel: weight > 0 ? pixel / weight : 0, color: weight > 0 ? color / weight : 0,
    latent: Math.sqrt(scene.latent.reduce((sum, z) => sum + z * z, 0) / Math.max(1, scene.latent.length)),
    ...(landmarks && { landmarks: landmarks.reduce((sum, [x, y], i) => sum + Math.hypot(x - points5[i]![0], y - points5[i]![1]), 0) / 5 / frame.side }),
    ...(silhouette && { silhouette: wrongArea(drawn.faceMask, shareAt(silhouette, frame, size), crop.inside) }),
  };
  return { scene, pose: 'look-at', frame, ...run, losses, landmarks5: landmarks ?? points5, landmarks68: Array.from(landmarkVertices68, seen), landmarkVertices68 };
}

/** Area in which two masks differ over the area of the second. */
function wrongArea(mask: Float32Array, silhouette: Float32Array, inside: Float32Array): number {
  let wrong = 0, area = 0;
  silhouette.forEach((share, p) => {
    wrong += inside[p]! * Math.abs(mask[p]! - share);
    area += inside[p]! * share;
  });
  return area > 0 ? wrong / area : 1;
}
