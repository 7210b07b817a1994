import * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import { assertShape } from '../core/shape.ts';
import { pixelLoss, type PixelNorm } from '../losses/pixel-loss.ts';
import type { ShadingSpace } from '../kernels/impl/shade-fragments.ts';
import type { FaceRenderer, RenderedFaces } from './face-renderer.ts';
import { sceneFromRaw } from './scene-map.ts';
import type { PoseForm } from './scene.ts';

/**
 * Which pixels count, and what their sum is divided by: `paper` all of them, by W H, as Eq. 3 is written; `covered` those that the mesh
 * covers, by their number; `face` those weighted by the topology's face mask, by the sum of weights.
 */
export type DenseWeighting = 'paper' | 'covered' | 'face';

/** Options of {@link denseLoss}. */
export interface DenseLossOptions {
  readonly weighting: DenseWeighting;
  readonly norm: PixelNorm;
  readonly pose: PoseForm;
  readonly shadingSpace: ShadingSpace;
}

/**
 * `face` is the default by measurement (docs/dense-loss.md): it leaves out ears, neck and the cut border, which photographs cover with hair and collars. It rewards
 * no shrinking: it is a mean, and coverage is a constant of its gradient; the weights, which fall off softly within the mesh, are part of it.
 */
export const DENSE_LOSS_DEFAULTS: DenseLossOptions = { weighting: 'face', norm: 'l1', pose: 'look-at', shadingSpace: 'srgb' };

/** How often {@link denseLoss} met a sample that covers no pixel. */
export const denseLossWarnings = { uncovered: 0 };

/**
 * The dense branch's loss: draws the faces that the numbers stand for and compares them with the crops.
 *
 * `L = 1 / (W H) sum over pixels |R(D(P_ST), P_cam, P_ill) - I|_1` in the weighting `paper` (Deng et al., "RetinaFace", 2019, Eq. 3); the other weightings
 * change which pixels count. Mean over the batch. A sample that covers nothing adds 0 with gradient 0 (in `paper` the constant |I|) and is
 * counted in {@link denseLossWarnings}; the first is reported on the console.
 *
 * Differentiable in `raw`, and in the decoder's weights.
 *
 * @param raw - float32 `[B, L + 16]`, any real numbers: `sceneFromRaw` is the map.
 * @param crops - float32 `[B, H, W, 3]` sRGB in [0, 1].
 * @returns float32 scalar.
 * @throws {@link ArgumentError} if a shape or an option does not fit.
 */
export function denseLoss(renderer: FaceRenderer, raw: tf.Tensor2D, crops: tf.Tensor4D, options?: Partial<DenseLossOptions>): tf.Scalar {
  const where = 'denseLoss', { weighting, norm, pose, shadingSpace } = resolveOptions(where, DENSE_LOSS_DEFAULTS, options), dims = {};
  if (!['paper', 'covered', 'face'].includes(weighting)) throw new ArgumentError(where, 'weighting', 'value paper, covered or face', `${weighting as string}`);
  assertShape(where, 'crops', crops.shape, ['B', 'H', 'W', 3], dims);
  assertShape(where, 'raw', raw.shape, ['B', 'N'], dims);
  return tf.tidy(() => {
    const [, height, width] = crops.shape, scene = sceneFromRaw(raw, { pose, latentSize: renderer.model.decoder.config.latentSize });
    return compareFaces(renderer.render(scene, { height, width, shadingSpace }), crops, { weighting, norm }).mean() as tf.Scalar;
  });
}

/**
 * The same for faces that are drawn already, sample by sample.
 *
 * @param inside - float32 `[B, H, W, 1]`: the share of each crop pixel that the photograph shows; `null` where it shows all.
 * @returns float32 `[B]`.
 */
export function compareFaces(
  { image, mask, faceMask }: Pick<RenderedFaces, 'image' | 'mask' | 'faceMask'>, crops: tf.Tensor4D, { weighting, norm }: Pick<DenseLossOptions, 'weighting' | 'norm'>, inside: tf.Tensor4D | null = null,
): tf.Tensor1D {
  const [, height, width] = crops.shape, counted = { paper: tf.onesLike(mask), covered: mask, face: faceMask }[weighting];
  countUncovered(mask);
  return pixelLoss(image, crops, inside ? counted.mul(inside) : counted, { norm, divisor: weighting === 'paper' ? height * width : null });
}

function countUncovered(mask: tf.Tensor4D): void {
  const uncovered = mask.max([1, 2, 3]).dataSync().filter((covered) => covered === 0).length;
  if (uncovered > 0 && denseLossWarnings.uncovered === 0) console.warn('denseLoss: a face covers no pixel of its crop: it has no gradient. Later ones are only counted, in denseLossWarnings.');
  denseLossWarnings.uncovered += uncovered;
}
