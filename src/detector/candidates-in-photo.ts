import { type Candidates, takeCandidates } from './candidates.ts';
import type { DetectionPass } from './detection-passes.ts';

/** A mirrored face's left eye and left corner of the mouth are its right ones. */
const MIRRORED = [1, 0, 2, 4, 3];

/** Within so many pixels of a tile's edge that is no edge of the picture a face may be cut: it is found whole elsewhere. */
const TILE_MARGIN = 16;

/**
 * What a pass found, in pixels of the photo, without what its tile cuts.
 *
 * @param candidates - In pixels of the window, of five landmarks.
 */
export function candidatesInPhoto(candidates: Candidates, { width, height, window: [left, top, right, bottom], flip }: DetectionPass, photo: { readonly width: number; readonly height: number }): Candidates {
  const scaleX = photo.width / width, scaleY = photo.height / height, isTile = left > 0 || top > 0 || right < width || bottom < height;
  if (scaleX === 1 && scaleY === 1 && !flip && !isTile) return candidates;
  const count = candidates.scores.length, boxes = new Float32Array(4 * count), landmarks = new Float32Array(10 * count), whole: number[] = [];
  for (let n = 0; n < count; n++) {
    // 1. In the window, not mirrored.
    let [x1, y1, x2, y2] = candidates.boxes.subarray(4 * n, 4 * n + 4) as unknown as [number, number, number, number];
    if (flip) [x1, x2] = [right - left - x2, right - left - x1];
    // 2. In the resized picture.
    [x1, y1, x2, y2] = [x1 + left, y1 + top, x2 + left, y2 + top];
    const isCut = (left > 0 && x1 < left + TILE_MARGIN) || (top > 0 && y1 < top + TILE_MARGIN) || (right < width && x2 > right - TILE_MARGIN) || (bottom < height && y2 > bottom - TILE_MARGIN);
    if (!isCut) whole.push(n);
    // 3. In the photo.
    boxes.set([scaleX * x1, scaleY * y1, scaleX * x2, scaleY * y2], 4 * n);
    for (let k = 0; k < 5; k++) {
      const from = 10 * n + 2 * (flip ? MIRRORED[k]! : k), x = candidates.landmarks[from]!, y = candidates.landmarks[from + 1]!;
      landmarks[10 * n + 2 * k] = scaleX * (left + (flip ? right - left - x : x));
      landmarks[10 * n + 2 * k + 1] = scaleY * (top + y);
    }
  }
  const placed = { boxes, scores: candidates.scores, landmarks };
  return whole.length < count ? takeCandidates(placed, whole) : placed;
}
