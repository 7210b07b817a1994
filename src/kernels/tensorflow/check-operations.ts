import * as tf from '@tensorflow/tfjs';

/** An operation of TensorFlow against numbers worked out by hand. */
export interface OperationCheck {
  readonly name: string;
  readonly maxError: number;
}

/** A few operations on the current backend, with the numbers that they must give. */
const OPERATIONS: readonly { readonly name: string; readonly run: () => tf.Tensor; readonly expected: readonly number[] }[] = [
  { name: 'matMul', run: () => tf.matMul([[1, 2], [3, 4]], [[5, 6], [7, 8]]), expected: [19, 22, 43, 50] },
  { name: 'conv2d', run: () => tf.conv2d(tf.ones<tf.Rank.R4>([1, 3, 3, 1]), tf.ones<tf.Rank.R4>([3, 3, 1, 1]), 1, 'same'), expected: [4, 6, 4, 6, 9, 6, 4, 6, 4] },
  { name: 'gradient of conv2d', run: () => tf.grad((w) => tf.conv2d(tf.ones<tf.Rank.R4>([1, 3, 3, 1]), w as tf.Tensor4D, 1, 'same').sum())(tf.ones([3, 3, 1, 1])), expected: [4, 6, 4, 6, 9, 6, 4, 6, 4] },
  { name: 'unsortedSegmentSum', run: () => tf.unsortedSegmentSum([1, 2, 3, 4], tf.tensor1d([0, 2, 0, 2], 'int32'), 3), expected: [4, 0, 6] },
];

/** Largest difference to be had from a working engine: the numbers are small and whole. */
export const OPERATION_BOUND = 1e-5;

/** Runs them all on the current backend. */
export function checkOperations(): OperationCheck[] {
  return OPERATIONS.map(({ name, run, expected }) => {
    const values = tf.tidy(() => run().dataSync());
    return { name, maxError: values.length === expected.length ? Math.max(...expected.map((x, i) => Math.abs(x - values[i]!))) : Infinity };
  });
}
