import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { gatherRowsImpl, scatterRowsImpl } from '../../src/kernels/impl/rows.ts';
import { gatherRows, scatterRows } from '../../src/ops/gather-rows.ts';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { normals, poisonFreedMemory } from '../support/graphs.ts';

const cases = fc.record({ batch: fc.integer({ min: 1, max: 3 }), rows: fc.integer({ min: 1, max: 20 }), cols: fc.integer({ min: 1, max: 21 }), seed: fc.nat(1000) })
  .chain((sizes) => fc.record({
    sizes: fc.constant(sizes), index: fc.array(fc.nat(sizes.rows - 1), { minLength: 1, maxLength: 40 }), begin: fc.nat(sizes.cols - 1), share: fc.float({ min: 0, max: 1, noNaN: true }),
  }));

describeOnBackends('gatherRows', () => {
  it('agrees with the reference, as does its gradient, with repeated indices and parts of rows', () => {
    fc.assert(fc.property(cases, ({ sizes: { batch, rows, cols, seed }, index, begin, share }) => expectNoLeak(() => tf.tidy(() => {
      const size = 1 + Math.floor(share * (cols - begin - 1)), sizes = { batch, rows, cols, begin, size }, at = Int32Array.from(index);
      const x = Float32Array.from(normals(batch * rows * cols, seed)), dy = Float32Array.from(normals(batch * index.length * size, seed + 1));
      const y = new Float64Array(dy.length).fill(NaN), dx = new Float64Array(x.length).fill(NaN);
      gatherRowsImpl(x, at, y, sizes);
      scatterRowsImpl(dy, at, dx, sizes);
      poisonFreedMemory();
      const gradient = tf.grad((t: tf.Tensor) => {
        const out = gatherRows(t as tf.Tensor3D, tf.tensor1d(at, 'int32'), { begin, size });
        expect(out.shape).toEqual([batch, index.length, size]);
        expectClose(out.dataSync(), y, { rtol: 0, atol: 0 });
        return out.mul(tf.tensor3d(dy, [batch, index.length, size])).sum();
      })(tf.tensor3d(x, [batch, rows, cols]));
      expectClose(gradient.dataSync(), dx);
    }))), { numRuns: 60, seed: 3 });
  });

  it('scatterRows is its adjoint', () => {
    const index = tf.tensor1d([2, 0, 2], 'int32'), y = tf.tensor3d([[[1, 2], [3, 4], [5, 6]]]);
    expect([...scatterRows(y, index, 4).dataSync()]).toEqual([3, 4, 0, 0, 6, 8, 0, 0]);
    const dy = tf.grad((t: tf.Tensor) => scatterRows(t as tf.Tensor3D, index, 4).square().sum())(y);
    expect([...dy.dataSync()]).toEqual([12, 16, 6, 8, 12, 16]);
  });

  it('throws on what does not fit', () => {
    const x = tf.ones<tf.Rank.R3>([2, 3, 4]);
    expect(() => gatherRows(x, tf.tensor1d([0, 3], 'int32'))).toThrow('gatherRows: expected index[1] to have a row in [0, 3), got 3');
    expect(() => gatherRows(x, tf.tensor1d([-1], 'int32'))).toThrow('gatherRows: expected index[0] to have a row in [0, 3), got -1');
    expect(() => gatherRows(x, tf.tensor1d([0]))).toThrow('gatherRows: expected index to have dtype int32, got float32');
    expect(() => gatherRows(x, tf.tensor1d([0], 'int32'), { begin: 2, size: 3 })).toThrow('columns within [0, 4), got begin 2, size 3');
    expect(() => scatterRows(x, tf.tensor1d([0, 1, 5], 'int32'), 4)).toThrow('scatterRows: expected index[2] to have a row in [0, 4), got 5');
  });
});
