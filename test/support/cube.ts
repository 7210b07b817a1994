import * as tf from '@tensorflow/tfjs';
import { interpolateAttributes } from '../../src/ops/interpolate-attributes.ts';
import { type ImageSize, rasterizeMesh } from '../../src/ops/rasterize-mesh.ts';

/** The cube of ../shared/data/golden/tf_mesh_renderer/scenes.md: `[8, 3]`, `[12, 3]`. */
export const CUBE = {
  vertices: [[-1, -1, 1], [-1, -1, -1], [-1, 1, -1], [-1, 1, 1], [1, -1, 1], [1, -1, -1], [1, 1, -1], [1, 1, 1]],
  faces: [[0, 1, 2], [2, 3, 0], [3, 2, 6], [6, 7, 3], [7, 6, 5], [5, 4, 7], [4, 5, 1], [1, 0, 4], [5, 6, 2], [2, 1, 5], [7, 4, 0], [0, 3, 7]],
};

type Vector = readonly [number, number, number];

/** `[4, 4]`, rows first: world to clip, fov_y 40 degrees, near 0.01, far 10, from `eye` to the origin, up +y. */
export function cubeCamera([x, y, z]: Vector, aspect: number): number[][] {
  const unit = (v: number[]): number[] => v.map((c) => c / Math.hypot(...v));
  const cross = (a: number[], b: number[]): number[] => [a[1]! * b[2]! - a[2]! * b[1]!, a[2]! * b[0]! - a[0]! * b[2]!, a[0]! * b[1]! - a[1]! * b[0]!];
  const back = unit([x, y, z]), right = unit(cross([0, 1, 0], back)), up = cross(back, right), focal = 1 / Math.tan(Math.PI / 9), near = 0.01, far = 10;
  const row = (axis: number[], scale: number): number[] => [...axis.map((c) => c * scale), -scale * (axis[0]! * x + axis[1]! * y + axis[2]! * z)];
  const depth = row(back, 1);
  return [
    row(right, focal / aspect), row(up, focal), depth.map((c, i) => (-(far + near) / (far - near)) * c - (i === 3 ? (2 * far * near) / (far - near) : 0)), depth.map((c) => -c),
  ];
}

/** `[3, 3]` of `angles [3]` radians about the static axes x, y, z: Rz Ry Rx. */
export function eulerRotation(angles: tf.Tensor1D): tf.Tensor2D {
  const [x, y, z] = tf.unstack(angles), one = tf.scalar(1), zero = tf.scalar(0);
  const matrix = (...cells: tf.Tensor[]): tf.Tensor2D => tf.stack(cells).reshape([3, 3]) as tf.Tensor2D;
  const rx = matrix(one, zero, zero, zero, x!.cos(), x!.sin().neg(), zero, x!.sin(), x!.cos()), ry = matrix(y!.cos(), zero, y!.sin(), zero, one, zero, y!.sin().neg(), zero, y!.cos());
  return matrix(z!.cos(), z!.sin().neg(), zero, z!.sin(), z!.cos(), zero, zero, zero, one).matMul(ry).matMul(rx) as tf.Tensor2D;
}

/** `[H, W, 4]`: the white cube turned by `rotation`, lit by a white point light at the eye (0, 0, 6), normals as the vertices point. */
export function grayCube(rotation: tf.Tensor2D, { height, width }: ImageSize): tf.Tensor3D {
  return tf.tidy(() => {
    const vertices = tf.tensor2d(CUBE.vertices).matMul(rotation, false, true), faces = tf.tensor2d(CUBE.faces, [12, 3], 'int32'), eye = [0, 0, 6] as const;
    const clip = vertices.pad([[0, 0], [0, 1]], 1).matMul(tf.tensor2d(cubeCamera(eye, width / height)), false, true).expandDims(0) as tf.Tensor3D;
    const fragments = rasterizeMesh(clip, faces, { height, width });
    const seen = interpolateAttributes(tf.concat([vertices, vertices.div(Math.sqrt(3))], 1).expandDims(0) as tf.Tensor3D, faces, fragments).squeeze([0]) as tf.Tensor3D;
    const mask = fragments.faceIndex.greaterEqual(0).cast('float32').squeeze([0]).expandDims(2) as tf.Tensor3D;
    const [position, normal] = tf.split(seen, 2, 2) as [tf.Tensor3D, tf.Tensor3D], light = tf.tensor1d([...eye]).sub(position);
    const length = (v: tf.Tensor): tf.Tensor => v.square().sum(2, true).add(1e-12).sqrt();
    const diffuse = light.mul(normal).sum(2, true).div(length(light)).div(length(normal)).clipByValue(0, 1).mul(mask) as tf.Tensor3D;
    return tf.concat([diffuse, diffuse, diffuse, mask], 2);
  });
}
