import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { normals, poisonFreedMemory } from '../support/graphs.ts';

const count = (shape: readonly number[]): number => shape.reduce((n, size) => n * size, 1);
const numbers = (shape: readonly number[], seed: number): Float32Array => Float32Array.from(normals(count(shape), seed));
const shapes = fc.array(fc.constantFrom(1, 2, 3, 5, 16, 21), { minLength: 1, maxLength: 4 }).filter((shape) => count(shape) < 5000);

/** Runs `body` on memory that holds NaN, and sees that it leaves nothing behind. */
function clean(body: () => void): void {
  poisonFreedMemory();
  expectNoLeak(() => { tf.tidy(body); });
}

describeOnBackends('elementwise and reducing kernels', (backend) => {
  const settings = { numRuns: backend === 'cpu' ? 20 : 150, seed: 6 };

  it('leaky ReLU, its mask and its gradient', () => {
    fc.assert(fc.property(shapes, fc.nat(99), (shape, seed) => clean(() => {
      const values = numbers(shape, seed), x = tf.tensor(values, shape);
      expectClose(tf.leakyRelu(x, 0.1).dataSync(), values.map((v) => (v < 0 ? Math.fround(0.1) * v : v)));
      const mask = tf.greater(x, 0.25);
      expect(mask.dtype).toBe('bool');
      expectClose(mask.dataSync(), [...values].map((v) => (v > 0.25 ? 1 : 0)));
      expectClose(tf.grad((t) => tf.leakyRelu(t, 0.1).sum())(x).dataSync(), [...values].map((v) => (v > 0 ? 1 : 0.1)));
    })), settings);
    tf.tidy(() => expectClose(tf.leakyRelu(tf.tensor1d([NaN, -Infinity, Infinity, -0]), 0.5).dataSync(), [NaN, -Infinity, Infinity, -0]));
  });

  it('products and differences with numbers per channel, a number, a map, and in other forms', () => {
    const cut = fc.nat(4), kinds = fc.constantFrom('tail', 'ones', 'number', 'front');
    fc.assert(fc.property(shapes, cut, kinds, fc.nat(99), (shape, n, kind, seed) => clean(() => {
      const keep = n % (shape.length + 1);
      const own = kind === 'number' ? [] : kind === 'front' ? shape.map((s, i) => (i < keep ? s : 1)) : kind === 'ones' ? shape.map((s, i) => (i < keep ? 1 : s)) : shape.slice(keep);
      const a = numbers(shape, seed), b = numbers(own, seed + 1), inner = count(shape.slice(keep));
      const partner = (i: number): number => b[kind === 'number' ? 0 : kind === 'front' ? Math.floor(i / inner) : i % inner]!;
      const [x, y] = [tf.tensor(a, shape), tf.tensor(b, own)], product = tf.mul(x, y);
      expect(product.shape).toEqual(shape);
      expectClose(product.dataSync(), a.map((v, i) => v * partner(i)));
      expectClose(tf.mul(y, x).dataSync(), a.map((v, i) => v * partner(i)));
      expectClose(tf.sub(x, y).dataSync(), a.map((v, i) => v - partner(i)));
      expectClose(tf.sub(y, x).dataSync(), a.map((v, i) => partner(i) - v));
    })), settings);
    tf.tidy(() => {
      expect([...tf.mul(tf.tensor2d([1, 2, 3, 4, 5, 6, 7, 8], [2, 4], 'int32'), tf.tensor1d([1, 2, 3, 4], 'int32')).dataSync()]).toEqual([1, 4, 9, 16, 5, 12, 21, 32]);
      expect(tf.mul(tf.zeros([0, 4]), tf.ones([4])).shape).toEqual([0, 4]);
    });
  });

  it('sums and means over the first axes, and over others', () => {
    fc.assert(fc.property(shapes, fc.nat(4), fc.boolean(), fc.boolean(), fc.nat(99), (shape, n, keepDims, last, seed) => clean(() => {
      const size = n % (shape.length + 1), axes = Array.from({ length: size }, (_, i) => (last ? shape.length - 1 - i : i - shape.length * (i % 2)));
      const values = numbers(shape, seed), inner = count(shape.slice(last ? shape.length - size : size)), outer = values.length / inner;
      const sums = new Float64Array(last ? outer : inner);
      values.forEach((v, i) => { sums[last ? Math.floor(i / inner) : i % inner]! += v; });
      const x = tf.tensor(values, shape), terms = last ? inner : outer, reduced = axes.map((axis) => (axis + shape.length) % shape.length);
      const sum = tf.sum(x, axes, keepDims), expectedShape = shape.flatMap((s, i) => (!reduced.includes(i) ? [s] : keepDims ? [1] : []));
      expect(sum.shape).toEqual(expectedShape);
      expectClose(sum.dataSync(), sums, { rtol: 1e-5, atol: 1e-4 });
      expectClose(tf.mean(x, axes, keepDims).dataSync(), sums.map((s) => s / terms), { rtol: 1e-5, atol: 1e-5 });
    })), settings);
  });

  it('the sum of many small numbers keeps its digits', () => tf.tidy(() => {
    const rows = 100_000, values = new Float32Array(4 * rows).fill(0.1);
    if (backend === 'wasm') expectClose(tf.sum(tf.tensor2d(values, [rows, 4]), 0).dataSync(), new Float32Array(4).fill(rows * Math.fround(0.1)), { rtol: 3e-6 });
  }));

  it('tiles', () => {
    fc.assert(fc.property(shapes, fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 4, maxLength: 4 }), fc.nat(99), (shape, repeats, seed) => clean(() => {
      const reps = shape.map((_, i) => repeats[i]!), out = shape.map((s, i) => s * reps[i]!), values = numbers(shape, seed);
      const expected = Float32Array.from({ length: count(out) }, (_, at) => {
        let rest = at, from = 0, stride = 1;
        for (let axis = shape.length - 1; axis >= 0; axis--) {
          from += rest % out[axis]! % shape[axis]! * stride;
          rest = Math.floor(rest / out[axis]!);
          stride *= shape[axis]!;
        }
        return values[from]!;
      });
      expectClose(tf.tile(tf.tensor(values, shape), reps).dataSync(), expected);
    })), settings);
    tf.tidy(() => {
      const row = tf.tensor(numbers([5], 1), [1, 1, 5]);
      expectClose(tf.tile(row, [2, 3, 1]).dataSync(), Array.from({ length: 6 }, () => [...row.dataSync()]).flat());
      expect([...tf.tile(tf.tensor2d([true, false], [1, 2], 'bool'), [2, 1]).dataSync()]).toEqual([1, 0, 1, 0]);
    });
  });

  it('batch normalisation', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 3, maxLength: 3 }), fc.integer({ min: 1, max: 19 }), fc.boolean(), fc.boolean(), fc.nat(99), (front, channels, scaled, shifted, seed) => clean(() => {
      const shape = [...front, channels] as [number, number, number, number], x = numbers(shape, seed), [mean, scale, offset] = [1, 2, 3].map((i) => numbers([channels], seed + i)) as [Float32Array, Float32Array, Float32Array];
      const variance = numbers([channels], seed + 4).map((v) => v * v);
      const y = tf.batchNorm(tf.tensor4d(x, shape), tf.tensor1d(mean), tf.tensor1d(variance), shifted ? tf.tensor1d(offset) : undefined, scaled ? tf.tensor1d(scale) : undefined, 0.01);
      expectClose(y.dataSync(), Float64Array.from(x, (v, i) => {
        const c = i % channels;
        return (v - mean[c]!) / Math.sqrt(variance[c]! + 0.01) * (scaled ? scale[c]! : 1) + (shifted ? offset[c]! : 0);
      }), { rtol: 1e-5, atol: 1e-4 });
    })), settings);
  });
});
