import * as tf from '@tensorflow/tfjs';
import { pixelLoss } from '../losses/pixel-loss.ts';
import type { Point } from './crop-frame.ts';
import type { FaceRenderer } from './face-renderer.ts';
import type { Crop } from './resample.ts';
import { sceneFromRaw } from './scene-map.ts';
import { POSE_AND_LIGHT, type PoseForm } from './scene.ts';

/** What a fit minimises, as weights of a negative log posterior: 1 is half a squared standard deviation. */
export interface FitWeights {
  /** Of the logarithm of the mean pixel difference: how many independent pixels speak, the level of their noise being unknown. */
  readonly pixel: number;
  /** Deviation of a landmark, as a share of the crop's edge. */
  readonly landmarkDeviation: number;
  /** Of the difference from the silhouette, as a share of its area; where there is one. */
  readonly silhouette: number;
  /** What the photograph beside the face costs, as the length of an RGB difference: outlines move out over what the face explains better, and in from what it explains worse. */
  readonly background: number;
  /** Of half the squared latent. */
  readonly latent: number;
  /** Of half the squared raw camera and light numbers. */
  readonly camera: number;
  readonly light: number;
}

/** Raw numbers of the camera; those of the light follow. */
const CAMERA_SIZE = 7;

/** From here on a photograph's value may stand for any brighter one: sensors and files end at 1, light does not. */
const WHITE = 0.99;

/** Added to the mean difference, whose length over RGB is in [0, 1.7]: half a level of 8 bits. */
const FLOOR = 0.002;

/** The objective of one fit at one resolution, as numbers on the host. */
export interface FitValue {
  /** Infinity where the face covers no pixel of the crop. */
  readonly loss: number;
  /** `[L + 16]` */
  readonly gradient: Float32Array;
  /** Mean pixel difference under the face mask and beside it. */
  readonly pixel: number;
}

/**
 * A fit's objective and its gradient against one crop. Free it with `dispose`.
 *
 * What the face leaves bare costs a constant: without a model of the background a likelihood under the face alone rewards shrinking, or knows
 * nothing of outlines (Schönborn et al., "Background modeling for generative image models", CVIU 2015).
 */
export class FitObjective {
  private readonly crop: tf.Tensor4D;
  private readonly inside: tf.Tensor4D;
  /** `[1, size, size, 3]`: up to where a rendered value counts. */
  private readonly ceiling: tf.Tensor4D;
  private readonly points: tf.Tensor3D | null;
  private readonly silhouette: tf.Tensor4D | null;
  private readonly size: number;

  /**
   * @param landmarks - Five points in the crop, as shares of its edge; `null`: none.
   * @param silhouette - `[size * size]` share of each crop pixel that shows the face; `null`: unknown.
   */
  constructor(
    private readonly renderer: FaceRenderer, { size, pixels, inside }: Crop, landmarks: readonly Point[] | null, private readonly weights: FitWeights, private readonly pose: PoseForm,
    silhouette: Float32Array | null = null,
  ) {
    this.size = size;
    this.crop = tf.keep(tf.tensor4d(pixels, [1, size, size, 3]));
    this.inside = tf.keep(tf.tensor4d(inside, [1, size, size, 1]));
    this.ceiling = tf.keep(tf.tensor4d(pixels.map((x) => (x >= WHITE ? x : Infinity)), [1, size, size, 3]));
    this.points = landmarks && tf.keep(tf.tensor3d(landmarks.flat(), [1, 5, 2]));
    this.silhouette = silhouette && tf.keep(tf.tensor4d(silhouette, [1, size, size, 1]));
  }

  /** Value and gradient at `raw [L + 16]`. */
  evaluate(raw: Float32Array): FitValue {
    const { weights, size } = this, N = raw.length, L = N - POSE_AND_LIGHT;
    const value = { loss: 0, pixel: 0 };
    const gradient = tf.tidy(() => {
      const scale = tf.tensor1d(Float32Array.from({ length: N }, (_, i) => (i < L ? weights.latent : i < L + CAMERA_SIZE ? weights.camera : weights.light)));
      const { grad } = tf.valueAndGrad((x: tf.Tensor): tf.Scalar => {
        const raws = x as tf.Tensor2D, scene = sceneFromRaw(raws, { pose: this.pose, latentSize: L });
        // Before the photograph itself, which costs `background` wherever it stays visible and may be face: who covers less explains less.
        const rendered = this.renderer.render(scene, { height: size, width: size, edges: 'antialias', background: this.crop }), { image, faceMask, mask, vertices } = rendered;
        const counted = faceMask.mul(this.inside) as tf.Tensor4D, beside = tf.maxPool(counted, 3, 1, 'same').mul(tf.sub(1, mask)).mul(this.inside), weight = counted.add(beside) as tf.Tensor4D;
        const seen = pixelLoss(tf.minimum(image, this.ceiling), this.crop, weight, { norm: 'l2' }).sum() as tf.Scalar;
        const bare = tf.sub(1, this.renderer.antialias(mask, rendered)).mul(this.silhouette ? weight.mul(this.silhouette) : weight).sum().div(weight.sum().maximum(1e-6));
        const difference = seen.add(bare.mul(weights.background));
        let total = difference.add(FLOOR).log().mul(weights.pixel).add(raws.square().mul(scale).sum().mul(0.5)) as tf.Scalar;
        if (this.points) {
          const off = this.renderer.landmarks5(vertices, scene.camera, size).div(size).sub(this.points).div(weights.landmarkDeviation);
          total = total.add(off.square().sum().mul(0.5));
        }
        if (this.silhouette) {
          const wrong = this.renderer.antialias(faceMask, rendered).sub(this.silhouette).square().mul(this.inside).sum();
          total = total.add(wrong.div(this.silhouette.mul(this.inside).sum().maximum(1)).mul(weights.silhouette));
        }
        // A face that covers nothing differs from nothing: no evidence, not the best of all.
        value.loss = counted.max().dataSync()[0]! > 0 ? total.dataSync()[0]! : Infinity;
        value.pixel = seen.dataSync()[0]!;
        return total;
      })(tf.tensor2d(raw, [1, N]));
      return grad.dataSync<'float32'>().slice();
    });
    return { ...value, gradient };
  }

  dispose(): void {
    tf.dispose([this.crop, this.inside, this.ceiling, ...(this.points ? [this.points] : []), ...(this.silhouette ? [this.silhouette] : [])]);
  }
}
