import type { FaceModel } from '../decoder/face-model.ts';
import { imageFromFloats, type PixelImage } from '../io/image.ts';
import { applyAffine, cropToPhoto, invertAffine, type Point } from './crop-frame.ts';
import { cutOut } from './cut-out.ts';
import type { FaceFit } from './fit-face.ts';
import { overlayImage } from './overlay-image.ts';
import { renderFace } from './render-face.ts';
import { resampleCrop } from './resample.ts';

/** Edge of each of the three panels, pixels. */
const PANEL = 224;

/** Photo, mesh over photo, difference; on the first panel the reference points in red and the fit's in green. */
export function portraitPicture(photo: PixelImage, { frame, scene, landmarks68 }: Pick<FaceFit, 'frame' | 'scene' | 'landmarks68'>, reference: readonly Point[], model: FaceModel): PixelImage {
  const toPhoto = cropToPhoto(frame, PANEL), toCrop = invertAffine(toPhoto), { colors, faceMask } = renderFace(scene, model, PANEL);
  const picture = overlayImage(cutOut(resampleCrop(photo, toPhoto, PANEL).pixels, faceMask, PANEL, PANEL), cutOut(colors, faceMask, PANEL, PANEL));
  const dot = ([x, y]: readonly [number, number], color: readonly number[]): void => {
    for (const [dx, dy] of [[0, 0], [1, 0], [0, 1], [1, 1]] as const) {
      const col = Math.floor(x - 0.5) + dx, row = Math.floor(y - 0.5) + dy;
      if (col >= 0 && row >= 0 && col < PANEL && row < PANEL) picture.data.set(color, picture.channels * (row * picture.width + col));
    }
  };
  for (const point of reference) dot(applyAffine(toCrop, point), [255, 40, 40]);
  for (const point of landmarks68) dot(applyAffine(toCrop, point), [60, 255, 60]);
  return picture;
}

const BACKGROUND = 0.3;

/** The fitted mesh alone, as the photograph showed it, before grey: no pixel of the photograph is in it. */
export function fitPicture({ scene }: Pick<FaceFit, 'scene'>, model: FaceModel): PixelImage {
  const { colors, mask } = renderFace(scene, model, PANEL);
  return imageFromFloats(Float32Array.from(colors, (x, i) => { const m = mask[Math.floor(i / 3)]!; return Math.min(1, x) * m + BACKGROUND * (1 - m); }), PANEL, PANEL, 3);
}
