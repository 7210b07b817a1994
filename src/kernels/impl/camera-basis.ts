import type { FloatArray } from '../../sparse/csr-matrix.ts';

/** Numbers of one camera in a kernel: eye (3), look-at point (3), focal length in half image heights, roll in radians. */
export const CAMERA_NUMBERS = 8;

/** What does not depend on the camera: width / height of the image, and the clipping planes. */
export interface Lens {
  readonly aspect: number;
  readonly near: number;
  readonly far: number;
}

/** Where a camera looks, in float64. */
export interface CameraBasis {
  readonly eye: readonly number[];
  /** Unit vectors of the image's right, its top, and the view ray. */
  readonly right: readonly number[];
  readonly up: readonly number[];
  readonly forward: readonly number[];
  readonly focalLength: number;
  readonly roll: number;
  /** Distance from eye to look-at point, and length of `forward x Y`. */
  readonly distance: number;
  readonly horizontal: number;
}

/**
 * The axes of camera `b` of `cameras [B, 8]`: `forward = n(lookAt - eye)`, `right_0 = n(forward x Y)`, `up_0 = right_0 x forward`, both
 * turned by the roll: `right = cos right_0 + sin up_0`, `up = cos up_0 - sin right_0`.
 *
 * @returns `null` where there are none: eye at the look-at point, straight above or below it, or a number that is not finite.
 */
export function cameraBasis(cameras: FloatArray, b: number): CameraBasis | null {
  const [ex, ey, ez, tx, ty, tz, focalLength, roll] = Array.from(cameras.subarray(CAMERA_NUMBERS * b, CAMERA_NUMBERS * (b + 1))) as
    [number, number, number, number, number, number, number, number];
  const distance = Math.hypot(tx - ex, ty - ey, tz - ez), x = (tx - ex) / distance, y = (ty - ey) / distance, z = (tz - ez) / distance;
  const horizontal = Math.hypot(x, z);
  if (!(distance > 0 && distance < Infinity && horizontal > 1e-9 && Number.isFinite(focalLength + roll))) return null;
  // forward x Y = (-z, 0, x); up_0 = right_0 x forward.
  const rx = -z / horizontal, rz = x / horizontal, ux = -rz * y, uy = rz * x - rx * z, uz = rx * y, c = Math.cos(roll), s = Math.sin(roll);
  return {
    eye: [ex, ey, ez], forward: [x, y, z], focalLength, roll, distance, horizontal,
    right: [c * rx + s * ux, s * uy, c * rz + s * uz], up: [c * ux - s * rx, c * uy, c * uz - s * rz],
  };
}

/** What arrives at a basis: sums over the points `d = p - eye` of a camera. */
export interface BasisGradient {
  /** `[3]` each: `sum of dx d`, `sum of dy d`, `sum of dw d`, where `dx` is that of `x / focal length`. */
  readonly right: readonly number[];
  readonly up: readonly number[];
  readonly forward: readonly number[];
  /** `[3]` */
  readonly eye: readonly number[];
  readonly focalLength: number;
}

/** The vector-Jacobian product of {@link cameraBasis}: the gradient of the camera's 8 numbers. */
export function cameraBasisGrad({ right, up, forward, roll, distance, horizontal }: CameraBasis, gradient: BasisGradient): number[] {
  const c = Math.cos(roll), s = Math.sin(roll), { right: gr, up: gu } = gradient;
  const right0 = right.map((x, k) => c * x - s * up[k]!);
  // (1) Roll, then up_0 = right_0 x forward.
  const dRoll = dot(gr, up) - dot(gu, right), du0 = gr.map((g, k) => s * g + c * gu[k]!);
  const dr0 = add(gr.map((g, k) => c * g - s * gu[k]!), cross(forward, du0)), df = add(gradient.forward as number[], cross(du0, right0));
  // (2) right_0 = n(forward x Y), forward = n(lookAt - eye).
  const dq = dr0.map((g, k) => (g - right0[k]! * dot(right0, dr0)) / horizontal), dForward = add(df, cross([0, 1, 0], dq));
  const dLookAt = dForward.map((g, k) => (g - forward[k]! * dot(forward, dForward)) / distance);
  return [...gradient.eye.map((g, k) => g - dLookAt[k]!), ...dLookAt, gradient.focalLength, dRoll];
}

const dot = (a: readonly number[], b: readonly number[]): number => a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!;
const add = (a: readonly number[], b: readonly number[]): number[] => a.map((x, k) => x + b[k]!);
const cross = ([a, b, c]: readonly number[], [x, y, z]: readonly number[]): number[] => [b! * z! - c! * y!, c! * x! - a! * z!, a! * y! - b! * x!];
