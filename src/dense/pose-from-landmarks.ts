import type { Point } from './crop-frame.ts';
import { RAW_CAMERA } from './scene.ts';

/** A head's attitude in the image, by scaled orthographic projection. */
export interface ScaledPose {
  /** Radians, as `RAW_CAMERA` has them: where the camera is, seen from the head. */
  readonly yaw: number;
  readonly pitch: number;
  /** Radians by which the head's x axis is turned from the image's, towards +y (down). */
  readonly roll: number;
  /** Pixels per millimetre. */
  readonly scale: number;
  /** Pixel at which the head's origin is seen. */
  readonly origin: Point;
}

/** Deviation of a detector's point, as a share of the eyes' distance: weighs the points against the prior on the angles. */
const POINT_DEVIATION = 0.04;

/**
 * The attitude that shows given points of a head where they were found: the least squares with a normal prior on yaw and pitch, by
 * Gauss-Newton on the two angles with the similarity solved for in closed form.
 *
 * @param points - Points of the mean head, mm.
 * @param seen - The same in the image, pixels, y down.
 */
export function poseFromLandmarks(points: readonly (readonly number[])[], seen: readonly Point[]): ScaledPose {
  const sigma = POINT_DEVIATION * Math.hypot(seen[1]![0] - seen[0]![0], seen[1]![1] - seen[0]![1]) + 1e-6;
  const residuals = (yaw: number, pitch: number): { r: number[]; pose: ScaledPose } => {
    const flat = points.map((p) => orthographic(p, yaw, pitch)), { a, b, x, y } = similarity(flat, seen);
    const r = flat.flatMap(([u, v], i) => [(a * u - b * v + x - seen[i]![0]) / sigma, (b * u + a * v + y - seen[i]![1]) / sigma]);
    return { r: [...r, yaw / RAW_CAMERA.yaw.unit, pitch / RAW_CAMERA.pitch.unit], pose: { yaw, pitch, roll: Math.atan2(b, a), scale: Math.hypot(a, b), origin: [x, y] } };
  };
  let yaw = 0, pitch = 0;
  for (let iteration = 0; iteration < 20; iteration++) {
    const { r } = residuals(yaw, pitch), step = 1e-4;
    const jy = residuals(yaw + step, pitch).r.map((x, i) => (x - r[i]!) / step), jp = residuals(yaw, pitch + step).r.map((x, i) => (x - r[i]!) / step);
    const dot = (a: number[], b: number[]): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
    const yy = dot(jy, jy), pp = dot(jp, jp), yp = dot(jy, jp), gy = dot(jy, r), gp = dot(jp, r), det = yy * pp - yp * yp;
    const limit = (x: number): number => Math.max(-0.3, Math.min(0.3, x));
    yaw = Math.max(-1.3, Math.min(1.3, yaw - limit((pp * gy - yp * gp) / det)));
    pitch = Math.max(-0.8, Math.min(0.8, pitch - limit((yy * gp - yp * gy) / det)));
  }
  return residuals(yaw, pitch).pose;
}

/** Right and down of the image that a camera at `yaw`, `pitch` sees, per mm. */
function orthographic([x, y, z]: readonly number[], yaw: number, pitch: number): [number, number] {
  const sy = Math.sin(yaw), cy = Math.cos(yaw), sp = Math.sin(pitch), cp = Math.cos(pitch);
  return [cy * x! - sy * z!, -(cp * y! - sp * (sy * x! + cy * z!))];
}

/** The least-squares similarity `[u, v] -> [a u - b v + x, b u + a v + y]`. */
function similarity(from: readonly (readonly [number, number])[], to: readonly Point[]): { a: number; b: number; x: number; y: number } {
  const mean = (list: readonly (readonly [number, number])[], k: 0 | 1): number => list.reduce((sum, p) => sum + p[k], 0) / list.length;
  const [mu, mv, mx, my] = [mean(from, 0), mean(from, 1), mean(to, 0), mean(to, 1)];
  let square = 0, even = 0, odd = 0;
  from.forEach(([u, v], i) => {
    const p = u - mu, q = v - mv, s = to[i]![0] - mx, t = to[i]![1] - my;
    square += p * p + q * q;
    even += p * s + q * t;
    odd += p * t - q * s;
  });
  const a = even / square, b = odd / square;
  return { a, b, x: mx - a * mu + b * mv, y: my - b * mu - a * mv };
}
