import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { canFuse } from '../../../src/kernels/tensorflow/fused-convolutions.ts';
import { withListAttributes } from '../../../src/kernels/tensorflow/list-attributes.ts';
import type { TensorflowBackend } from '../../../src/kernels/tensorflow/tensorflow-backend.ts';
import { BACKENDS, TENSORFLOW_IS_SET_UP } from '../../support/backends.ts';
import { expectClose } from '../../support/close.ts';

type Activation = 'linear' | 'relu' | 'relu6' | 'elu' | 'sigmoid' | 'leakyrelu';

const random = (shape: [number, number, number, number], seed: number): tf.Tensor4D => tf.randomNormal<tf.Rank.R4>(shape, 0, 1, 'float32', seed);
const PADS = { valid: 'valid', same: 'same', number: 1, explicit: [[0, 0], [0, 2], [1, 0], [0, 0]] } as const;

/** Results of `body` on the cpu backend and on TensorFlow, which must agree. */
async function agree(body: () => tf.Tensor[]): Promise<void> {
  const results: (readonly [number[], Float32Array])[][] = [];
  for (const name of ['cpu', 'tensorflow'] as const) {
    await BACKENDS[name]();
    const tensors = tf.tidy(body);
    results.push(tensors.map((t) => [t.shape, t.dataSync() as Float32Array]));
    tf.dispose(tensors);
  }
  results[0]!.forEach(([shape, values], i) => {
    expect(results[1]![i]![0]).toEqual(shape);
    expectClose(results[1]![i]![1], values, { rtol: 1e-4, atol: 1e-4 });
  });
}

describe.skipIf(!TENSORFLOW_IS_SET_UP)(`convolutions of the tensorflow backend${TENSORFLOW_IS_SET_UP ? '' : ' [skipped: not set up here]'}`, () => {
  describe.each(Object.keys(PADS) as (keyof typeof PADS)[])('with padding %s', (name) => {
    const pad = PADS[name] as 'valid';
    it.each([1, 2])('have the values and gradients of the cpu backend, stride %i', async (stride) => agree(() => {
      const x = random([2, 7, 6, 3], 1), w = random([3, 3, 3, 5], 2), d = random([3, 3, 3, 1], 3), both = (f: (x: tf.Tensor4D, w: tf.Tensor4D) => tf.Tensor, w: tf.Tensor4D): tf.Tensor[] =>
        [f(x, w), ...tf.grads((x, w) => f(x as tf.Tensor4D, w as tf.Tensor4D).square().sum())([x, w])];
      return [...both((x, w) => tf.conv2d(x, w, stride, pad), w), ...both((x, w) => tf.depthwiseConv2d(x, w, stride, pad), d)];
    }));

    it('have the maxima and their gradients', async () => agree(() => {
      const x = random([2, 7, 6, 3], 1), f = (t: tf.Tensor): tf.Tensor => tf.maxPool(t as tf.Tensor4D, 3, 2, pad);
      return [f(x), tf.grad((t: tf.Tensor) => f(t).square().sum())(x)];
    }));

    it.each(['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as Activation[])('fused with %s, are the composition', async (activation) => agree(() => {
      const x = random([2, 7, 6, 3], 1), common = { x, strides: 2, pad, activation, ...(activation === 'leakyrelu' && { leakyreluAlpha: 0.1 }) };
      return [
        tf.fused.conv2d({ ...common, filter: random([3, 3, 3, 5], 2), bias: tf.tensor1d([1, 2, 3, 4, 5]) }), tf.fused.conv2d({ ...common, filter: random([3, 3, 3, 5], 2) }),
        tf.fused.depthwiseConv2d({ ...common, filter: random([3, 3, 3, 1], 3), bias: tf.tensor1d([1, -2, 3]) }), tf.fused.depthwiseConv2d({ ...common, filter: random([3, 3, 3, 2], 4), bias: tf.tensor1d([1, 2, 3, 4, 5, 6]) }),
      ];
    }));
  });

  describe('on an addon as published', () => {
    // As that of 4.22.0, it takes no list of texts.
    beforeAll(() => BACKENDS.tensorflow());
    it('says that it cannot fuse, and on ours that it can', () => {
      const backend = tf.backend() as TensorflowBackend, published = Object.create(backend, { executeSingleOutput: { value: () => { throw new Error('Argument type is not string'); } } }) as TensorflowBackend;
      expect(canFuse(backend)).toBe(true);
      expect(canFuse(published)).toBe(false);
      expect(canFuse(Object.create(backend, { isUsingGpuDevice: { value: true } }) as TensorflowBackend)).toBe(false);
    });
  });
});

it('teaches the addon lists only where it knows the source', () => {
  const source = '      // NOTE: String attribute values do not have to be utf8 encoded strings\n      TF_DataType tf_data_type;\n', taught = withListAttributes(source);
  expect(taught).toContain('TFE_OpSetAttrStringList');
  expect(taught).toContain('TFE_OpSetAttrTypeList');
  expect(() => withListAttributes(taught.replaceAll('NOTE', 'note'))).toThrow("tfjs_backend.cc: expected AssignOpAttr at its switch to have one line '// NOTE: String attribute values do not have to be utf8 encoded strings', got 0");
  expect(() => withListAttributes(source + source)).toThrow('got 2');
});
