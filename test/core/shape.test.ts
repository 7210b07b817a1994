import { expect, it } from 'vitest';
import { assertShape } from '../../src/core/shape.ts';

it('accepts what matches and binds names across calls', () => {
  const dims = {};
  assertShape('f', 'x', [2, 5, 3], ['B', 'V', 3], dims);
  expect(dims).toEqual({ B: 2, V: 5 });
  expect(() => assertShape('f', 'y', [2, 4, 3], ['B', 'V', 3], dims)).toThrow('f: expected y to have shape [B=2,V=5,3], got [2,4,3]');
});

it('refuses another rank', () => {
  expect(() => assertShape('f', 'x', [2], ['B', 3])).toThrow('f: expected x to have shape [B,3], got [2]');
});
