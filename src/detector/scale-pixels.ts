import * as tf from '@tensorflow/tfjs';
import type { PixelImage } from '../io/image.ts';
import type { PixelScaling } from './config.ts';

/**
 * What the network wants of pixels: channels in its order, less the mean, over the deviation.
 *
 * @param images - `[B, H, W, 3]`, RGB, 0 to 255.
 */
export function scalePixels(images: tf.Tensor4D, { order, mean, deviation }: PixelScaling): tf.Tensor4D {
  return tf.tidy(() => {
    const ordered = order === 'bgr' ? tf.reverse(images, 3) : images, centred = tf.sub<tf.Tensor4D>(ordered, tf.tensor1d([...mean]));
    return deviation.every((d) => d === 1) ? centred : tf.div<tf.Tensor4D>(centred, tf.tensor1d([...deviation]));
  });
}

/** The same of a picture, in one pass on the host: `[1, H, W, 3]`. What a fourth channel says is not looked at. */
export function scaledImage({ width, height, channels, data }: PixelImage, { order, mean, deviation }: PixelScaling): tf.Tensor4D {
  const out = new Float32Array(3 * width * height), [first, last] = order === 'bgr' ? [2, 0] : [0, 2];
  const [m0, m1, m2] = mean, s0 = 1 / deviation[0], s1 = 1 / deviation[1], s2 = 1 / deviation[2];
  for (let from = 0, to = 0; to < out.length; from += channels, to += 3) {
    out[to] = (data[from + first]! - m0) * s0;
    out[to + 1] = (data[from + 1]! - m1) * s1;
    out[to + 2] = (data[from + last]! - m2) * s2;
  }
  return tf.tensor4d(out, [1, height, width, 3]);
}
