import type { View } from '../view-matrix.ts';
import type { ViewFrame } from '../view-data.ts';
import { FITTED, type Pose } from './navigation.ts';

/** Free space about the crop in the first view, as a share of its edge. */
const MARGIN = 0.3;

/** The crop fills the canvas but for a margin, then zoom and movement. */
export function viewOf(frame: ViewFrame, { zoom, x, y }: Pose, width: number, height: number): View {
  const { fit, middle } = framing(frame, width, height), scale = fit * zoom;
  return { width, height, photoToView: [[scale, 0, width / 2 + zoom * x - scale * middle[0]], [0, scale, height / 2 + zoom * y - scale * middle[1]]] };
}

/** The crop and nothing else, pixel by pixel. */
export const cropView = ({ size, cropToPhoto }: ViewFrame): View => ({ width: size, height: size, photoToView: invert(cropToPhoto) });

/** The whole photograph, as large as the canvas takes it. */
export function wholePhoto(frame: ViewFrame, photo: { readonly width: number; readonly height: number }, width: number, height: number): Pose {
  const { fit, middle } = framing(frame, width, height), scale = Math.min(width / photo.width, height / photo.height), zoom = scale / fit;
  return { ...FITTED, zoom, x: fit * (middle[0] - photo.width / 2), y: fit * (middle[1] - photo.height / 2) };
}

function framing({ size, cropToPhoto }: ViewFrame, width: number, height: number): { fit: number; middle: readonly [number, number] } {
  const [[a, b, c], [d, e, f]] = cropToPhoto as Affine, half = size / 2, edge = Math.hypot(a, d) * size * (1 + MARGIN);
  return { fit: Math.min(width, height) / edge, middle: [a * half + b * half + c, d * half + e * half + f] };
}

type Affine = [[number, number, number], [number, number, number]];

function invert(matrix: ViewFrame['cropToPhoto']): number[][] {
  const [[a, b, c], [d, e, f]] = matrix as Affine, det = a * e - b * d;
  return [[e / det, -b / det, (b * f - c * e) / det], [-d / det, a / det, (c * d - a * f) / det]];
}
