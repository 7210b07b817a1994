import type { Box, Point } from '../dense/crop-frame.ts';

/** A labelled face of a training picture. */
export interface FaceTarget {
  /** In pixels of the picture. One without area is no face that an anchor could find. */
  readonly box: Box;
  /** K points in pixels, `null` one that is not visible or not labelled; `null` for a face without any. */
  readonly landmarks: readonly (Point | null)[] | null;
}
