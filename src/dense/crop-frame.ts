import { ArgumentError } from '../core/errors.ts';

/** `[x1, y1, x2, y2]` in pixels of the upright photograph, exclusive end. */
export type Box = readonly [x1: number, y1: number, x2: number, y2: number];

/** `[x, y]` in pixels, pixel centres at +0.5. */
export type Point = readonly [x: number, y: number];

/** Rows of a 2 x 3 matrix: `[x', y'] = M [x, y, 1]`. */
export type Affine = readonly [readonly [number, number, number], readonly [number, number, number]];

/** A square window on the photograph, turned about its centre. */
export interface CropFrame {
  /** In photograph pixels. */
  readonly center: Point;
  /** Edge of the square, in photograph pixels. */
  readonly side: number;
  /** Radians by which the crop's x axis is turned from the photograph's, towards +y (down): the head's roll. */
  readonly roll: number;
}

/** Crop pixels -> photograph pixels, both with pixel centres at +0.5, for a crop of `size` x `size` pixels. */
export function cropToPhoto({ center, side, roll }: CropFrame, size: number): Affine {
  const a = (side / size) * Math.cos(roll), b = (side / size) * Math.sin(roll), half = size / 2;
  return [[a, -b, center[0] - half * (a - b)], [b, a, center[1] - half * (b + a)]];
}

/** `M [x, y, 1]`. */
export function applyAffine([[a, b, c], [d, e, f]]: Affine, [x, y]: Point): [number, number] {
  return [a * x + b * y + c, d * x + e * y + f];
}

/**
 * The matrix that undoes `M`.
 *
 * @throws {@link ArgumentError} if `M` is singular.
 */
export function invertAffine([[a, b, c], [d, e, f]]: Affine): Affine {
  const det = a * e - b * d;
  if (!(Math.abs(det) > 0)) throw new ArgumentError('invertAffine', 'the matrix', 'a determinant other than 0', String(det));
  return [[e / det, -b / det, (b * f - c * e) / det], [-d / det, a / det, (c * d - a * f) / det]];
}

/** The square about a face box: `enlarge` times its longer edge, about its centre. */
export function frameFromBox([x1, y1, x2, y2]: Box, enlarge: number, roll = 0): CropFrame {
  return { center: [(x1 + x2) / 2, (y1 + y2) / 2], side: enlarge * Math.max(x2 - x1, y2 - y1), roll };
}

/** The angle of the line through the eyes, the image's left eye first: the roll that levels them. */
export function rollOfEyes([left, right]: readonly Point[]): number {
  return Math.atan2(right![1] - left![1], right![0] - left![0]);
}

/**
 * Checks a face box against its photograph.
 *
 * @throws {@link ArgumentError} if a number is not finite, the box is reversed or empty, smaller than 8 pixels, or no part of it lies in the photograph.
 */
export function assertBox(where: string, box: readonly number[], width: number, height: number): asserts box is Box {
  if (box.length !== 4 || !box.every(Number.isFinite)) throw new ArgumentError(where, 'box', 'four finite numbers x1,y1,x2,y2', `[${box}]`);
  const [x1, y1, x2, y2] = box as unknown as Box;
  if (!(x2 > x1 && y2 > y1)) throw new ArgumentError(where, 'box', 'x1 < x2 and y1 < y2 (left, top, right, bottom)', `[${box}]`);
  if (Math.min(x2 - x1, y2 - y1) < 8) throw new ArgumentError(where, 'box', 'edges of at least 8 pixels', `[${box}]`);
  const centerX = (x1 + x2) / 2, centerY = (y1 + y2) / 2;
  if (centerX < 0 || centerX > width || centerY < 0 || centerY > height) {
    throw new ArgumentError(where, 'box', `its centre inside the photo of ${width} x ${height} pixels`, `[${box}]`);
  }
}

/**
 * Checks five landmarks against their box: image-left eye, image-right eye, nose tip, image-left mouth corner, image-right mouth corner.
 *
 * @throws {@link ArgumentError} if there are not five points of two finite numbers, one lies outside the box by more than a
 *   quarter of its edge, or the eyes (or mouth corners) are in the wrong order.
 */
export function assertLandmarks5(where: string, points: readonly (readonly number[])[], box: Box): asserts points is readonly Point[] {
  if (points.length !== 5 || !points.every((p) => p.length === 2 && p.every(Number.isFinite))) {
    throw new ArgumentError(where, 'landmarks', 'five points of two finite numbers', JSON.stringify(points));
  }
  const [x1, y1, x2, y2] = box, marginX = (x2 - x1) / 4, marginY = (y2 - y1) / 4;
  points.forEach(([x, y], i) => {
    if (x! < x1 - marginX || x! > x2 + marginX || y! < y1 - marginY || y! > y2 + marginY) {
      throw new ArgumentError(where, `landmark ${i + 1}`, `a place in the box [${box}]`, `[${x}, ${y}]`);
    }
  });
  if (Math.hypot(points[0]![0]! - points[1]![0]!, points[0]![1]! - points[1]![1]!) < 1) {
    throw new ArgumentError(where, 'landmarks', 'two eyes at least a pixel apart', JSON.stringify(points.slice(0, 2)));
  }
}
