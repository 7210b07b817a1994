import { mirrorColors } from '../data/albedo-symmetry.ts';
import type { FaceModel } from '../decoder/face-model.ts';
import { imageFromFloats, type PixelImage, tileImages } from '../io/image.ts';
import { cropToPhoto } from './crop-frame.ts';
import type { FittedPicture } from './evaluate-albedo.ts';
import { meshImage, viewOfMesh } from './mesh-image.ts';
import { renderFace } from './render-face.ts';
import { resampleCrop } from './resample.ts';

/** Edge of each of the four panels, pixels. */
const PANEL = 224;

/** How much larger the mirrored difference is shown than it is. */
export const MIRROR_GAIN = 8;

/** Photo | render over the photo | albedo under even light | {@link MIRROR_GAIN} times |A - mirror(A)|. */
export function albedoPicture({ photo, fit: { scene, frame } }: FittedPicture, model: FaceModel): PixelImage {
  const { pixels } = resampleCrop(photo, cropToPhoto(frame, PANEL), PANEL), { mesh, colors, faceMask } = renderFace(scene, model, PANEL), other = mirrorColors(mesh.colors, model.topology.mirror);
  const over = pixels.map((x, i) => x + faceMask[Math.floor(i / 3)]! * (colors[i]! - x));
  const view = viewOfMesh(mesh, { ...scene.camera, lightPosition: [0, 0, 1000], lightColor: [0, 0, 0], ambientColor: [1, 1, 1], background: [0, 0, 0] });
  const evenly = (values: Float32Array): PixelImage => meshImage({ ...mesh, colors: values }, view, PANEL);
  return tileImages([imageFromFloats(pixels, PANEL, PANEL), imageFromFloats(over, PANEL, PANEL), evenly(mesh.colors), evenly(mesh.colors.map((x, i) => Math.min(1, MIRROR_GAIN * Math.abs(x - other[i]!))))], 4);
}
