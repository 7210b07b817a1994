import { expect, it } from 'vitest';
import { cutOut } from '../../src/dense/cut-out.ts';

it('keeps the colours beneath a mask of 0', () => {
  expect(cutOut([0, 0.5, 1, 1.2, -1, 0.2], [0, 1], 2, 1)).toEqual({ width: 2, height: 1, channels: 4, data: Uint8Array.of(0, 128, 255, 0, 255, 0, 51, 255) });
});

it('refuses NaN and lengths that do not fit', () => {
  expect(() => cutOut([0, NaN, 0], [1], 1, 1)).toThrow(/a number, got NaN/);
  expect(() => cutOut([0, 0, 0], [1], 2, 1)).toThrow(/8 bytes/);
});
