import type { PixelImage } from '../io/image.ts';
import type { Box, Point } from './crop-frame.ts';

/** A photograph with what marks the face in it. */
export interface MarkedFace {
  readonly photo: PixelImage;
  readonly box: Box;
  /** Image-left eye, image-right eye, nose tip, image-left and image-right mouth corner. */
  readonly landmarks: readonly Point[];
}

/** Where the five points' names go in a mirror. */
const SWAPPED = [1, 0, 2, 4, 3] as const;

/** The face in a mirror: its light comes from the other side. */
export function mirrorPortrait({ photo, box: [x1, y1, x2, y2], landmarks }: MarkedFace): MarkedFace {
  const { width, channels, data } = photo, mirrored = new Uint8Array(data.length);
  for (let p = 0; p < data.length / channels; p++) {
    const col = p % width, from = channels * (p - col + (width - 1 - col));
    for (let k = 0; k < channels; k++) mirrored[channels * p + k] = data[from + k]!;
  }
  return { photo: { ...photo, data: mirrored }, box: [width - x2, y1, width - x1, y2], landmarks: SWAPPED.map((i): Point => [width - landmarks[i]![0], landmarks[i]![1]]) };
}
