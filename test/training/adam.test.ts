import { expect, it } from 'vitest';
import { Adam } from '../../src/training/adam.ts';
import { cosineRate } from '../../src/training/cosine-rate.ts';

const gradientOf = (x: Float32Array): Float32Array => x.map((value, i) => 2 * (i + 1) * (value - i));

it('moves by the rate at first, whatever the gradient, and finds the least of a bowl', () => {
  const adam = new Adam(), x = Float32Array.of(5, -3, 4);
  adam.update({ x }, { x: gradientOf(x) }, 0.1);
  [4.9, -2.9, 3.9].forEach((value, i) => expect(x[i]).toBeCloseTo(value, 5));
  for (let i = 0; i < 800; i++) adam.update({ x }, { x: gradientOf(x) }, 0.1 * (1 - i / 800));
  x.forEach((value, i) => expect(value).toBeCloseTo(i, 2));
});

it('goes on from its tensors with the same bits', () => {
  const run = (stopAt: number): Float32Array => {
    let adam = new Adam();
    const x = Float32Array.of(5, -3, 4);
    for (let i = 0; i < 20; i++) {
      if (i === stopAt) {
        const tensors = adam.toTensors();
        adam = new Adam();
        adam.fromTensors(tensors, i);
      }
      adam.update({ x }, { x: gradientOf(x) }, 0.1);
    }
    return x;
  };
  expect(run(7)).toEqual(run(-1));
});

it('refuses gradients that do not fit and options it does not know', () => {
  expect(() => new Adam().update({ x: new Float32Array(3) }, { x: new Float32Array(2) }, 1)).toThrow('Adam.update: expected gradients.x to have length 3, got 2');
  expect(() => new Adam().update({ x: new Float32Array(3) }, {}, 1)).toThrow('length 3, got none');
  expect(() => new Adam({ beta: 1 } as object)).toThrow('only the keys beta1');
});

it('the rate rises, then falls as half a cosine', () => {
  const rate = (step: number): number => cosineRate(step, { steps: 110, rate: 2, warmup: 10, final: 0.1 });
  expect(rate(0)).toBeCloseTo(0.2);
  expect(rate(9)).toBeCloseTo(2);
  expect(rate(10)).toBeCloseTo(2);
  expect(rate(60)).toBeCloseTo(2 * 0.55);
  expect(rate(110)).toBeCloseTo(0.2);
  expect(rate(500)).toBeCloseTo(0.2);
});
