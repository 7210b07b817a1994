import { ArgumentError } from '../core/errors.ts';

/** Rows of a matrix. */
export type Rows = readonly (readonly number[])[];

/** Angles by which the scene is turned from the pose that was fitted, radians. */
export interface Turn {
  /** About the mesh's upward axis, towards the right of the picture. */
  readonly yaw: number;
  /** About the camera's horizontal axis, then; positive shows the head from above. */
  readonly pitch: number;
}

/** A view of the photograph: the whole canvas, in its pixels. */
export interface View {
  readonly width: number;
  readonly height: number;
  /** `[2][3]` photo pixels to canvas pixels, both with row 0 at the top. */
  readonly photoToView: Rows;
}

/**
 * A 3 x 4 projection scaled so that its third row gives the distance along the view ray in mesh units, positive in front of the camera.
 *
 * @param inside - `[3]` a point in front of the camera, such as the middle of the mesh.
 * @throws {@link ArgumentError} if a number is not finite or the third row has no direction.
 */
export function normalizeProjection(projection: Rows, inside: readonly number[]): Rows {
  const fits = projection.length === 3 && projection.every((row) => row.length === 4 && row.every(Number.isFinite));
  const [x = 0, y = 0, z = 0] = projection[2] ?? [];
  const length = Math.hypot(x, y, z);
  if (!fits || length === 0) throw new ArgumentError('normalizeProjection', 'projection', '3 x 4 finite numbers whose third row has a direction', JSON.stringify(projection));
  const sign = dot4(projection[2]!, inside) < 0 ? -1 : 1;
  return projection.map((row) => row.map((value) => (sign * value) / length));
}

/**
 * The clip matrix, row by row, that shows mesh points where `projection` puts them in the photograph and `view` puts that on the canvas.
 *
 * `x_clip / w = 2 x_view / width - 1`, `y_clip / w = 1 - 2 y_view / height`, `w` = depth, and OpenGL's depth between `near` and `far`.
 *
 * @param projection - As {@link normalizeProjection} returns it.
 */
export function clipMatrix(projection: Rows, { width, height, photoToView }: View, near: number, far: number): number[] {
  const [u, v, w] = projection as [number[], number[], number[]], [[a, b, c], [d, e, f]] = photoToView as [[number, number, number], [number, number, number]];
  const x = w.map((wk, k) => (2 / width) * (a * u[k]! + b * v[k]! + c * wk) - wk);
  const y = w.map((wk, k) => wk - (2 / height) * (d * u[k]! + e * v[k]! + f * wk));
  const z = w.map((wk, k) => ((far + near) * wk - (k === 3 ? 2 * far * near : 0)) / (far - near));
  return [...x, ...y, ...z, ...w];
}

/**
 * The 4 x 4 matrix, row by row, that turns the scene about `pivot`: first by `yaw` about +Y, then by `pitch` about the camera's horizontal.
 *
 * @param projection - As {@link normalizeProjection} returns it.
 */
export function turnMatrix(projection: Rows, pivot: readonly number[], { yaw, pitch }: Turn): number[] {
  const rotation = multiply3(rotationAbout(horizontalOf(projection), pitch), rotationAbout([0, 1, 0], yaw));
  const moved = rotation.map((row, i) => pivot[i]! - (row[0]! * pivot[0]! + row[1]! * pivot[1]! + row[2]! * pivot[2]!));
  return [...rotation.flatMap((row, i) => [...row, moved[i]!]), 0, 0, 0, 1];
}

/** Where the photograph's corners (left top, right top, right bottom, left bottom) lie in space, `depth` from the camera: 12 numbers. */
export function photoCorners(projection: Rows, width: number, height: number, depth: number): Float32Array {
  const left = projection.map((row) => row.slice(0, 3)), inverse = inverse3(left);
  const corners = [[0, 0], [width, 0], [width, height], [0, height]] as const;
  return Float32Array.from(corners.flatMap(([u, v]) => {
    const rest = [u, v, 1].map((value, i) => depth * value - projection[i]![3]!);
    return inverse.map((row) => row[0]! * rest[0]! + row[1]! * rest[1]! + row[2]! * rest[2]!);
  }));
}

/** Depth of a point along the view ray. */
export const depthOf = (projection: Rows, point: readonly number[]): number => dot4(projection[2]!, point);

const dot4 = (row: readonly number[], p: readonly number[]): number => row[0]! * p[0]! + row[1]! * p[1]! + row[2]! * p[2]! + row[3]!;

// The direction in which u grows, at right angles to the view ray.
function horizontalOf([u, , w]: Rows): number[] {
  const along = u![0]! * w![0]! + u![1]! * w![1]! + u![2]! * w![2]!;
  const across = [0, 1, 2].map((k) => u![k]! - along * w![k]!), length = Math.hypot(...across);
  return across.map((x) => x / length);
}

// Rodrigues: R = cos I + sin [axis]x + (1 - cos) axis axis^T.
function rotationAbout([x, y, z]: readonly number[], angle: number): number[][] {
  const s = Math.sin(angle), c = Math.cos(angle), t = 1 - c, [i, j, k] = [x!, y!, z!];
  return [
    [t * i * i + c, t * i * j - s * k, t * i * k + s * j],
    [t * i * j + s * k, t * j * j + c, t * j * k - s * i],
    [t * i * k - s * j, t * j * k + s * i, t * k * k + c],
  ];
}

const multiply3 = (a: Rows, b: Rows): number[][] => a.map((row) => [0, 1, 2].map((k) => row[0]! * b[0]![k]! + row[1]! * b[1]![k]! + row[2]! * b[2]![k]!));

function inverse3(m: Rows): number[][] {
  const [[a, b, c], [d, e, f], [g, h, i]] = m as [[number, number, number], [number, number, number], [number, number, number]];
  const det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  return [
    [(e * i - f * h) / det, (c * h - b * i) / det, (b * f - c * e) / det],
    [(f * g - d * i) / det, (a * i - c * g) / det, (c * d - a * f) / det],
    [(d * h - e * g) / det, (b * g - a * h) / det, (a * e - b * d) / det],
  ];
}
