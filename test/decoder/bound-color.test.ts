import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { boundColor, boundColorOnHost, unboundColor } from '../../src/decoder/bound-color.ts';
import { describeOnBackends } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';

const inputs = [-1e30, -3e5, -2, -0.5, -0.1, 0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9, 1, 1.3, 4, 1e30];

describeOnBackends('boundColor', () => {
  it('is what it is on the host, and its gradient is that of central differences', () => tf.tidy(() => {
    const x = tf.tensor1d(inputs), value = boundColor(x), grad = tf.grad((t: tf.Tensor) => boundColor(t).sum())(x);
    expectClose(value.dataSync(), inputs.map(boundColorOnHost), { rtol: 1e-5, atol: 1e-6 });
    expectClose(grad.dataSync(), inputs.map((t) => (Math.abs(t) > 100 ? 0 : (boundColorOnHost(t + 1e-6) - boundColorOnHost(t - 1e-6)) / 2e-6)), { rtol: 1e-4, atol: 1e-6 });
  }));

  it('keeps a gradient well outside', () => tf.tidy(() => {
    const slope = tf.grad((t: tf.Tensor) => boundColor(t).sum())(tf.tensor1d([-1, 2, 10])).dataSync();
    slope.forEach((s) => expect(s).toBeGreaterThan(0));
  }));
});

it('is undone, rises, and leaves the colours of skins as they are', () => {
  for (const c of [1 / 512, 0.04, 0.3, 0.5, 0.9, 511 / 512]) expect(boundColorOnHost(unboundColor(c))).toBeCloseTo(c, 12);
  expect(unboundColor(0)).toBe(unboundColor(1 / 512));
  for (const [x, c] of [[0.2, 0.2006], [0.1, 0.1077], [0, 0.0415]] as const) expect(boundColorOnHost(x)).toBeCloseTo(c, 4); // as the comment says
  for (const c of [0.2, 0.4, 0.8]) expect(Math.abs(boundColorOnHost(c) - c)).toBeLessThan(1.5e-3);
  inputs.slice(1).forEach((x, i) => expect(boundColorOnHost(x)).toBeGreaterThanOrEqual(boundColorOnHost(inputs[i]!)));
  for (const x of inputs) {
    expect(boundColorOnHost(x)).toBeGreaterThanOrEqual(0);
    expect(boundColorOnHost(x)).toBeLessThanOrEqual(1);
  }
});
