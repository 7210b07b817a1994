import type * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import { assertShape } from '../core/shape.ts';
import { rasterizeWithGradient } from '../gradients/rasterize-mesh.ts';

/** What each pixel of an image sees of a mesh. */
export interface Fragments {
  /** int32 `[B, H, W]`: the nearest face, an index into `faces`; -1 on background. */
  readonly faceIndex: tf.Tensor3D;
  /** float32 `[B, H, W, 3]`: perspective-correct weights of its corners, in their order in `faces`, >= 0 with sum 1; 0 on background. */
  readonly barycentrics: tf.Tensor4D;
  /** float32 `[B, H, W]`: z / w in [-1, 1]; 1 on background. */
  readonly zBuffer: tf.Tensor3D;
}

/** Size of an image in pixels. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/**
 * Finds the face that each pixel's centre sees, by 2D homogeneous rasterization: no clipping, no culling. Row 0 is the top, y of clip
 * space points up. A pixel on an edge is inside; a surface is seen where -w <= z <= w and w > 0; of equally near faces the first in `faces`
 * is seen. Faces that share an edge leave no crack. The same input gives the same bits.
 *
 * Differentiable to first order in x, y and w of the vertices, through `barycentrics` alone: which face is seen, and `zBuffer`, count as
 * constants (so z has no gradient). `antialiasEdges` adds the gradient through visibility. Cost: one pass over the faces and the pixels of
 * their bounding boxes.
 *
 * Olano and Greer, "Triangle scan conversion using 2D homogeneous coordinates", 1997; gradient after Genova et al., "Unsupervised Training for
 * 3D Morphable Model Regression", CVPR 2018.
 *
 * @param vertices - float32 `[B, V, 4]`: x, y, z, w in OpenGL's clip space.
 * @param faces - int32 `[F, 3]`, each in [0, V). A face without area is never seen.
 * @throws {@link ArgumentError} if a shape does not fit, a face names no vertex, or a coordinate is not finite.
 *
 * @example
 * ```ts
 * const fragments = rasterizeMesh(clip, faces, { height: 224, width: 224 });
 * const image = interpolateAttributes(colors, faces, fragments); // [B, 224, 224, 3]
 * ```
 */
export function rasterizeMesh(vertices: tf.Tensor3D, faces: tf.Tensor2D, { height, width }: ImageSize): Fragments {
  const where = 'rasterizeMesh';
  assertShape(where, 'vertices', vertices.shape, ['B', 'V', 4]);
  assertFaces(where, faces);
  for (const [what, size] of Object.entries({ height, width })) {
    if (!(Number.isInteger(size) && size >= 1 && size <= 16384)) throw new ArgumentError(where, what, 'an integer in [1, 16384]', `${size}`);
  }
  const [faceIndex, barycentrics, zBuffer] = rasterizeWithGradient(vertices, faces, { height, width });
  return { faceIndex, barycentrics, zBuffer };
}

/**
 * Asserts that `faces` is int32 `[F, 3]`.
 *
 * @throws {@link ArgumentError} if it is not.
 */
export function assertFaces(where: string, faces: tf.Tensor2D): void {
  assertShape(where, 'faces', faces.shape, ['F', 3]);
  if (faces.dtype !== 'int32') throw new ArgumentError(where, 'faces', 'dtype int32', faces.dtype);
}
