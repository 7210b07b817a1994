import * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import { assertShape } from '../core/shape.ts';
import type { ShadingSpace } from '../kernels/impl/shade-fragments.ts';
import { antialiasEdges } from '../ops/antialias-edges.ts';
import { interpolateAttributes } from '../ops/interpolate-attributes.ts';
import { projectVertices } from '../ops/project-vertices.ts';
import { type Fragments, rasterizeMesh } from '../ops/rasterize-mesh.ts';
import { shadeFragments } from '../ops/shade-fragments.ts';
import { vertexNormals } from '../ops/vertex-normals.ts';
import { type Camera, cameraTensor } from './camera.ts';
import { edgeTensor } from './edge-tensor.ts';
import { type Illumination, illuminationTensor } from './illumination.ts';

/** A batch of coloured meshes of one topology. */
export interface ColoredMeshes {
  /** float32 `[B, V, 3]`. */
  readonly vertices: tf.Tensor3D;
  /** float32 `[B, V, 3]` albedo, sRGB. */
  readonly colors: tf.Tensor3D;
  /** int32 `[F, 3]`, counter-clockwise seen from outside. */
  readonly faces: tf.Tensor2D;
}

/** Options of {@link renderMesh}. */
export interface RenderOptions {
  /** Pixels. */
  readonly height: number;
  /** Pixels. */
  readonly width: number;
  /** Clipping planes, mesh units before the eye. */
  readonly near: number;
  readonly far: number;
  /** Space in which light and albedo are multiplied: `srgb`, as the papers do, or `linear`. */
  readonly shadingSpace: ShadingSpace;
  /** What is seen where the mesh is not: an sRGB colour, or float32 images `[B or 1, H, W, 3]`. */
  readonly background: readonly [number, number, number] | tf.Tensor4D;
  /**
   * `none`: each pixel is what its centre sees, and the gradient takes coverage as constant. `antialias`: pixels on an outline mix both sides, and the
   * gradient includes what outlines cover and uncover as they move.
   */
  readonly edges: 'none' | 'antialias';
}

export const RENDER_DEFAULTS: RenderOptions = { height: 224, width: 224, near: 10, far: 10_000, shadingSpace: 'srgb', background: [0, 0, 0], edges: 'none' };

/** What {@link renderMesh} returns. */
export interface Rendered {
  /** float32 `[B, H, W, 3]` sRGB, not clamped. */
  readonly image: tf.Tensor4D;
  /** float32 `[B, H, W, 1]`: 1 where the mesh covers the pixel's centre, else 0. */
  readonly mask: tf.Tensor4D;
  readonly fragments: Fragments;
  /** float32 `[B, V, 4]`: the vertices in clip space. */
  readonly clip: tf.Tensor3D;
}

/**
 * Draws coloured meshes: projects, rasterizes, shades, and lays the result over the background.
 *
 * Differentiable to first order in vertices, colours, camera, illumination and background. Coverage comes from the rasterizer; it counts as
 * constant in the gradient but for `edges: 'antialias'`.
 *
 * Genova et al., "Unsupervised Training for 3D Morphable Model Regression", CVPR 2018.
 *
 * @param illumination - `null`: the albedo itself.
 * @throws {@link ArgumentError} if a shape or an option does not fit, or a camera looks nowhere.
 *
 * @example
 * ```ts
 * const { image, mask } = renderMesh({ vertices, colors, faces }, camera, illumination, { height: 112, width: 112 });
 * ```
 */
export function renderMesh({ vertices, colors, faces }: ColoredMeshes, camera: Camera, illumination: Illumination | null, options?: Partial<RenderOptions>): Rendered {
  const where = 'renderMesh', { height, width, near, far, shadingSpace, background, edges } = resolveOptions(where, RENDER_DEFAULTS, options);
  if (shadingSpace !== 'srgb' && shadingSpace !== 'linear') throw new ArgumentError(where, 'shadingSpace', 'value srgb or linear', `${shadingSpace as string}`);
  if (edges !== 'none' && edges !== 'antialias') throw new ArgumentError(where, 'edges', 'value none or antialias', `${edges as string}`);
  const cameras = cameraTensor(camera), clip = projectVertices(vertices, cameras, { aspect: width / height, near, far });
  const fragments = rasterizeMesh(clip, faces, { height, width });
  const shaded = illumination
    ? shadeFragments({ vertices, normals: vertexNormals(vertices, faces), colors, faces }, illuminationTensor(illumination), fragments, shadingSpace)
    : interpolateAttributes(colors, faces, fragments);
  const mask = tf.tidy(() => fragments.faceIndex.greaterEqual(0).cast('float32').expandDims(3)) as tf.Tensor4D;
  const image = layOver(where, shaded, mask, background);
  return { image: edges === 'none' ? image : antialiasEdges(image, { vertices: clip, faces, edges: edgeTensor(faces) }, fragments), mask, fragments, clip };
}

function layOver(where: string, shaded: tf.Tensor4D, mask: tf.Tensor4D, background: RenderOptions['background']): tf.Tensor4D {
  const [batch, height, width] = shaded.shape;
  if (background instanceof tf.Tensor) {
    assertShape(where, 'background', background.shape, [background.shape[0] === 1 ? 1 : batch, height, width, 3]);
    return shaded.add(background.mul(tf.sub(1, mask)));
  }
  if (background.length !== 3 || !background.every(Number.isFinite)) throw new ArgumentError(where, 'background', 'three finite numbers or images', `[${background}]`);
  return background.every((x) => x === 0) ? shaded : shaded.add(tf.tensor1d([...background]).mul(tf.sub(1, mask)));
}
