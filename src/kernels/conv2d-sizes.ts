import * as tf from '@tensorflow/tfjs';
import type { Conv2dSizes } from './impl/conv2d.ts';

type Shape4 = [number, number, number, number];

/** What a convolution kernel of TensorFlow.js says of its windows. */
export interface WindowAttrs {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil' | undefined;
}

/**
 * Sizes of a convolution without dilation, from the shapes of its image and its filter and the kernel's attributes.
 *
 * @param depthwise - Whether each channel has filters of its own: the last number of `filterShape` then counts these.
 */
export function conv2dSizes(inShape: readonly number[], filterShape: readonly number[], { strides, pad, dimRoundingMode }: WindowAttrs, depthwise = false): Conv2dSizes {
  const { padInfo, batchSize, ...info } = tf.backend_util.computeConv2DInfo(inShape as Shape4, filterShape as Shape4, strides, 1, pad, dimRoundingMode, depthwise);
  return { ...info, batch: batchSize, padTop: padInfo.top, padLeft: padInfo.left };
}
