import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';
import { triangulatePolygon } from '../../src/mesh/triangulate-polygon.ts';

const split = (vertices: ArrayLike<number>, corners = Array.from({ length: vertices.length / 3 }, (_, i) => i)): number[] => {
  const faces: number[] = [];
  triangulatePolygon(Float64Array.from(vertices), corners, faces);
  return faces;
};
// Twice the signed area in the plane z = 0 of each triangle.
const areas = (v: number[], faces: number[]): number[] => Array.from({ length: faces.length / 3 }, (_, f) => {
  const [a, b, c] = [faces[3 * f]!, faces[3 * f + 1]!, faces[3 * f + 2]!];
  return (v[3 * b]! - v[3 * a]!) * (v[3 * c + 1]! - v[3 * a + 1]!) - (v[3 * b + 1]! - v[3 * a + 1]!) * (v[3 * c]! - v[3 * a]!);
});

describe('triangulatePolygon', () => {
  it('makes a fan of what is convex', () => {
    expect(split([0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0])).toEqual([0, 1, 2, 0, 2, 3]);
    expect(split([0, 0, 5, 1, 0, 0, 0, 1, 0], [2, 0, 1])).toEqual([2, 0, 1]);
  });

  it('covers any star-shaped polygon once, whichever way it turns and wherever it lies', () => {
    fc.assert(fc.property(fc.integer({ min: 4, max: 40 }), fc.integer(), fc.boolean(), fc.constantFrom(0, 1, 2), (n, seed, clockwise, axis) => {
      const random = createRandom(seed), flat: number[] = [];
      for (let i = 0; i < n; i++) {
        const angle = (clockwise ? -1 : 1) * 2 * Math.PI * i / n, radius = random.uniform(0.2, 2);
        flat.push(radius * Math.cos(angle), radius * Math.sin(angle), 0);
      }
      const turned = flat.map((_, i) => flat[i - i % 3 + (i % 3 + axis) % 3]!), faces = split(turned);
      expect(faces).toHaveLength(3 * (n - 2));
      const parts = areas(flat, faces), whole = Array.from({ length: n }, (_, i) => flat[3 * i]! * flat[3 * ((i + 1) % n) + 1]! - flat[3 * ((i + 1) % n)]! * flat[3 * i + 1]!).reduce((a, b) => a + b);
      for (const part of parts) expect(part * Math.sign(whole)).toBeGreaterThan(-1e-12);
      expect(parts.reduce((a, b) => a + b)).toBeCloseTo(whole, 10);
    }), { numRuns: 200, seed: 11 });
  });

  it('gives n - 2 triangles where there is no inside: a line, one point, a figure of eight, corners that repeat', () => {
    expect(split([0, 0, 0, 1, 0, 0, 2, 0, 0, 3, 0, 0])).toHaveLength(6);
    expect(split(new Array(15).fill(1))).toHaveLength(9);
    expect(split([0, 0, 0, 1, 1, 0, 1, 0, 0, 0, 1.5, 0])).toHaveLength(6);
    expect(split([0, 0, 0, 1, 0, 0, 0, 1, 0], [0, 1, 1, 2, 0])).toHaveLength(9);
  });

  it('bounds its work: a thousand corners that are not convex and no more', () => {
    const comb = (n: number): number[] => Array.from({ length: n }, (_, i) => [i, i % 2 ? 1 : 50 + (i * i) / n, 0]).flat();
    const begin = performance.now();
    expect(split(comb(1000))).toHaveLength(3 * 998);
    expect(performance.now() - begin).toBeLessThan(2000);
    expect(() => split(comb(1001))).toThrow('a polygon of 1001 corners that is not convex is not supported');
  });
});
