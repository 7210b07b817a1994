import type { DepthWindow } from '../mesh/visible-vertices.ts';

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

/** Directions from which a face area is looked at: turned to both sides, from above and from below, radians. */
const LOOKS = [[0, 0], [1, 0], [-1, 0], [0, 0.6], [0, -0.6]] as const;

/** Windows on a face area: what none of them sees (the inside of the mouth, the eye sockets) is not the face. */
export function faceWindows(points: ArrayLike<number>, { center, radius }: FaceArea): DepthWindow[] {
  const at = (i: number): number[] => [points[3 * i]!, points[3 * i + 1]!, points[3 * i + 2]!], minus = (a: readonly number[], b: readonly number[]): number[] => a.map((x, k) => x - b[k]!);
  const middle = (i: number, j: number): number[] => at(i).map((x, k) => (x + at(j)[k]!) / 2), unit = (a: readonly number[]): number[] => a.map((x) => x / Math.hypot(...a));
  const cross = (a: readonly number[], b: readonly number[]): number[] => [0, 1, 2].map((k) => a[(k + 1) % 3]! * b[(k + 2) % 3]! - a[(k + 2) % 3]! * b[(k + 1) % 3]!);
  const right = unit(minus(at(3), at(0))), front = unit(cross(right, minus(middle(1, 2), middle(5, 6)))), up = cross(front, right);
  const mix = (a: readonly number[], b: readonly number[], angle: number): number[] => a.map((x, k) => Math.cos(angle) * x + Math.sin(angle) * b[k]!);
  return LOOKS.map(([yaw, pitch]) => ({ axes: [mix(right, front, -yaw), mix(up, front, -pitch), yaw !== 0 ? mix(front, right, yaw) : mix(front, up, pitch)], center, half: radius }));
}
