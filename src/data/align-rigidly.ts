import { alignPoints } from '../mesh/align-points.ts';
import { movePoints } from '../mesh/move-points.ts';

/**
 * Moves points in place by the rotation and translation, without scale, that bring them nearest to a reference in the
 * weighted least-squares sense.
 *
 * @param points - `[V, 3]`.
 * @param reference - `[V, 3]`.
 * @param weights - `[V]`, at least three of them positive.
 */
export function alignRigidly(points: Float64Array, reference: ArrayLike<number>, weights: ArrayLike<number>): void {
  points.set(movePoints(points, alignPoints(points, reference, { scale: false, weights })));
}
