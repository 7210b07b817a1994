import { expect, it } from 'vitest';
import { smoothL1Impl } from '../../../src/kernels/impl/smooth-l1.ts';
import { expectClose } from '../../support/close.ts';

it('is a parabola below beta and a line beyond, with its derivative, continuous where they meet', () => {
  const x = [-3, -1, -0.5, 0, 0.25, 0.5, 1, 2], out = new Float64Array(8).fill(NaN), gradient = out.slice();
  smoothL1Impl(x, 0.5, out, gradient);
  expectClose(out, [2.75, 0.75, 0.25, 0, 0.0625, 0.25, 0.75, 1.75], { rtol: 1e-15, atol: 0 });
  expectClose(gradient, [-1, -1, -1, 0, 0.5, 1, 1, 1], { rtol: 1e-15, atol: 0 });
  smoothL1Impl(x, 0, out, gradient);
  expect([...out]).toEqual(x.map(Math.abs));
  expect([...gradient]).toEqual(x.map(Math.sign));
});

it('with beta 1/9 is the official form with sigma 3', () => {
  const x = [-2, -0.2, -0.1, 0.05, 0.12, 5], out = new Float64Array(6);
  smoothL1Impl(x, 1 / 9, out, new Float64Array(6));
  expectClose(out, x.map((d) => (Math.abs(d) < 1 / 9 ? 4.5 * d * d : Math.abs(d) - 0.5 / 9)), { rtol: 1e-14, atol: 0 });
});
