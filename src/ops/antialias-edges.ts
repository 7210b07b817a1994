import type * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import { assertShape } from '../core/shape.ts';
import '../gradients/antialias-edges.ts';
import { runKernel } from '../kernels/registry.ts';
import { assertFaces, type Fragments } from './rasterize-mesh.ts';

/** What was rasterized: `vertices` float32 `[B, V, 4]` in clip space, `faces` int32 `[F, 3]`, `edges` int32 `[E, 4]` of `meshEdges(faces)`. */
export interface OutlinedMesh {
  readonly vertices: tf.Tensor3D;
  readonly faces: tf.Tensor2D;
  readonly edges: tf.Tensor2D;
}

/**
 * Mixes the colours of both sides in the pixels that an outline crosses, by area, and so gives a rendered image a gradient through visibility:
 * what changes when a surface comes to cover more, or less, of what is behind it.
 *
 * An outline is a border of the mesh or a fold, seen before something clearly behind it or before the background. Differentiable to first order in
 * the image, and in x, y and w of the vertices: there by the line integral along the outlines of (colour inside - colour outside) times
 * the normal velocity, both colours extended to the edge from two pixels. Not seen: where surfaces cut through one another, edges that reach behind
 * the eye, pixels at the image's border whose neighbour is outside. Where two outlines run within a pixel of one another the colour between is
 * a guess. Cost: one pass over the edges, and their pixels.
 *
 * Reynolds' transport theorem; edges as in Li et al., "Differentiable Monte Carlo Ray Tracing through Edge Sampling", SIGGRAPH Asia 2018; pairs of
 * pixels across them as in Laine et al., "Modular Primitives for High-Performance Differentiable Rendering", SIGGRAPH Asia 2020.
 *
 * @param image - float32 `[B, H, W, C]`: each pixel the colour at its centre, background included.
 * @param fragments - of `rasterizeMesh`; barycentrics are not read.
 * @returns float32 `[B, H, W, C]`.
 * @throws {@link ArgumentError} if a shape does not fit or an index is out of range.
 *
 * @example
 * ```ts
 * const edges = tf.tensor2d(meshEdges(faces.dataSync()), [-1, 4], 'int32');
 * const image = antialiasEdges(colours, { vertices: clip, faces, edges }, fragments);
 * ```
 */
export function antialiasEdges(image: tf.Tensor4D, { vertices, faces, edges }: OutlinedMesh, { faceIndex, zBuffer }: Pick<Fragments, 'faceIndex' | 'zBuffer'>): tf.Tensor4D {
  const where = 'antialiasEdges', dims = {};
  assertShape(where, 'image', image.shape, ['B', 'H', 'W', 'C'], dims);
  assertShape(where, 'vertices', vertices.shape, ['B', 'V', 4], dims);
  assertFaces(where, faces);
  assertShape(where, 'edges', edges.shape, ['E', 4]);
  assertShape(where, 'faceIndex', faceIndex.shape, ['B', 'H', 'W'], dims);
  assertShape(where, 'zBuffer', zBuffer.shape, ['B', 'H', 'W'], dims);
  for (const [name, { dtype }] of Object.entries({ edges, faceIndex })) if (dtype !== 'int32') throw new ArgumentError(where, name, 'dtype int32', dtype);
  return runKernel('AntialiasEdges', { image, vertices, faces, edges, faceIndex, zBuffer }) as tf.Tensor4D;
}
