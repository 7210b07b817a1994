import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';
import { catmullClark } from '../../src/data/catmull-clark.ts';
import { refineQuads } from '../../src/data/refine-quads.ts';
import { csrTimesDense } from '../../src/sparse/csr-times-dense.ts';

/** A 6 x 5 sheet of quads in the plane. */
function quadSheet(): { quads: Int32Array; vertices: Float64Array } {
  const quads: number[] = [], vertices: number[] = [];
  for (let y = 0; y <= 5; y++) for (let x = 0; x <= 6; x++) vertices.push(x, y, 0);
  for (let y = 0; y < 5; y++) for (let x = 0; x < 6; x++) quads.push(7 * y + x, 7 * y + x + 1, 7 * y + x + 8, 7 * y + x + 7);
  return { quads: Int32Array.from(quads), vertices: Float64Array.from(vertices) };
}

describe('refineQuads', () => {
  const { quads, vertices } = quadSheet(), step = catmullClark(quads, 42), edgeCount = step.edges.length / 2, points = csrTimesDense(step.matrix, vertices, 3);
  const area = (polygon: readonly number[]): number => polygon.reduce((sum, v, k) => { const w = polygon[(k + 1) % polygon.length]!; return sum + (points[3 * v]! * points[3 * w + 1]! - points[3 * w]! * points[3 * v + 1]!) / 2; }, 0);

  it.each([1, 2, 3, 4, 5])('covers the sheet without gaps, flips or T-junctions, seed %i', (seed) => {
    const random = createRandom(seed), chosen = Array.from({ length: 30 }, () => random.uniform() < 0.25), { polygons, sources } = refineQuads(quads, step.quadEdges, chosen, 42, edgeCount);
    const directed = new Map<string, number>();
    for (const p of polygons) p.forEach((v, k) => directed.set(`${v} ${p[(k + 1) % p.length]}`, (directed.get(`${v} ${p[(k + 1) % p.length]}`) ?? 0) + 1));
    expect(Math.max(...directed.values())).toBe(1);
    const open = [...directed.keys()].filter((key) => !directed.has(key.split(' ').reverse().join(' ')));
    const onBorder = (v: number): boolean => v < 42 ? v % 7 === 0 || v % 7 === 6 || v < 7 || v >= 35 : v < 42 + edgeCount && step.quadEdges.filter((e) => e === v - 42).length === 1;
    for (const key of open) expect(key.split(' ').every((v) => onBorder(Number(v))), key).toBe(true);
    for (const p of polygons) expect(area(p)).toBeGreaterThan(0);
    const outline = area([0, 1, 2, 3, 4, 5, 6, 13, 20, 27, 34, 41, 40, 39, 38, 37, 36, 35, 28, 21, 14, 7]);
    expect(polygons.reduce((sum, p) => sum + area(p), 0) / outline).toBeCloseTo(1, 1);
    chosen.forEach((yes, q) => { if (yes) expect(sources.filter((s) => s === q)).toHaveLength(4); });
  });

  it('leaves all quads whole where none is chosen', () => {
    expect(refineQuads(quads, step.quadEdges, Array(30).fill(false), 42, edgeCount).polygons.flat()).toEqual([...quads]);
  });
});
