import type * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import { assertShape } from '../core/shape.ts';
import '../gradients/interpolate-attributes.ts';
import { runKernel } from '../kernels/registry.ts';
import { assertFaces, type Fragments } from './rasterize-mesh.ts';

/**
 * Interpolates attributes of vertices over the pixels that see them: `y[b, r, c] = sum over corners i of the face seen there of
 * barycentrics_i attributes[b, corner i]`; 0 on background.
 *
 * Differentiable to first order in the attributes, and in the barycentrics and so in the vertices that were rasterized. The gradient of an
 * attribute adds pixels in their order, so it is the same in every run.
 *
 * @param attributes - float32 `[B, V, C]`, or `[1, V, C]` shared by the batch.
 * @param faces - int32 `[F, 3]`, those that were rasterized.
 * @param fragments - of {@link rasterizeMesh}; zBuffer is not read.
 * @returns float32 `[B, H, W, C]`.
 * @throws {@link ArgumentError} if a shape does not fit or an index is out of range.
 */
export function interpolateAttributes(attributes: tf.Tensor3D, faces: tf.Tensor2D, fragments: Pick<Fragments, 'faceIndex' | 'barycentrics'>): tf.Tensor4D {
  const where = 'interpolateAttributes', { faceIndex, barycentrics } = fragments, dims = {};
  assertFaces(where, faces);
  assertShape(where, 'faceIndex', faceIndex.shape, ['B', 'H', 'W'], dims);
  assertShape(where, 'barycentrics', barycentrics.shape, ['B', 'H', 'W', 3], dims);
  if (faceIndex.dtype !== 'int32') throw new ArgumentError(where, 'faceIndex', 'dtype int32', faceIndex.dtype);
  assertShape(where, 'attributes', attributes.shape, [attributes.shape[0] === 1 ? 1 : faceIndex.shape[0], 'V', 'C']);
  return runKernel('InterpolateAttributes', { attributes, faces, faceIndex, barycentrics }) as tf.Tensor4D;
}
