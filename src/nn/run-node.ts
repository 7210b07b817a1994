import * as tf from '@tensorflow/tfjs';
import { deformConv2d } from '../ops/deform-conv2d.ts';
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

/** A convolution with its bias and, where nothing comes between, its activation, in one kernel where it is not deformable. */
export function runConv2d(node: Conv2dNode, x: FeatureMap, find: FindParameter): FeatureMap {
  const { path, stride, padding, depthwise, deformable, bias, norm, slope } = node;
  if (deformable) return activate(runDeformable(node, x, find), norm === null ? slope : 1);
  const filter = find(`${path}.weight`) as tf.Tensor4D, shift = bias ? find(`${path}.bias`) : undefined;
  const after = norm === null ? fusedActivation(slope) : fusedActivation(1), strides: [number, number] = [stride, stride];
  // TensorFlow's explicit borders are not typed for the depthwise form; a number means the same.
  if (depthwise) return tf.fused.depthwiseConv2d({ x, filter, strides, pad: padding, bias: shift!, ...after });
  return tf.fused.conv2d({ x, filter, strides, pad: padding === 0 ? 'valid' : border(padding), bias: shift!, ...after });
}

// Two offsets a tap, then one mask a tap, from an ordinary convolution that begins at zero: the mask, 2 sigmoid, is 1 there.
function runDeformable({ path, kernel, stride, padding, bias }: Conv2dNode, x: FeatureMap, find: FindParameter): FeatureMap {
  const taps = kernel * kernel, filter = find(`${path}.offset.weight`) as tf.Tensor4D;
  const numbers = tf.fused.conv2d({ x, filter, strides: [stride, stride], pad: border(padding), bias: find(`${path}.offset.bias`) });
  const [offsets, amounts] = tf.split(numbers, [2 * taps, taps], 3) as [FeatureMap, FeatureMap];
  const shift = bias ? (find(`${path}.bias`) as tf.Tensor1D) : null;
  return deformConv2d(x, find(`${path}.weight`) as tf.Tensor4D, offsets, tf.mul(tf.sigmoid(amounts), 2), shift, { stride, padding });
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
