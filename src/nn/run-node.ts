import * as tf from '@tensorflow/tfjs';
import type { AddNode, ConcatNode, Conv2dNode, MaxPoolNode, UpsampleAddNode } from './network.ts';

/** `[B, H, W, C]`. */
export type FeatureMap = tf.Tensor4D;

/** Finds a parameter, in TensorFlow's layout, by its path. */
export type FindParameter = (path: string) => tf.Tensor;

const border = (padding: number): [[number, number], [number, number], [number, number], [number, number]] => [[0, 0], [padding, padding], [padding, padding], [0, 0]];

const fusedActivation = (slope: number): { activation: 'linear' | 'relu' | 'leakyrelu'; leakyreluAlpha: number } =>
  ({ activation: slope === 1 ? 'linear' : slope === 0 ? 'relu' : 'leakyrelu', leakyreluAlpha: slope });

/** What is left of negative numbers is `slope` times them. */
export function activate(x: FeatureMap, slope: number): FeatureMap {
  return slope === 1 ? x : slope === 0 ? tf.relu(x) : tf.leakyRelu(x, slope);
}

/** A convolution with its bias and, where nothing comes between, its activation, in one kernel. */
export function runConv2d({ path, stride, padding, depthwise, bias, norm, slope }: Conv2dNode, x: FeatureMap, find: FindParameter): FeatureMap {
  const filter = find(`${path}.weight`) as tf.Tensor4D, shift = bias ? find(`${path}.bias`) : undefined;
  const after = norm === null ? fusedActivation(slope) : fusedActivation(1), strides: [number, number] = [stride, stride];
  // TensorFlow's explicit borders are not typed for the depthwise form; a number means the same.
  if (depthwise) return tf.fused.depthwiseConv2d({ x, filter, strides, pad: padding, bias: shift!, ...after });
  return tf.fused.conv2d({ x, filter, strides, pad: padding === 0 ? 'valid' : border(padding), bias: shift!, ...after });
}

export function runMaxPool({ kernel, stride, padding }: MaxPoolNode, x: FeatureMap): FeatureMap {
  return tf.maxPool(x, kernel, stride, padding === 0 ? 'valid' : border(padding));
}

export function runAdd({ slope }: AddNode, a: FeatureMap, b: FeatureMap): FeatureMap {
  return activate(tf.add(a, b), slope);
}

export function runUpsampleAdd(_: UpsampleAddNode, fine: FeatureMap, coarse: FeatureMap): FeatureMap {
  return tf.add(fine, tf.image.resizeNearestNeighbor(coarse, [fine.shape[1], fine.shape[2]]));
}

export function runConcat({ slope }: ConcatNode, inputs: readonly FeatureMap[]): FeatureMap {
  return activate(tf.concat([...inputs], 3), slope);
}
