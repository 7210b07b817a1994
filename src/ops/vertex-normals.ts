import type * as tf from '@tensorflow/tfjs';
import { assertShape } from '../core/shape.ts';
import '../gradients/vertex-normals.ts';
import { runKernel } from '../kernels/registry.ts';
import { assertFaces } from './rasterize-mesh.ts';

/**
 * Unit normals of vertices: the mean of the normals of the faces around each, weighted by their area. Zero for a vertex of no face, or
 * whose faces have no area. O(F).
 *
 * Differentiable in `vertices`, to first order.
 *
 * @param vertices - float32 `[B, V, 3]`.
 * @param faces - int32 `[F, 3]`, counter-clockwise seen from outside.
 * @returns float32 `[B, V, 3]`.
 * @throws {@link ArgumentError} if a shape does not fit or a face names no vertex.
 */
export function vertexNormals(vertices: tf.Tensor3D, faces: tf.Tensor2D): tf.Tensor3D {
  assertShape('vertexNormals', 'vertices', vertices.shape, ['B', 'V', 3]);
  assertFaces('vertexNormals', faces);
  return runKernel('VertexNormals', { vertices, faces }) as tf.Tensor3D;
}
