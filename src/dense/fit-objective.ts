import * as tf from '@tensorflow/tfjs';
import { HEAD_REGIONS } from '../data/head-topology.ts';
import type { Point } from './crop-frame.ts';
import type { FaceRenderer, RenderedFaces } from './face-renderer.ts';
import { LUMA } from './grey-colors.ts';
import { FLOOR, photoDifference, type PhotoDifference, WHITE } from './photo-difference.ts';
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

const MOUTH = HEAD_REGIONS.indexOf('mouth');

/** Raw numbers of the camera; those of the light follow. */
const CAMERA_SIZE = 7;

/** Where the red, green and blue of the light and of what is ambient begin after the latent. */
const LIGHT_COLORS = [10, 13] as const;

/** What half the squared distance of a channel from their mean costs where the photograph is grey: without colours nothing tells a yellow light from a white one. */
const GREY_LIGHT = 100;

/** Of a raw number, for its derivative; how many are worked out at once; the least weight of a number's square; below this share of the mean difference all differences weigh the same. */
const STEP = 0.2, BATCH = 24, LOOSE = 0.1, SMALL = 0.3;

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
   * @param photo - Photograph in a square window.
   * @param landmarks - Five points in the crop, as shares of its edge; `null`: none.
   * @param share - `[size * size]` share of each crop pixel that shows the face; `null`: unknown.
   * @param isGrey - Whether the photograph has no colours: only luma is compared, and those of the fit are the prior's.
   */
  constructor(
    private readonly renderer: FaceRenderer, private readonly photo: Crop, landmarks: readonly Point[] | null, private readonly weights: FitWeights, private readonly pose: PoseForm,
    private readonly share: Float32Array | null = null, private readonly isGrey = false,
  ) {
    const { size, pixels, inside } = photo;
    this.size = size;
    this.crop = tf.keep(tf.tensor4d(pixels, [1, size, size, 3]));
    this.inside = tf.keep(tf.tensor4d(inside, [1, size, size, 1]));
    this.ceiling = tf.keep(tf.tensor4d(pixels.map((x) => (x >= WHITE ? x : Infinity)), [1, size, size, 3]));
    this.points = landmarks && tf.keep(tf.tensor3d(landmarks.flat(), [1, 5, 2]));
    this.silhouette = share && tf.keep(tf.tensor4d(share, [1, size, size, 1]));
  }

  /** Value and gradient at `raw [L + 16]`. */
  evaluate(raw: Float32Array): FitValue {
    const { weights } = this, priors = this.priors(raw.length);
    return tf.tidy(() => {
      let seen: PhotoDifference | null = null;
      const { value, grad } = tf.valueAndGrad((x: tf.Tensor): tf.Scalar => {
        const { rendered, landmarks, outline } = this.draw(x as tf.Tensor2D, this.crop);
        let total = this.difference(rendered, (difference) => { seen = difference; });
        if (landmarks) total = total.add(landmarks.sub(this.points!).div(weights.landmarkDeviation).square().sum().mul(0.5));
        if (outline) total = total.add(outline.square().sum());
        return total;
      })(tf.tensor2d(raw, [1, raw.length]));
      const { covers, pixel } = seen as unknown as PhotoDifference, tied = this.lightTies(raw), slope = raw.map((x, i) => priors[i]! * x + tied[i]!);
      const prior = 0.5 * raw.reduce((sum, x, i) => sum + slope[i]! * x, 0);
      // A face that covers nothing differs from nothing: no evidence, not the best of all.
      return { loss: covers ? value.dataSync()[0]! + prior : Infinity, pixel, gradient: grad.dataSync<'float32'>().map((g, i) => g + slope[i]!) };
    });
  }

  /**
   * The Gauss-Newton matrix of the objective at `raw [L + 16]`, row-major: its curvature as far as first derivatives make it. Pixels weigh as the norm
   * does at their difference (iteratively reweighted least squares), those on the face's rim not at all. By one-sided differences, {@link BATCH} numbers at a time.
   */
  curvature(raw: Float32Array): Float64Array {
    const { weights } = this, crop = this.seen(this.crop), N = raw.length, priors = this.priors(N);
    const matrix = tf.tidy(() => {
      const base = this.drawFlat(tf.tensor2d(raw, [1, N])), { faceMask, mask } = base.rendered, length = base.shown.sub(crop).square().sum(3, true).sqrt();
      const counted = faceMask.mul(this.inside).mul(tf.sub(1, tf.maxPool(tf.sub(1, mask) as tf.Tensor4D, 3, 1, 'same'))), mean = length.mul(counted).sum().div(counted.sum().maximum(1e-6)).add(FLOOR);
      const weigh = counted.mul(weights.pixel / STEP ** 2).div(counted.sum().maximum(1e-6)).div(mean).div(tf.maximum(length, mean.mul(SMALL))).sqrt();
      const rows: tf.Tensor2D[] = [];
      for (let first = 0; first < N; first += BATCH) {
        const count = Math.min(BATCH, N - first);
        rows.push(tf.tidy(() => {
          const { rendered, shown, landmarks, outline } = this.drawFlat(tf.tensor2d(Float32Array.from({ length: count * N }, (_, i) => raw[i % N]! + (i % N === first + Math.floor(i / N) ? STEP : 0)), [count, N]));
          const pixels = shown.sub(base.shown).mul(rendered.mask).mul(weigh).reshape([count, -1]);
          return tf.concat([pixels, ...(landmarks ? [landmarks.sub(base.landmarks!).div(weights.landmarkDeviation * STEP).reshape([count, -1])] : []),
            ...(outline ? [outline.sub(base.outline!).mul(Math.SQRT2 / STEP).reshape([count, -1])] : [])], 1) as tf.Tensor2D;
        }));
      }
      const jacobian = tf.concat(rows, 0);
      return tf.matMul(jacobian, jacobian, false, true).dataSync<'float32'>();
    });
    // Float32 rounds sums to a millionth of the largest: what is less must not look negative.
    const rounding = 1e-6 * matrix.reduce((a, b) => Math.max(a, b), 0);
    const H = Float64Array.from(matrix, (x, i) => x + (i % (N + 1) === 0 ? rounding + Math.max(LOOSE, priors[i / (N + 1)]!) : 0));
    for (const first of LIGHT_COLORS) for (let i = N - POSE_AND_LIGHT + first, k = 0; k < 3; k++) this.lightTies(Float32Array.from({ length: N }, (_, j) => (j === i + k ? 1 : 0))).forEach((x, j) => { H[(i + k) * N + j]! += x; });
    return H;
  }

  /**
   * How far the skin of the face at `raw [L + 16]` is from the photograph: `[size * size]` lengths of the RGB difference, of a grey photograph in luma; -1 where it shows no face, or looks into the
   * mouth: teeth of another colour hide nothing.
   */
  differences(raw: Float32Array): Float32Array {
    return tf.tidy(() => {
      const { rendered, shown } = this.drawFlat(tf.tensor2d(raw, [1, raw.length])), length = shown.sub(this.seen(this.crop)).square().sum(3, true).sqrt();
      const skin = this.renderer.sample(Float32Array.from(this.renderer.model.topology.region, (r) => Number(r !== MOUTH)), rendered);
      return floats(tf.where(rendered.faceMask.mul(skin).mul(this.inside).greater(0.5), length, -1));
    });
  }

  /** The gradient of what a coloured light costs before a grey photograph, linear in the raw numbers: zeros before others. */
  private lightTies(raw: Float32Array): Float32Array {
    const out = new Float32Array(raw.length);
    if (!this.isGrey) return out;
    for (const first of LIGHT_COLORS.map((at) => raw.length - POSE_AND_LIGHT + at)) {
      const mean = (raw[first]! + raw[first + 1]! + raw[first + 2]!) / 3;
      for (let k = first; k < first + 3; k++) out[k] = GREY_LIGHT * (raw[k]! - mean);
    }
    return out;
  }

  /** Weight of half the square of each raw number. */
  private priors(N: number): Float32Array {
    const { latent, camera, light } = this.weights, L = N - POSE_AND_LIGHT;
    return Float32Array.from({ length: N }, (_, i) => (i < L ? latent : i < L + CAMERA_SIZE ? camera : light));
  }

  /** `photoDifference` of one drawn face, which `seen` is told, as a step of the gradient's tape. */
  private difference(rendered: RenderedFaces, seen: (difference: PhotoDifference) => void): tf.Scalar {
    const { image, mask, faceMask } = rendered;
    // One walk over the edges for picture and coverage, which has no gradient of its own.
    const withCoverage = tf.customGrad((x) => ({ value: tf.concat([x as tf.Tensor4D, mask], 3), gradFunc: (dy: tf.Tensor) => firstThree(dy as tf.Tensor4D) }));
    const compare = tf.customGrad((picture, weight) => {
      const inputs = [picture, weight] as tf.Tensor[], [colors, share] = inputs.map(floats) as [Float32Array, Float32Array];
      const difference = photoDifference({ ...this.photo, silhouette: this.share, isGrey: this.isGrey }, { picture: colors, mask: floats(mask), faceMask: share }, this.weights);
      seen(difference);
      return { value: tf.scalar(difference.loss), gradFunc: (dy: tf.Tensor) => [difference.dPicture, difference.dFaceMask].map((d, i) => tf.tensor(d, inputs[i]!.shape).mul(dy)) };
    });
    return compare(this.renderer.antialias(withCoverage(image) as tf.Tensor4D, rendered), faceMask) as tf.Scalar;
  }

  /** Faces drawn, the landmarks as shares of the crop's edge, and the error of the outline, whose squares add up to its loss. */
  private draw(raws: tf.Tensor2D, background: tf.Tensor4D | null = null) {
    const { size, renderer, silhouette } = this, scene = sceneFromRaw(raws, { pose: this.pose, latentSize: raws.shape[1] - POSE_AND_LIGHT });
    // Before the photograph itself, which costs `background` wherever it stays visible and may be face: who covers less explains less.
    const rendered = renderer.render(scene, { height: size, width: size, ...(background && { background }) });
    return {
      rendered, landmarks: this.points && renderer.landmarks5(rendered.vertices, scene.camera, size).div(size),
      outline: silhouette && renderer.antialias(rendered.faceMask, rendered).sub(silhouette).mul(this.inside.div(silhouette.mul(this.inside).sum().maximum(1)).mul(this.weights.silhouette).sqrt()),
    };
  }

  /** The same with hard outlines and what the photograph can tell of the picture, `shown`. */
  private drawFlat(raws: tf.Tensor2D) {
    const drawn = this.draw(raws);
    return { ...drawn, shown: this.seen(tf.minimum(drawn.rendered.image, this.ceiling)) };
  }

  /** What is compared of a picture: its colours, or of a grey one its luma as long as a difference of greys. */
  private seen(image: tf.Tensor4D): tf.Tensor4D {
    return this.isGrey ? image.mul(tf.tensor1d([...LUMA])).sum(3, true).mul(Math.sqrt(3)) : image;
  }

  dispose(): void {
    tf.dispose([this.crop, this.inside, this.ceiling, ...(this.points ? [this.points] : []), ...(this.silhouette ? [this.silhouette] : [])]);
  }
}

const floats = (x: tf.Tensor): Float32Array => x.dataSync<'float32'>();

/** The first three of four channels, without the slow path of a slice. */
function firstThree(x: tf.Tensor4D): tf.Tensor4D {
  const from = floats(x), [B, H, W] = x.shape, out = new Float32Array(3 * B * H * W);
  for (let p = 0, at = 0; at < out.length; p++) for (let k = 0; k < 3; k++) out[at++] = from[4 * p + k]!;
  return tf.tensor4d(out, [B, H, W, 3]);
}
