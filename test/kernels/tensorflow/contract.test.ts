import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { holderOf } from '../../../src/kernels/tensorflow/borrowed.ts';
import { registeredKernels } from '../../../src/kernels/registry.ts';
import { deformConv2d } from '../../../src/ops/deform-conv2d.ts';
import { createSparseOperator } from '../../../src/ops/sparse-operator.ts';
import { sparseMatMul } from '../../../src/ops/sparse-mat-mul.ts';
import { BACKENDS, TENSORFLOW_IS_SET_UP } from '../../support/backends.ts';
import { expectClose } from '../../support/close.ts';

if (!TENSORFLOW_IS_SET_UP) console.info('TensorFlow is not set up here: every contract suite skips it. npx retinamesh setup tensorflow');

describe.skipIf(!TENSORFLOW_IS_SET_UP)(`the tensorflow backend${TENSORFLOW_IS_SET_UP ? '' : ' [skipped, with every contract suite on it: not set up here; retinamesh setup tensorflow]'}`, () => {
  const twice = { shape: [3, 3] as const, rowPtr: Int32Array.of(0, 1, 2, 3), colIndex: Int32Array.of(0, 1, 2), values: Float32Array.of(2, 2, 2) };
  const start = async () => {
    await BACKENDS.tensorflow();
    return { wasm: tf.findBackend('wasm'), tensorflow: tf.findBackend('tensorflow') };
  };

  it('has every kernel that wasm has, once however often it is chosen', async () => {
    await start();
    await start();
    expect(tf.getBackend()).toBe('tensorflow');
    expect(registeredKernels('tensorflow').length).toBeGreaterThan(20);
    expect(registeredKernels('tensorflow')).toEqual(registeredKernels('wasm'));
  });

  it('leaves the results of such kernels where they were made, clones and reshapes too, until a kernel of TensorFlow reads them', async () => {
    const { wasm, tensorflow } = await start(), operator = createSparseOperator(twice);
    tf.tidy(() => {
      const y = sparseMatMul(operator, tf.tensor3d([[[1, 2], [3, 4], [5, 6]]])), wide = y.reshape([2, -1]), same = y.clone();
      expect([y, wide, same, operator.tensors.values].map((t) => holderOf(t.dataId) === wasm)).toEqual([true, true, true, true]);
      expect(wide.shape).toEqual([2, 3]);
      expect([...wide.matMul(wide, false, true).dataSync()]).toEqual([4 + 16 + 36, 2 * 8 + 4 * 10 + 6 * 12, 2 * 8 + 4 * 10 + 6 * 12, 64 + 100 + 144]);
      expect([wide, y, same].map((t) => holderOf(t.dataId) === (t === wide ? tensorflow : wasm))).toEqual([true, true, true]);
      expect(wide.arraySync()).toEqual([[2, 4, 6], [8, 10, 12]]);
      expect(sparseMatMul(operator, wide.reshape([1, 3, 2])).arraySync()).toEqual([[[4, 8], [12, 16], [20, 24]]]);
      expect([...same.dataSync()]).toEqual([2, 4, 6, 8, 10, 12]);
    });
    operator.dispose();
  });

  it('multiplies a deformable convolution in parts, with the values and gradients of wasm, and leaves nothing behind', async () => {
    const results: Float32Array[][] = [];
    for (const backend of ['wasm', 'tensorflow'] as const) {
      await BACKENDS[backend]();
      const random = (shape: [number, number, number, number], seed: number): tf.Tensor4D => tf.randomNormal<tf.Rank.R4>(shape, 0, 0.1, 'float32', seed), before = tf.memory().numTensors;
      results.push(tf.tidy(() => {
        // 65 x 66 pixels of 9 x 256 numbers are two parts.
        const given = [random([1, 65, 66, 256], 1), random([3, 3, 256, 5], 2), random([1, 65, 66, 18], 3), random([1, 65, 66, 9], 4)], run = ([x, w, o, m]: tf.Tensor[]): tf.Tensor =>
          deformConv2d(x as tf.Tensor4D, w as tf.Tensor4D, o as tf.Tensor4D, m as tf.Tensor4D, tf.tensor1d([1, 2, 3, 4, 5]), { padding: 1 });
        return [run(given), ...tf.grads((...inputs: tf.Tensor[]) => run(inputs).square().sum())(given)].map((t) => t.dataSync() as Float32Array);
      }) as unknown as Float32Array[]);
      expect(tf.memory().numTensors).toBe(before);
    }
    results[0]!.forEach((values, i) => expectClose(results[1]![i]!, values, { rtol: 1e-4, atol: 2e-6 * values.reduce((most, v) => Math.max(most, Math.abs(v)), 0) }));
  });

  it('leaves nothing behind in either memory', async () => {
    const { wasm, tensorflow } = await start(), held = () => [wasm.numDataIds(), tensorflow.numDataIds(), tf.memory().numTensors, tf.memory().numBytes], before = held();
    const operator = createSparseOperator(twice), x = tf.ones<tf.Rank.R3>([2, 3, 4]);
    tf.dispose(tf.grad((t: tf.Tensor) => sparseMatMul(operator, t as tf.Tensor3D).square().reshape([6, 4]).sum())(x));
    operator.dispose();
    x.dispose();
    expect(held()).toEqual(before);
  });
});
