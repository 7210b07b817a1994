import * as tf from '@tensorflow/tfjs';
import { NORM_EPSILON, type NORM_PARTS } from './state-dict.ts';

/** How far a batch moves the running statistics, as in PyTorch. */
const MOMENTUM = 0.1;

/**
 * Batch normalisation over all but the last axis: `weight (x - mean) / sqrt(variance + 1e-5) + bias`. Ioffe and Szegedy, ICML 2015.
 *
 * @param x - `[B, H, W, C]`.
 * @param variable - Finds scale, shift and running statistics, each `[C]`.
 * @param training - Whether mean and variance are the batch's own; they then move the running ones by a tenth, the variance as the unbiased one.
 */
export function batchNorm(x: tf.Tensor4D, variable: (part: (typeof NORM_PARTS)[number]) => tf.Variable, training: boolean): tf.Tensor4D {
  const [scale, shift, runningMean, runningVariance] = [variable('weight'), variable('bias'), variable('running_mean'), variable('running_var')] as tf.Variable<tf.Rank.R1>[];
  if (!training) return tf.batchNorm<tf.Rank.R4>(x, runningMean!, runningVariance!, shift!, scale!, NORM_EPSILON);
  const { mean, variance } = tf.moments(x, [0, 1, 2]), count = x.size / x.shape[3];
  tf.tidy(() => {
    move(runningMean!, mean);
    move(runningVariance!, tf.mul(variance, count / Math.max(1, count - 1)));
  });
  return tf.batchNorm<tf.Rank.R4>(x, mean as tf.Tensor1D, variance as tf.Tensor1D, shift!, scale!, NORM_EPSILON);
}

const move = (running: tf.Variable, value: tf.Tensor): void => running.assign(tf.add(tf.mul(running, 1 - MOMENTUM), tf.mul(value, MOMENTUM)));
