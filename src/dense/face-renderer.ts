import * as tf from '@tensorflow/tfjs';
import type { FaceModel } from '../decoder/face-model.ts';
import { antialiasEdges } from '../ops/antialias-edges.ts';
import { gatherRows } from '../ops/gather-rows.ts';
import { interpolateAttributes } from '../ops/interpolate-attributes.ts';
import { projectVertices } from '../ops/project-vertices.ts';
import { cameraTensor } from '../renderer/camera.ts';
import { edgeTensor } from '../renderer/edge-tensor.ts';
import { RENDER_DEFAULTS, type Rendered, renderMesh, type RenderOptions } from '../renderer/render-mesh.ts';
import type { Scene } from './scene-map.ts';

/** A batch of faces, drawn. */
export interface RenderedFaces extends Rendered {
  /** float32 `[B, V, 3]` mm. */
  readonly vertices: tf.Tensor3D;
  /** float32 `[B, V, 3]` albedo, sRGB. */
  readonly colors: tf.Tensor3D;
  /** float32 `[B, H, W, 1]`: the topology's face-mask weight of what each pixel's centre sees, 0 on background. */
  readonly faceMask: tf.Tensor4D;
}

/** Joins a face model and the renderer: 144 numbers to an image. Holds the topology as tensors; {@link dispose} frees them, not the model. */
export class FaceRenderer {
  readonly model: Pick<FaceModel, 'decoder' | 'topology'>;
  private readonly faces: tf.Tensor2D;
  private readonly weights: tf.Tensor3D;
  private readonly landmarkIndex: tf.Tensor1D;

  constructor(model: Pick<FaceModel, 'decoder' | 'topology'>) {
    const { faces, faceMask, landmarks5 } = model.topology;
    this.model = model;
    this.faces = tf.keep(tf.tensor2d(faces, [faces.length / 3, 3], 'int32'));
    this.weights = tf.keep(tf.tensor3d(faceMask, [1, faceMask.length, 1]));
    this.landmarkIndex = tf.keep(tf.tensor1d(landmarks5, 'int32'));
  }

  /**
   * Decodes and draws a batch of scenes. Differentiable in all their numbers.
   *
   * @throws {@link ArgumentError} if a shape or an option does not fit.
   */
  render(scene: Scene, options?: Partial<RenderOptions>): RenderedFaces {
    const { vertices, colors } = this.model.decoder.decode(scene.latent);
    const rendered = renderMesh({ vertices, colors, faces: this.faces }, scene.camera, scene.illumination, options);
    return { ...rendered, vertices, colors, faceMask: interpolateAttributes(this.weights, this.faces, rendered.fragments) };
  }

  /** What each pixel's centre sees of a number that vertices have, `[V]`: float32 `[B, H, W, 1]`, 0 on background. */
  sample(values: Float32Array, { fragments }: Pick<RenderedFaces, 'fragments'>): tf.Tensor4D {
    return interpolateAttributes(tf.tensor3d(values, [1, values.length, 1]), this.faces, fragments);
  }

  /** An image of drawn faces, such as their mask, float32 `[B, H, W, C]`, with outlines mixed by area: differentiable in what moves them. */
  antialias(image: tf.Tensor4D, { clip, fragments }: Pick<RenderedFaces, 'clip' | 'fragments'>): tf.Tensor4D {
    return antialiasEdges(image, { vertices: clip, faces: this.faces, edges: edgeTensor(this.faces) }, fragments);
  }

  /**
   * Where the five detector points of decoded faces are seen, in pixels of a square image, pixel centres at +0.5. Differentiable.
   *
   * @param vertices - float32 `[B, V, 3]`.
   * @returns float32 `[B, 5, 2]`.
   */
  landmarks5(vertices: tf.Tensor3D, camera: Scene['camera'], size: number): tf.Tensor3D {
    const { near, far } = RENDER_DEFAULTS, points = gatherRows(vertices, this.landmarkIndex);
    const clip = projectVertices(points, cameraTensor(camera), { aspect: 1, near, far });
    const depth = clip.slice([0, 0, 3], [-1, -1, 1]), half = tf.tensor1d([size / 2, -size / 2]);
    return clip.slice([0, 0, 0], [-1, -1, 2]).div(depth).mul(half).add(size / 2) as tf.Tensor3D;
  }

  dispose(): void {
    tf.dispose([this.faces, this.weights, this.landmarkIndex]);
  }
}
