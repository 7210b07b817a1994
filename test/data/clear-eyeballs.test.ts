import { expect, it } from 'vitest';
import { clearEyeballs, eyeSurroundings } from '../../src/data/clear-eyeballs.ts';
import { icosphere } from '../support/meshes.ts';

it('pushes what lies within an eyeball straight out of it, that alone', () => {
  const ball = icosphere(2).vertices.map((x, i) => 12 * x + [30, 10, 40][i % 3]!), n = ball.length / 3, lid = [30, 13, 51.5, 30, 2, 49, 30, 10, 90, 30, 10, 53];
  const positions = Float64Array.from([...ball, ...lid]), skin = Int32Array.of(n, n + 1, n + 2, n + 3), rest = positions.slice();
  rest.set([30, 10, 54], 3 * n);
  const eyes = eyeSurroundings(rest, [Int32Array.from({ length: n }, (_, v) => v)], skin), before = positions.slice(), point = (v: number): number[] => [...positions.slice(3 * v, 3 * v + 3)];
  expect([...eyes[0]!.around]).toEqual([n, n + 1, n + 3]);
  clearEyeballs(positions, eyes);
  const from = (p: number[]): number => Math.hypot(p[0]! - 30, p[1]! - 10, p[2]! - 40);
  for (const v of [n, n + 1]) expect(from(point(v))).toBeCloseTo(12.15, 6);
  expect((point(n)[1]! - 10) / (point(n)[2]! - 40)).toBeCloseTo(3 / 11.5, 6);
  for (const v of [0, 5, n + 2, n + 3]) expect(point(v)).toEqual([...before.slice(3 * v, 3 * v + 3)]);
});
