import { fitSphere } from './fit-sphere.ts';

/** An eyeball and what lies before and around it. */
export interface EyeSurroundings {
  readonly ball: Int32Array;
  readonly around: Int32Array;
}

/** How far lids keep from the eyeball, millimetres. */
const GAP = 0.15;
/** Surroundings reach to this many radii from the middle of the eyeball. */
const REACH = 1.6;

/**
 * The vertices that may come into contact with each eyeball of a head.
 *
 * @param positions - `[V, 3]` of the head at rest.
 * @param eyes - The vertices of each eyeball.
 * @param skin - Those of the skin and the sockets.
 */
export function eyeSurroundings(positions: Float64Array, eyes: readonly Int32Array[], skin: Int32Array): EyeSurroundings[] {
  return eyes.map((ball) => {
    const { centre, radius } = sphereOf(positions, ball);
    return { ball, around: skin.filter((v) => Math.hypot(...centre.map((c, k) => positions[3 * v + k]! - c)) < REACH * radius) };
  });
}

/** Pushes what modes have moved into an eyeball straight out of it, in place: modes add up linearly, and a lid's way round a ball is no line. */
export function clearEyeballs(positions: Float64Array, eyes: readonly EyeSurroundings[]): void {
  for (const { ball, around } of eyes) {
    const { centre, radius } = sphereOf(positions, ball), least = radius + GAP;
    for (const v of around) {
      const from = centre.map((c, k) => positions[3 * v + k]! - c), distance = Math.hypot(...from);
      if (distance < least && distance > 0) for (let k = 0; k < 3; k++) positions[3 * v + k] = centre[k]! + (least / distance) * from[k]!;
    }
  }
}

const sphereOf = (positions: Float64Array, ball: Int32Array): ReturnType<typeof fitSphere> => fitSphere(Float64Array.from([...ball].flatMap((v) => [...positions.subarray(3 * v, 3 * v + 3)])));
