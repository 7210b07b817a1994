import { ArgumentError } from '../core/errors.ts';
import { cameraBasis } from '../kernels/impl/camera-basis.ts';

/** One camera as plain numbers, in the fields of `Camera`. */
export interface PinholeCamera {
  readonly eye: readonly number[];
  readonly lookAt: readonly number[];
  /** Half image heights. */
  readonly focalLength: number;
  /** Radians. */
  readonly roll?: number;
}

/**
 * The matrix from mesh to pixels of an image of `height` x `width`, pixel centres at +0.5, row 0 on top:
 * `(u w, v w, w) = M (x, y, z, 1)`, w the distance before the eye.
 *
 * @returns `[3][4]`.
 * @throws {@link ArgumentError} if the camera looks nowhere or straight up or down.
 */
export function pixelProjection({ eye, lookAt, focalLength, roll = 0 }: PinholeCamera, height: number, width: number): number[][] {
  const basis = cameraBasis(Float64Array.from([...eye, ...lookAt, focalLength, roll]), 0);
  if (!basis) throw new ArgumentError('pixelProjection', 'camera', 'finite numbers and a view ray that is not vertical', `eye [${eye}], look-at [${lookAt}]`);
  const scale = (focalLength * height) / 2, { right, up, forward } = basis;
  const rows = [right.map((x, k) => scale * x + (width / 2) * forward[k]!), up.map((x, k) => (height / 2) * forward[k]! - scale * x), [...forward]];
  return rows.map((row) => [...row, -row.reduce((sum, x, k) => sum + x * eye[k]!, 0)]);
}
