import * as tf from '@tensorflow/tfjs';
import type { OperationAttribute, TensorflowBackend, TensorflowBinding } from './tensorflow-backend.ts';

/** What a convolution or a pooling slides over the image, as TensorFlow.js computes it. */
export type WindowInfo = Pick<tf.backend_util.Conv2DInfo, 'strideHeight' | 'strideWidth' | 'dilationHeight' | 'dilationWidth' | 'padInfo'>;

/** Attributes of kernels over windows of an image, as TensorFlow.js gives them. */
export interface WindowAttrs {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dilations?: [number, number] | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** A convolution's window, from the shapes of image and filter. */
export function windowInfo(imageShape: readonly number[], filterShape: readonly number[], { strides, pad, dilations, dimRoundingMode }: WindowAttrs, depthwise = false): tf.backend_util.Conv2DInfo {
  return tf.backend_util.computeConv2DInfo(imageShape as [number, number, number, number], filterShape as [number, number, number, number], strides, dilations ?? 1, pad, dimRoundingMode, depthwise);
}

/** Attributes of TensorFlow's operations over windows `[B, H, W, C]`: strides, dilations, and the padding, which may be any number of zeros on each side. */
export function windowAttributes({ binding }: TensorflowBackend, { strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo: { type, top, bottom, left, right } }: WindowInfo): OperationAttribute[] {
  const none = top + bottom + left + right === 0, padding = none ? 'VALID' : type === 'SAME' ? 'SAME' : 'EXPLICIT';
  return [ // each costs 0.7 microseconds: what is TensorFlow's default is left out
    typeAttribute(binding), ints(binding, 'strides', [1, strideHeight, strideWidth, 1]), text(binding, 'padding', padding),
    ...(dilationHeight * dilationWidth > 1 ? [ints(binding, 'dilations', [1, dilationHeight, dilationWidth, 1])] : []),
    ...(padding === 'EXPLICIT' ? [ints(binding, 'explicit_paddings', [0, 0, top, bottom, left, right, 0, 0])] : []),
  ];
}

const typeAttribute = (binding: TensorflowBinding): OperationAttribute => ({ name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT });

/** An attribute that is a list of whole numbers. */
export const ints = (binding: TensorflowBinding, name: string, value: readonly number[]): OperationAttribute => ({ name, type: binding.TF_ATTR_INT, value });

/** An attribute that is text. */
export const text = (binding: TensorflowBinding, name: string, value: string): OperationAttribute => ({ name, type: binding.TF_ATTR_STRING, value });
