/**
 * Intersection over union of two boxes, in [0, 1]; 0 for boxes that do not touch, and for two without any area.
 *
 * @param a - Rows `[x1, y1, x2, y2]`; box `i` of them is meant, and box `j` of `b`.
 * @param extra - Added to every width and height: 1 where the last pixel is counted as part of a box.
 */
export function boxOverlap(a: ArrayLike<number>, i: number, b: ArrayLike<number>, j: number, extra = 0): number {
  const p = 4 * i, q = 4 * j;
  const width = Math.min(a[p + 2]!, b[q + 2]!) - Math.max(a[p]!, b[q]!) + extra, height = Math.min(a[p + 3]!, b[q + 3]!) - Math.max(a[p + 1]!, b[q + 1]!) + extra;
  if (!(width > 0 && height > 0)) return 0;
  const both = width * height;
  const areaA = (a[p + 2]! - a[p]! + extra) * (a[p + 3]! - a[p + 1]! + extra), areaB = (b[q + 2]! - b[q]! + extra) * (b[q + 3]! - b[q + 1]! + extra);
  return both / (areaA + areaB - both);
}
