import type { Random } from '../core/random.ts';

/**
 * Turns both eyeballs about their own centres to one gaze, in place: mostly ahead, at times aside.
 *
 * @param positions - `[V, 3]`.
 * @param eyeballs - The vertices of each eye's cap, the gaze's pole first.
 * @param centres - Per eye: its centre and radius as a function of positions is not needed, so a point well inside serves.
 */
export function turnEyes(positions: Float64Array, eyeballs: readonly Int32Array[], random: Random): void {
  const wide = random.uniform() < 0.2 ? 2.5 : 1, yaw = wide * random.normal(0, 0.09), pitch = wide * random.normal(-0.01, 0.05), apart = random.normal(0.01, 0.012);
  for (const eye of eyeballs) {
    const side = Math.sign(positions[3 * eye[0]!]!), centre = sphereCentre(positions, eye);
    const [c, s, cp, sp] = [Math.cos(yaw - side * apart), Math.sin(yaw - side * apart), Math.cos(pitch), Math.sin(pitch)];
    for (const v of eye) {
      const [x, y, z] = [0, 1, 2].map((k) => positions[3 * v + k]! - centre[k]!) as [number, number, number], y1 = cp * y + sp * z, z1 = cp * z - sp * y;
      positions[3 * v] = centre[0]! + c * x + s * z1;
      positions[3 * v + 1] = centre[1]! + y1;
      positions[3 * v + 2] = centre[2]! + c * z1 - s * x;
    }
  }
}

/** The centre of the sphere that the cap lies on: behind the pole by the radius that the cap's outermost ring tells. */
function sphereCentre(positions: Float64Array, eye: Int32Array): number[] {
  const ring = eye.subarray(eye.length - 18), pole = eye[0]!;
  const middle = [0, 1, 2].map((k) => ring.reduce((sum, v) => sum + positions[3 * v + k]!, 0) / ring.length);
  const height = Math.hypot(...middle.map((x, k) => positions[3 * pole + k]! - x));
  const width = ring.reduce((sum, v) => sum + Math.hypot(...middle.map((x, k) => positions[3 * v + k]! - x)), 0) / ring.length;
  const radius = (height * height + width * width) / (2 * height);
  return middle.map((x, k) => positions[3 * pole + k]! + (x - positions[3 * pole + k]!) * radius / height);
}
