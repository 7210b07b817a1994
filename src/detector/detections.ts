import type { Box, Point } from '../dense/crop-frame.ts';

/** A face found in a picture. */
export interface DetectedFace {
  /** In pixels of the upright picture. */
  readonly box: Box;
  /** Probability of the class face, in [0, 1]. */
  readonly score: number;
  /** Left eye, right eye, nose tip, left and right corner of the mouth as they lie in the picture, in its pixels. */
  readonly landmarks5: readonly Point[];
}
