import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';
import { EYE_RINGS, eyeballCap } from '../../src/data/eyeball-cap.ts';

describe('eyeballCap', () => {
  const random = createRandom(8), count = 40, helper = Array.from({ length: count }, (_, i) => i + 3), sphere = new Float64Array(3 * (count + 3));
  for (const v of helper) {
    const p = [0, 1, 2].map(() => random.normal()), length = Math.hypot(...p);
    p.forEach((x, k) => { sphere[3 * v + k] = [5, -2, 7][k]! + 1.5 * x / length; });
  }
  const cap = eyeballCap(helper, sphere);
  const place = (positions: Float64Array, r: number): number[] => [0, 1, 2].map((k) => [...cap.rows[r]!].reduce((sum, [v, w]) => sum + w * positions[3 * v + k]!, 0));

  it('lies on a sphere about the centre, looks along +Z, all faces outwards', () => {
    const centre = [0, 1, 2].map((k) => helper.reduce((sum, v) => sum + sphere[3 * v + k]! / count, 0));
    cap.rows.forEach((_, r) => {
      const [x, y, z] = place(sphere, r).map((c, k) => c - centre[k]!) as [number, number, number];
      expect(Math.hypot(x, y, z)).toBeCloseTo(Math.hypot(...place(sphere, 0).map((c, k) => c - centre[k]!)), 9);
      expect(Math.atan2(Math.hypot(x, y), z) * 180 / Math.PI).toBeCloseTo(cap.angles[r]!, 6);
    });
    expect(Math.max(...cap.angles)).toBe(EYE_RINGS.at(-1));
    for (const f of cap.faces) {
      const [a, b, c] = f.map((r) => place(sphere, r).map((x, k) => x - centre[k]!)) as [number[], number[], number[]];
      const determinant = a[0]! * (b[1]! * c[2]! - b[2]! * c[1]!) - a[1]! * (b[0]! * c[2]! - b[2]! * c[0]!) + a[2]! * (b[0]! * c[1]! - b[1]! * c[0]!);
      expect(determinant).toBeGreaterThan(0);
    }
  });

  it('follows any affine map of the helper', () => {
    const A = Array.from({ length: 12 }, () => random.normal()), map = (p: readonly number[]): number[] => [0, 1, 2].map((i) => A[9 + i]! + [0, 1, 2].reduce((sum, j) => sum + A[3 * i + j]! * p[j]!, 0));
    const moved = new Float64Array(sphere.length);
    for (const v of helper) moved.set(map([...sphere.subarray(3 * v, 3 * v + 3)]), 3 * v);
    cap.rows.forEach((_, r) => map(place(sphere, r)).forEach((x, k) => expect(place(moved, r)[k]!).toBeCloseTo(x, 9)));
  });
});
