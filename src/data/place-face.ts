import { alignRigidly } from './align-rigidly.ts';
import type { IctFace } from './ict.ts';

/** The points of iBUG's 68 inside the outline, which lie on features; those of the outline, 0 to 16, are placed by each author's taste. */
export const INNER_LANDMARKS = Array.from({ length: 51 }, (_, i) => 17 + i);

/** A scanned face in the project's place, and the head blown up to its size. */
export interface PlacedFace {
  readonly face: IctFace;
  /** `[V, 3]` the head, scaled about the middle of its landmarks. */
  readonly head: Float64Array;
  readonly scale: number;
}

/**
 * Turns and moves a scanned face, never scaling it, so that its inner landmarks lie as near as can be to those of a head; the head takes its size instead.
 *
 * @param head - `[V, 3]`.
 * @param landmarks68 - Of the head.
 */
export function placeFace(face: IctFace, head: Float64Array, landmarks68: Int32Array): PlacedFace {
  const N = face.neutral.length / 3, L = INNER_LANDMARKS.length, units = [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]];
  const corner = (p: ArrayLike<number>, v: number): number[] => [p[3 * v]!, p[3 * v + 1]!, p[3 * v + 2]!];
  const to = INNER_LANDMARKS.flatMap((i) => corner(head, landmarks68[i]!)), from = INNER_LANDMARKS.flatMap((i) => corner(face.neutral, face.landmarks68[i]!));
  const points = Float64Array.from([...from, ...face.neutral, ...face.eyes.flatMap(({ centre }) => centre), ...units.flat()]), weights = new Float64Array(points.length / 3).fill(1, 0, L);
  alignRigidly(points, Float64Array.from({ length: points.length }, (_, i) => to[i] ?? 0), weights);
  const at = (i: number): [number, number, number] => corner(points, i) as [number, number, number], origin = at(L + N + 2), axes = [3, 4, 5].map((i) => at(L + N + i).map((x, k) => x - origin[k]!));
  const turn = (modes: Float32Array): Float32Array => {
    const out = new Float32Array(modes.length);
    for (let i = 0; i < modes.length; i += 3) for (let k = 0; k < 3; k++) out[i + k] = modes[i]! * axes[0]![k]! + modes[i + 1]! * axes[1]![k]! + modes[i + 2]! * axes[2]![k]!;
    return out;
  };
  const middle = [0, 1, 2].map((k) => INNER_LANDMARKS.reduce((sum, _, i) => sum + to[3 * i + k]! / L, 0)), spread = (p: ArrayLike<number>): number => {
    let sum = 0;
    for (let i = 0; i < 3 * L; i++) sum += (p[i]! - middle[i % 3]!) ** 2;
    return Math.sqrt(sum);
  };
  const scale = spread(points) / spread(to);
  return {
    face: {
      ...face, neutral: points.slice(3 * L, 3 * (L + N)), identity: turn(face.identity), expression: turn(face.expression),
      eyes: [{ ...face.eyes[0], centre: at(L + N) }, { ...face.eyes[1], centre: at(L + N + 1) }],
    },
    head: head.map((x, i) => middle[i % 3]! + scale * (x - middle[i % 3]!)), scale,
  };
}
