import type * as tf from '@tensorflow/tfjs';
import { assertShape } from '../core/shape.ts';
import '../gradients/shade-fragments.ts';
import type { ShadingSpace } from '../kernels/impl/shade-fragments.ts';
import { runKernel } from '../kernels/registry.ts';
import { assertFaces, type Fragments } from './rasterize-mesh.ts';

/** Per-vertex inputs of {@link shadeFragments}: float32 `[B, V, 3]` each. */
export interface ShadedMesh {
  readonly vertices: tf.Tensor3D;
  /** Need not have unit length: it is made so in each pixel. */
  readonly normals: tf.Tensor3D;
  /** Albedo, sRGB. */
  readonly colors: tf.Tensor3D;
  /** int32 `[F, 3]`. */
  readonly faces: tf.Tensor2D;
}

/**
 * The colour of each pixel under ambient light and one point light, diffuse: `albedo (ambient + light max(0, n . l))`, with position, normal and
 * albedo interpolated per pixel. No attenuation, no specular part, no clamp; 0 on background.
 *
 * Differentiable in vertices, normals, colours, lights and the fragments' barycentrics, to first order.
 *
 * Genova et al., "Unsupervised Training for 3D Morphable Model Regression", CVPR 2018, section 3.
 *
 * @param lights - float32 `[B, 9]`: position (3), colour (3), ambient colour (3).
 * @param space - `srgb` multiplies sRGB values, as the papers do; `linear` multiplies linear light and returns sRGB.
 * @returns float32 `[B, H, W, 3]`.
 * @throws {@link ArgumentError} if a shape does not fit.
 */
export function shadeFragments({ vertices, normals, colors, faces }: ShadedMesh, lights: tf.Tensor2D, { faceIndex, barycentrics }: Fragments, space: ShadingSpace = 'srgb'): tf.Tensor4D {
  const where = 'shadeFragments', dims = {};
  for (const [name, x] of Object.entries({ vertices, normals, colors })) assertShape(where, name, x.shape, ['B', 'V', 3], dims);
  assertShape(where, 'lights', lights.shape, ['B', 9], dims);
  assertShape(where, 'faceIndex', faceIndex.shape, ['B', 'H', 'W'], dims);
  assertShape(where, 'barycentrics', barycentrics.shape, ['B', 'H', 'W', 3], dims);
  assertFaces(where, faces);
  return runKernel('ShadeFragments', { vertices, normals, colors, lights, faces, faceIndex, barycentrics }, { space }) as tf.Tensor4D;
}
