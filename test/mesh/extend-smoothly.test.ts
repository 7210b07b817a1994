import { expect, it } from 'vitest';
import { createExtension } from '../../src/mesh/extend-smoothly.ts';
import { sheet } from '../support/meshes.ts';

const mesh = sheet(9, 11), V = 99, known = Array.from({ length: V }, (_, v) => v % 11 < 2 || v % 11 > 8);

it('fills in between what is known, several fields at once, and leaves that alone', () => {
  const field = Float64Array.from({ length: 2 * V }, (_, i) => (known[i >> 1] ? (i % 2 ? 7 : (i >> 1) % 11) : NaN));
  for (let i = 0; i < 2 * V; i++) if (!known[i >> 1]) field[i] = 0;
  createExtension(mesh, known)(field, 2);
  for (let v = 0; v < V; v++) {
    expect(field[2 * v + 1]).toBeCloseTo(7, 3);
    if (known[v]) expect(field[2 * v]).toBe(v % 11);
    else expect(Math.abs(field[2 * v]! - v % 11)).toBeLessThan(0.6); // nearly the plane through both sides
  }
});

it('refuses what is known of another mesh', () => {
  expect(() => createExtension(mesh, [true])).toThrow(/createExtension: expected known to have length 99, got 1/);
});
