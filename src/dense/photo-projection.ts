import { pixelProjection } from '../renderer/projection.ts';
import type { Affine } from './crop-frame.ts';
import type { CameraNumbers } from './scene.ts';
import type { Projection } from './scene-record.ts';

/**
 * The matrix from mesh millimetres to photograph pixels, of a camera that was fitted to a crop: `(u w, v w, w) = P (x, y, z, 1)`, w the
 * distance before the eye in millimetres, pixel centres at +0.5.
 *
 * @param toPhoto - Crop pixels to photograph pixels, of a crop of `size` x `size`.
 * @returns `[3][4]`.
 * @throws ArgumentError if the camera looks nowhere or straight up or down.
 */
export function photoProjection(camera: CameraNumbers, toPhoto: Affine, size: number): Projection {
  const [u, v, w] = pixelProjection(camera, size, size) as [number[], number[], number[]];
  return [...toPhoto.map(([a, b, c]) => w.map((wk, k) => a * u[k]! + b * v[k]! + c * wk)), w];
}

/** Where a projection shows a mesh point. */
export function projectPoint([u, v, w]: Projection, point: ArrayLike<number>, offset = 0): [number, number] {
  const dot = (row: readonly number[]): number => row[0]! * point[offset]! + row[1]! * point[offset + 1]! + row[2]! * point[offset + 2]! + row[3]!;
  const depth = dot(w!);
  return [dot(u!) / depth, dot(v!) / depth];
}
