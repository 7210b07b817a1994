import * as tf from '@tensorflow/tfjs';

/** What our convolutions look at before they take a case on. */
interface LayoutAttrs {
  readonly dataFormat?: string;
  readonly dilations?: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
}

/** Whether a convolution is one of ours: float32, channels last, no dilation, nothing cut off by negative padding. */
export function isPlain(tensors: readonly tf.TensorInfo[], { dataFormat = 'NHWC', dilations = 1, pad }: LayoutAttrs): boolean {
  const padding = Array.isArray(pad) ? pad.flat() : typeof pad === 'number' ? [pad] : [];
  return dataFormat === 'NHWC' && tf.backend_util.tupleValuesAreOne(dilations) && tensors.every(({ dtype }) => dtype === 'float32') && padding.every((n) => n >= 0);
}
