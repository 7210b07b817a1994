import * as tf from '@tensorflow/tfjs';

// c = (1 + t (1 + t^8)^(-1/8)) / 2 with t = 2 x - 1.

/** Beyond this the bound is reached to the last bit, and an eighth power would overflow. */
const LIMIT = 1e4;

/** Colours nearer than this to 0 or 1 are moved here before the bound is undone: the number that makes them must be finite. */
const MARGIN = 1 / 512;

/**
 * Bounds colours smoothly: any number into [0, 1], close to itself where skins are (0.2 to 0.2006, 0.1 to 0.1077, 0 to 0.0415),
 * with a gradient that falls as the ninth power of the distance from 0.5, never to zero; the bounds themselves are reached by rounding alone. Mixtures of skins, which are linear
 * in their colours, so stay nearly linear in the decoder: a sigmoid of linear logits held a stand-in of the heads' colours
 * no better than 20 principal components, whatever its size.
 */
export const boundColor: (x: tf.Tensor) => tf.Tensor = tf.customGrad((x, save) => {
  const t = (x as tf.Tensor).mul(2).sub(1).clipByValue(-LIMIT, LIMIT), q = t.square().square().square().add(1), r = q.sqrt().sqrt().rsqrt();
  (save as tf.GradSaveFunc)([r.div(q)]);
  return { value: t.mul(r).mul(0.5).add(0.5), gradFunc: (dy: tf.Tensor, [slope]: tf.Tensor[]) => dy.mul(slope!) };
}) as (x: tf.Tensor) => tf.Tensor;

/** The number that {@link boundColor} takes to a colour. */
export const unboundColor = (color: number): number => {
  const c = 2 * Math.min(1 - MARGIN, Math.max(MARGIN, color)) - 1, c2 = c * c, c4 = c2 * c2;
  return (1 + c / Math.sqrt(Math.sqrt(Math.sqrt(1 - c4 * c4)))) / 2;
};

/** {@link boundColor} of one number, on the host. */
export const boundColorOnHost = (x: number): number => {
  const t = Math.min(LIMIT, Math.max(-LIMIT, 2 * x - 1)), t2 = t * t, t4 = t2 * t2;
  return (1 + t / Math.sqrt(Math.sqrt(Math.sqrt(1 + t4 * t4)))) / 2;
};
