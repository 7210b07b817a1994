/** The seven points of the comparison, in this order; "right" is the person's. */
export const SEVEN_POINTS = ['right outer eye corner', 'right inner eye corner', 'left inner eye corner', 'left outer eye corner', 'bottom of the nose', 'right mouth corner', 'left mouth corner'] as const;

/** Where they are among iBUG's 68. */
export const SEVEN_OF_68 = [36, 39, 42, 45, 33, 48, 54] as const;

/** The part of a scan that is compared: a ball. */
export interface FaceArea {
  /** `[3]` */
  readonly center: readonly number[];
  readonly radius: number;
}

/** The face area that seven points span: about a place 0.3 of the way from the bottom of the nose to the middle of the inner eye corners, as far as 0.7 (outer eye corners' distance + length of that way). */
export function faceArea(points: ArrayLike<number>, radius?: number): FaceArea {
  const at = (i: number): number[] => [points[3 * i]!, points[3 * i + 1]!, points[3 * i + 2]!], distance = (a: readonly number[], b: readonly number[]): number => Math.hypot(...a.map((x, k) => x - b[k]!));
  const bottom = at(4), bridge = at(1).map((x, k) => (x + at(2)[k]!) / 2);
  return { center: bottom.map((x, k) => x + 0.3 * (bridge[k]! - x)), radius: radius ?? 0.7 * (distance(at(0), at(3)) + distance(bridge, bottom)) };
}
