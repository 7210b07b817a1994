import type { FloatArray } from '../../sparse/csr-matrix.ts';
import { type CameraBasis, cameraBasis, cameraBasisGrad, CAMERA_NUMBERS, type Lens } from './camera-basis.ts';

/** Sizes of a projection: `vertices [batch, vertexCount, 3]`, `cameras [batch, 8]`. */
export interface ProjectSizes {
  readonly batch: number;
  readonly vertexCount: number;
}

/** `z = scale w + offset` of OpenGL's perspective. */
export const depthMap = ({ near, far }: Lens): { scale: number; offset: number } => ({ scale: (far + near) / (far - near), offset: (-2 * far * near) / (far - near) });

/**
 * Reference kernel: vertices to clip space. With `d = p - eye` and the axes of `cameraBasis`: `x = focal (right . d) / aspect`, `y = focal (up . d)`,
 * `w = forward . d`, `z = ((far + near) w - 2 far near) / (far - near)`. Overwrites `out`.
 *
 * @param vertices - `[B, V, 3]`
 * @param cameras - `[B, 8]`
 * @param out - `[B, V, 4]`
 * @returns -1, or the first camera without axes, where it stops.
 */
export function projectVerticesImpl(vertices: FloatArray, cameras: FloatArray, out: FloatArray, { batch, vertexCount }: ProjectSizes, lens: Lens): number {
  const { scale, offset } = depthMap(lens);
  for (let b = 0; b < batch; b++) {
    const basis = cameraBasis(cameras, b);
    if (!basis) return b;
    const { eye: [ex, ey, ez], right: [rx, ry, rz], up: [ux, uy, uz], forward: [fx, fy, fz], focalLength } = basis as CameraBasis & Record<'eye' | 'right' | 'up' | 'forward', [number, number, number]>;
    for (let v = b * vertexCount; v < (b + 1) * vertexCount; v++) {
      const x = vertices[3 * v]! - ex, y = vertices[3 * v + 1]! - ey, z = vertices[3 * v + 2]! - ez, w = fx * x + fy * y + fz * z;
      out[4 * v] = (focalLength * (rx * x + ry * y + rz * z)) / lens.aspect;
      out[4 * v + 1] = focalLength * (ux * x + uy * y + uz * z);
      out[4 * v + 2] = scale * w + offset;
      out[4 * v + 3] = w;
    }
  }
  return -1;
}

/** What {@link projectVerticesGradImpl} writes. */
export interface ProjectGradient {
  /** `[B, V, 3]` */
  readonly dVertices: FloatArray;
  /** `[B, 8]` */
  readonly dCameras: FloatArray;
}

/**
 * Reference kernel: the vector-Jacobian product of {@link projectVerticesImpl}. Overwrites `out`.
 *
 * @param dy - `[B, V, 4]`
 * @returns As {@link projectVerticesImpl}.
 */
export function projectVerticesGradImpl(vertices: FloatArray, cameras: FloatArray, dy: FloatArray, out: ProjectGradient, { batch, vertexCount }: ProjectSizes, lens: Lens): number {
  const { scale } = depthMap(lens), { dVertices, dCameras } = out;
  for (let b = 0; b < batch; b++) {
    const basis = cameraBasis(cameras, b);
    if (!basis) return b;
    const { eye, right, up, forward, focalLength } = basis, gx = [0, 0, 0], gy = [0, 0, 0], gw = [0, 0, 0], sum = [0, 0, 0];
    for (let v = b * vertexCount; v < (b + 1) * vertexCount; v++) {
      const dx = dy[4 * v]! / lens.aspect, dyv = dy[4 * v + 1]!, dw = dy[4 * v + 3]! + scale * dy[4 * v + 2]!;
      for (let k = 0; k < 3; k++) {
        const d = vertices[3 * v + k]! - eye[k]!, g = focalLength * (dx * right[k]! + dyv * up[k]!) + dw * forward[k]!;
        dVertices[3 * v + k] = g;
        sum[k]! += g;
        gx[k]! += dx * d;
        gy[k]! += dyv * d;
        gw[k]! += dw * d;
      }
    }
    dCameras.set(cameraGradient(basis, { gx, gy, gw, sum }), CAMERA_NUMBERS * b);
  }
  return -1;
}

/**
 * The gradient of a camera's 8 numbers from sums over its vertices: `gx = sum of dx d` and so on, where `dx` is already divided by the
 * aspect and `dw` holds what comes through z; `sum` is that of the vertices' gradients.
 */
export function cameraGradient(basis: CameraBasis, { gx, gy, gw, sum }: Record<'gx' | 'gy' | 'gw' | 'sum', readonly number[]>): number[] {
  const { right, up, focalLength } = basis;
  return cameraBasisGrad(basis, {
    right: gx.map((g) => focalLength * g), up: gy.map((g) => focalLength * g), forward: gw, eye: sum.map((g) => -g),
    focalLength: gx.reduce((total, g, k) => total + g * right[k]! + gy[k]! * up[k]!, 0),
  });
}
