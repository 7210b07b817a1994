import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { poisonFreedMemory } from '../support/graphs.ts';

const size = fc.integer({ min: 0, max: 7 });

describeOnBackends('concat', () => {
  it('lays the numbers side by side along any axis, of either type, empty ones left out', () => {
    fc.assert(fc.property(fc.array(size, { minLength: 1, maxLength: 4 }), fc.array(fc.oneof(size, fc.constant(300)), { minLength: 1, maxLength: 3 }), fc.nat(3), fc.constantFrom<'float32' | 'int32'>('float32', 'int32'), (shape, widths, n, dtype) => {
      const axis = n % shape.length;
      let next = 0;
      const parts = widths.map((width) => {
        const own = shape.map((s, i) => (i === axis ? width : s)), count = own.reduce((product, s) => product * s, 1);
        return { shape: own, width, values: Array.from({ length: count }, () => next++) };
      });
      const inner = shape.slice(axis + 1).reduce((product, s) => product * s, 1), rows = shape.slice(0, axis).reduce((product, s) => product * s, 1);
      const expected = Array.from({ length: rows }, (_, r) => parts.flatMap(({ values, width }) => values.slice(r * width * inner, (r + 1) * width * inner))).flat();
      poisonFreedMemory();
      expectNoLeak(() => tf.tidy(() => {
        const out = tf.concat(parts.map((part) => tf.tensor(part.values, part.shape, dtype)), n % 2 ? axis : axis - shape.length);
        expect(out.dtype).toBe(dtype);
        expect(out.shape).toEqual(shape.map((s, i) => (i === axis ? widths.reduce((sum, width) => sum + width, 0) : s)));
        expect([...out.dataSync()]).toEqual(expected);
      }));
    }), { numRuns: 200, seed: 3 });
  });

  it('texts and truth values as before', () => tf.tidy(() => {
    expect(tf.concat([tf.tensor2d(['a', 'b'], [1, 2]), tf.tensor2d(['c'], [1, 1])], 1).dataSync()).toEqual(['a', 'b', 'c']);
    expect([...tf.concat([tf.tensor1d([true, false], 'bool'), tf.tensor1d([true], 'bool')]).dataSync()]).toEqual([1, 0, 1]);
  }));
});
