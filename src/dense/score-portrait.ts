import type { FaceModel } from '../decoder/face-model.ts';
import type { PixelImage } from '../io/image.ts';
import { isGreyImage } from '../io/is-grey-image.ts';
import { applyAffine, type CropFrame, cropToPhoto, invertAffine, type Point } from './crop-frame.ts';
import type { Portrait, PortraitScore } from './evaluate-portrait.ts';
import { greyColors } from './grey-colors.ts';
import { visibleLandmarks68 } from './landmarks68.ts';
import { photoProjection, projectPoint } from './photo-projection.ts';
import { scoreColors, scoreLandmarks } from './portrait-protocol.ts';
import { renderFace } from './render-face.ts';
import { resampleCrop } from './resample.ts';
import type { SceneNumbers } from './scene.ts';

/** Edge of the crop on which colours are compared. */
const SCORE_SIZE = 112;

/** Scores a scene on a portrait by the protocol in `portrait-protocol`, wherever its numbers come from. A grey photograph's colour difference is that of luma: its colours are not known. */
export function scorePortrait(
  photo: PixelImage, { scene, frame }: { readonly scene: SceneNumbers; readonly frame: CropFrame }, { file, box, reference }: Omit<Portrait, 'landmarks'>, model: Pick<FaceModel, 'decoder' | 'topology'>,
): Omit<PortraitScore, 'seconds'> {
  const toPhoto = cropToPhoto(frame, SCORE_SIZE), toCrop = invertAffine(toPhoto), { colors, faceMask, mesh } = renderFace(scene, model, SCORE_SIZE);
  const projection = photoProjection(scene.camera, toPhoto, SCORE_SIZE), seen = (v: number): Point => projectPoint(projection, mesh.vertices, 3 * v);
  const points = Array.from(visibleLandmarks68(model.topology, mesh.vertices, scene.camera.eye), seen);
  const color = scoreColors(isGreyImage(photo) ? greyColors(colors) : colors, faceMask, resampleCrop(photo, toPhoto, SCORE_SIZE).pixels, reference.map((p) => applyAffine(toCrop, p)));
  return { file, ...scoreLandmarks(points, reference, box), ...color };
}
