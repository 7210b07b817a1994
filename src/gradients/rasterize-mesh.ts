import * as tf from '@tensorflow/tfjs';
import { detach, runKernel } from '../kernels/registry.ts';

/**
 * The kernel `RasterizeMesh` with its gradient, which passes through the barycentrics alone. To the tape it is an operation of one output: for a kernel
 * of three the engine makes zeros of the two without a gradient, in each backward pass.
 *
 * @returns faceIndex, barycentrics, zBuffer.
 */
export function rasterizeWithGradient(vertices: tf.Tensor3D, faces: tf.Tensor2D, size: { readonly height: number; readonly width: number }): [tf.Tensor3D, tf.Tensor4D, tf.Tensor3D] {
  const constant: tf.Tensor[] = [];
  const barycentrics = tf.customGrad((v, save) => {
    const [faceIndex, value, zBuffer] = runKernel('RasterizeMesh', { vertices: v as tf.Tensor, faces }, size);
    constant.push(tf.keep(faceIndex), tf.keep(zBuffer));
    (save as tf.GradSaveFunc)([v as tf.Tensor, faces, faceIndex, value]);
    return {
      value,
      gradFunc: (dBarycentrics: tf.Tensor, saved: tf.Tensor[]) =>
        runKernel('RasterizeMeshGrad', { vertices: saved[0]!, faces: saved[1]!, faceIndex: saved[2]!, barycentrics: saved[3]!, dBarycentrics }),
    };
  })(vertices);
  return [detach(constant[0] as tf.Tensor3D), barycentrics as tf.Tensor4D, detach(constant[1] as tf.Tensor3D)];
}
