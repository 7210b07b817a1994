import * as tf from '@tensorflow/tfjs';
import type { PixelImage } from '../io/image.ts';
import type { PixelScaling } from './config.ts';

/**
 * What the network wants of pixels: channels in its order, less the mean, over the deviation.
 *
 * A 1 x 1 convolution does it in one pass: tf.reverse and tf.sub took 24 ms of an image of 640 x 480 on the wasm backend, longer than the network.
 *
 * @param images - `[B, H, W, 3]`, RGB, 0 to 255.
 */
export function scalePixels(images: tf.Tensor4D, { order, mean, deviation }: PixelScaling): tf.Tensor4D {
  const filter = deviation.flatMap((_, from) => deviation.map((d, to) => (from === (order === 'bgr' ? 2 - to : to) ? 1 / d : 0)));
  const bias = mean.map((m, i) => -m / deviation[i]!);
  return tf.tidy(() => tf.fused.conv2d({ x: tf.cast(images, 'float32'), filter: tf.tensor4d(filter, [1, 1, 3, 3]), strides: 1, pad: 'valid', bias: tf.tensor1d(bias) }));
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
