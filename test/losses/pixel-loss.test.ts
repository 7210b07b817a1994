import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { pixelLoss } from '../../src/losses/pixel-loss.ts';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { normals } from '../support/graphs.ts';

const [B, H, W] = [2, 3, 5], count = B * H * W;
const values = (seed: number, n: number): Float32Array => Float32Array.from(normals(n, seed));

describeOnBackends('pixelLoss', () => {
  it.each(['l1', 'l2'] as const)('is the weighted mean of the %s differences per sample, with its gradient', (norm) => expectNoLeak(() => tf.tidy(() => {
    const [a, b, w] = [values(1, 3 * count), values(2, 3 * count), values(3, count).map((x) => Math.max(0, x))];
    const length = (p: number, at: Float32Array | number[]): number => {
      const d = [0, 1, 2].map((k) => at[3 * p + k]! - b[3 * p + k]!);
      return norm === 'l1' ? d.reduce((s, x) => s + Math.abs(x), 0) : Math.sqrt(d.reduce((s, x) => s + x * x, 1e-6)) - 1e-3;
    };
    const loss = (at: Float32Array | number[]): number[] => Array.from({ length: B }, (_, s) => {
      let sum = 0, total = 0;
      for (let p = s * H * W; p < (s + 1) * H * W; p++) {
        sum += w[p]! * length(p, at);
        total += w[p]!;
      }
      return sum / total;
    });
    const [target, weights] = [tf.tensor4d(b, [B, H, W, 3]), tf.tensor4d(w, [B, H, W, 1])];
    const { value, grad } = tf.valueAndGrad((x) => pixelLoss(x as tf.Tensor4D, target, weights, { norm }).sum())(tf.tensor4d(a, [B, H, W, 3]));
    expectClose(value.dataSync(), [loss(a).reduce((s, x) => s + x)], { rtol: 1e-5 });
    const wide = Array.from(a), step = 1e-6, numeric = wide.map((x, i) => {
      const [up, down] = [1, -1].map((s) => loss(Object.assign([...wide], { [i]: x + s * step })).reduce((t, y) => t + y)) as [number, number];
      return (up - down) / (2 * step);
    });
    expectClose(grad.dataSync(), numeric, { rtol: 1e-3, atol: 1e-5 });
  })));

  it('is 0 with gradient 0 where no pixel has weight', () => tf.tidy(() => {
    const target = tf.ones<tf.Rank.R4>([1, 2, 2, 3]), none = tf.zeros<tf.Rank.R4>([1, 2, 2, 1]);
    const { value, grad } = tf.valueAndGrad((x) => pixelLoss(x as tf.Tensor4D, target, none).sum())(tf.zeros([1, 2, 2, 3]));
    expect([...value.dataSync(), ...grad.dataSync()].every((x) => x === 0)).toBe(true);
  }));

  it('throws on images of another size', () => {
    expect(() => pixelLoss(tf.zeros([1, 2, 2, 3]), tf.zeros([1, 2, 3, 3]), tf.zeros([1, 2, 2, 1]))).toThrow('pixelLoss: expected target to have shape [B=1,H=2,W=2,3], got [1,2,3,3]');
  });
});
