import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';
import { alignPoints } from '../../src/mesh/align-points.ts';
import { invertSimilarity, movePoints } from '../../src/mesh/move-points.ts';

describe('alignPoints', () => {
  const random = createRandom(5), points = Float64Array.from({ length: 36 }, () => random.normal(0, 40)), weights = Float64Array.from({ length: 12 }, () => random.uniform(0.2, 1));
  const turn = { scale: 1, rotation: [0.36, 0.48, -0.8, -0.8, 0.6, 0, 0.48, 0.64, 0.6], from: [0, 0, 0], to: [30, -400, 7] };

  it('finds rotation, shift and scale', () => {
    const moved = movePoints(points, { ...turn, scale: 0.37 }), found = alignPoints(points, moved, { scale: true, weights });
    expect(found.scale).toBeCloseTo(0.37, 12);
    found.rotation.forEach((r, i) => expect(r).toBeCloseTo(turn.rotation[i]!, 12));
    movePoints(points, found).forEach((x, i) => expect(x).toBeCloseTo(moved[i]!, 9));
  });

  it('leaves the scale at 1 unless told to', () => expect(alignPoints(points, movePoints(points, { ...turn, scale: 3 })).scale).toBe(1));

  it('is the least of squares: any other scale, and any other shift, is worse', () => {
    const noisy = movePoints(points, turn).map((x) => x + random.normal(0, 5)), found = alignPoints(points, noisy, { scale: true, weights });
    const cost = (s: typeof found): number => movePoints(points, s).reduce((sum, x, i) => sum + weights[Math.floor(i / 3)]! * (x - noisy[i]!) ** 2, 0), least = cost(found);
    for (const factor of [0.99, 1.01]) expect(cost({ ...found, scale: factor * found.scale })).toBeGreaterThan(least);
    for (const k of [0, 1, 2]) expect(cost({ ...found, to: found.to.map((x, i) => (i === k ? x + 0.1 : x)) })).toBeGreaterThan(least);
  });

  it('does not mirror', () => {
    const { rotation: R } = alignPoints(points, points.map((x, i) => (i % 3 === 0 ? -x : x)));
    expect(R[0]! * (R[4]! * R[8]! - R[5]! * R[7]!) - R[1]! * (R[3]! * R[8]! - R[5]! * R[6]!) + R[2]! * (R[3]! * R[7]! - R[4]! * R[6]!)).toBeCloseTo(1, 12);
  });

  it('is undone by its inverse', () => {
    const found = { ...turn, scale: 0.37, from: [1, 2, 3] };
    movePoints(movePoints(points, found), invertSimilarity(found)).forEach((x, i) => expect(x).toBeCloseTo(points[i]!, 10));
  });
});
