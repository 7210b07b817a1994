import { ArgumentError } from '../core/errors.ts';
import type { DetectorConfig } from './config.ts';

/** Middle of the official code's first cell on every level: its base window covers the pixels 0 to 15, whatever the stride. */
const OFFICIAL_OFFSET = 7.5;

/**
 * The anchors of a picture: centre x, centre y, width and height, in its pixels.
 *
 * A level of stride s has `ceil(height / s)` x `ceil(width / s)` cells, as strided convolutions with padding leave them; a size need not be a
 * multiple of a stride.
 *
 * RetinaFace, arXiv 1905.00641, table 2.
 *
 * @returns `[A, 4]`, levels finest first, rows before columns, a cell's anchors in the order of `anchorSizes`.
 * @throws {@link ArgumentError} if height or width is not a positive whole number.
 *
 * @example
 * ```ts
 * detectorAnchors(DETECTOR_PRESETS['mobilenet0.25'], 640, 640).length / 4; // 16800
 * ```
 */
export function detectorAnchors({ levels, anchorCenters }: Pick<DetectorConfig, 'levels' | 'anchorCenters'>, height: number, width: number): Float32Array {
  for (const [what, size] of [['height', height], ['width', width]] as const) {
    if (!(Number.isInteger(size) && size > 0)) throw new ArgumentError('detectorAnchors', what, 'a positive whole number', String(size));
  }
  const anchors = new Float32Array(4 * levels.reduce((sum, { stride, anchorSizes }) => sum + Math.ceil(height / stride) * Math.ceil(width / stride) * anchorSizes.length, 0));
  let o = 0;
  for (const { stride, anchorSizes } of levels) {
    const rows = Math.ceil(height / stride), columns = Math.ceil(width / stride), offset = anchorCenters === 'official' ? OFFICIAL_OFFSET : stride / 2;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        for (const size of anchorSizes) {
          anchors[o] = offset + column * stride;
          anchors[o + 1] = offset + row * stride;
          anchors[o + 2] = anchors[o + 3] = size;
          o += 4;
        }
      }
    }
  }
  return anchors;
}
