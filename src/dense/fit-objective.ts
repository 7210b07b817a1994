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
  /** Of the logarithm of the mean difference along the face's outline, whose noise is another. */
  readonly outline: number;
  /** What the photograph beside the face costs along the outline, as the length of an RGB difference: outlines move out over what the face explains better, and in from what it explains worse. */
  readonly background: number;
  /** Of half the squared latent. */
  readonly latent: number;
  /** Of half the squared raw camera and light numbers. */
  readonly camera: number;
  readonly light: number;
}

/** Raw numbers of the camera; those of the light follow. */
const CAMERA_SIZE = 7;

/** Of a raw number, for its derivative; how many are worked out at once; the least weight of a number's square; below this share of the mean difference all differences weigh the same. */
const STEP = 0.2, BATCH = 24, LOOSE = 0.1, SMALL = 0.3;

/** From here on a photograph's value may stand for any brighter one: sensors and files end at 1, light does not. */
const WHITE = 0.99;

/** Added to the mean difference, whose length over RGB is in [0, 1.7]: half a level of 8 bits. */
const FLOOR = 0.002;

/** The same along the outline, where pixels mix. */
const RIM_FLOOR = 0.02;

/** The objective of one fit at one resolution, as numbers on the host. */
export interface FitValue {
  /** Infinity where the face covers no pixel of the crop. */
  readonly loss: number;
  /** `[L + 16]` */
  readonly gradient: Float32Array;
  /** Mean pixel difference under the face mask. */
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
    const { weights } = this, N = raw.length, value = { loss: 0, pixel: 0 };
    const gradient = tf.tidy(() => {
      const scale = tf.tensor1d(this.priors(N));
      const { grad } = tf.valueAndGrad((x: tf.Tensor): tf.Scalar => {
        const raws = x as tf.Tensor2D, { seen, rim, counted, landmarks, outline } = this.compare(raws);
        let total = seen.add(FLOOR).log().mul(weights.pixel).add(rim.add(RIM_FLOOR).log().mul(weights.outline)).add(raws.square().mul(scale).sum().mul(0.5)) as tf.Scalar;
        if (landmarks) total = total.add(landmarks.sub(this.points!).div(weights.landmarkDeviation).square().sum().mul(0.5));
        if (outline) total = total.add(outline.square().sum());
        // A face that covers nothing differs from nothing: no evidence, not the best of all.
        value.loss = counted.max().dataSync()[0]! > 0 ? total.dataSync()[0]! : Infinity;
        value.pixel = seen.dataSync()[0]!;
        return total;
      })(tf.tensor2d(raw, [1, N]));
      return grad.dataSync<'float32'>().slice();
    });
    return { ...value, gradient };
  }

  /**
   * The Gauss-Newton matrix of the objective at `raw [L + 16]`, row-major: its curvature as far as first derivatives make it. Pixels weigh as the norm
   * does at their difference (iteratively reweighted least squares), those on the face's rim not at all. By one-sided differences, {@link BATCH} numbers at a time.
   */
  curvature(raw: Float32Array): Float64Array {
    const { weights, crop } = this, N = raw.length, priors = this.priors(N);
    const matrix = tf.tidy(() => {
      const at = tf.tensor2d(raw, [1, N]), mean = this.compare(at).seen.add(FLOOR), base = this.draw(at, 'none');
      const counted = base.faceMask.mul(this.inside).mul(tf.sub(1, tf.maxPool(tf.sub(1, base.mask) as tf.Tensor4D, 3, 1, 'same'))), length = base.shown.sub(crop).square().sum(3, true).sqrt();
      const weigh = counted.mul(weights.pixel / STEP ** 2).div(counted.sum().maximum(1e-6)).div(mean).div(tf.maximum(length, mean.mul(SMALL))).sqrt();
      const rows: tf.Tensor2D[] = [];
      for (let first = 0; first < N; first += BATCH) {
        const count = Math.min(BATCH, N - first);
        rows.push(tf.tidy(() => {
          const { shown, mask, landmarks, outline } = this.draw(tf.tensor2d(Float32Array.from({ length: count * N }, (_, i) => raw[i % N]! + (i % N === first + Math.floor(i / N) ? STEP : 0)), [count, N]), 'none');
          const pixels = shown.sub(base.shown).mul(mask).mul(weigh).reshape([count, -1]);
          return tf.concat([pixels, ...(landmarks ? [landmarks.sub(base.landmarks!).div(weights.landmarkDeviation * STEP).reshape([count, -1])] : []),
            ...(outline ? [outline.sub(base.outline!).mul(Math.SQRT2 / STEP).reshape([count, -1])] : [])], 1) as tf.Tensor2D;
        }));
      }
      const jacobian = tf.concat(rows, 0);
      return tf.matMul(jacobian, jacobian, false, true).dataSync<'float32'>();
    });
    // Float32 rounds sums to a millionth of the largest: what is less must not look negative.
    const rounding = 1e-6 * matrix.reduce((a, b) => Math.max(a, b), 0);
    return Float64Array.from(matrix, (x, i) => x + (i % (N + 1) === 0 ? rounding + Math.max(LOOSE, priors[i / (N + 1)]!) : 0));
  }

  /** Weight of half the square of each raw number. */
  private priors(N: number): Float32Array {
    const { latent, camera, light } = this.weights, L = N - POSE_AND_LIGHT;
    return Float32Array.from({ length: N }, (_, i) => (i < L ? latent : i < L + CAMERA_SIZE ? camera : light));
  }

  /**
   * A drawn face against the crop: the mean difference `seen` under it, outlines within it included, such as lips before teeth; that along its outer rim, where it mixes
   * with what is behind; the weights of pixels.
   */
  private compare(raws: tf.Tensor2D) {
    // Before the photograph itself, which costs `background` wherever it stays visible and may be face: who covers less explains less.
    const drawn = this.draw(raws, 'antialias', this.crop), { faceMask, mask, shown } = drawn, under = faceMask.mul(this.inside) as tf.Tensor4D;
    const whole = tf.sub(1, tf.maxPool(tf.sub(1, mask) as tf.Tensor4D, 3, 1, 'same')), counted = under.mul(whole) as tf.Tensor4D;
    // Which pixels the outline crosses is no matter of degree: a constant.
    const fixed = tf.tensor4d(under.dataSync<'float32'>(), under.shape), border = fixed.mul(tf.sub(1, whole)).add(tf.maxPool(fixed, 3, 1, 'same').mul(tf.sub(1, mask)).mul(this.inside)) as tf.Tensor4D;
    const seen = pixelLoss(shown, this.crop, counted, { norm: 'l2' }).sum() as tf.Scalar, mixed = pixelLoss(shown, this.crop, border, { norm: 'l2' }).sum() as tf.Scalar;
    const bare = tf.sub(1, this.renderer.antialias(mask, drawn)).mul(this.silhouette ? border.mul(this.silhouette) : border).sum().div(border.sum().maximum(1e-6));
    return { ...drawn, counted, seen, rim: mixed.add(bare.mul(this.weights.background)) as tf.Scalar };
  }

  /** Faces drawn: `shown`, the picture where the photograph can tell; the landmarks as shares of the crop's edge; the error of the outline, whose squares add up to its loss. */
  private draw(raws: tf.Tensor2D, edges: 'none' | 'antialias', background: tf.Tensor4D | null = null) {
    const { size, renderer, silhouette } = this, scene = sceneFromRaw(raws, { pose: this.pose, latentSize: raws.shape[1] - POSE_AND_LIGHT });
    const rendered = renderer.render(scene, { height: size, width: size, edges, ...(background && { background }) });
    return {
      ...rendered, shown: tf.minimum(rendered.image, this.ceiling) as tf.Tensor4D,
      landmarks: this.points && renderer.landmarks5(rendered.vertices, scene.camera, size).div(size),
      outline: silhouette && renderer.antialias(rendered.faceMask, rendered).sub(silhouette).mul(this.inside.div(silhouette.mul(this.inside).sum().maximum(1)).mul(this.weights.silhouette).sqrt()),
    };
  }

  dispose(): void {
    tf.dispose([this.crop, this.inside, this.ceiling, ...(this.points ? [this.points] : []), ...(this.silhouette ? [this.silhouette] : [])]);
  }
}
