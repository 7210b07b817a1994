import { describe, expect, it } from 'vitest';
import { flippedFaces } from '../../src/mesh/flipped-faces.ts';
import { createClosestPoint } from '../../src/mesh/closest-point.ts';
import { registerSurface, type RegisterOptions, type SurfaceLandmark } from '../../src/mesh/register-surface.ts';
import { joined, sheet } from '../support/meshes.ts';

const ROWS = 17, COLS = 13, flat = sheet(ROWS, COLS), bend = (x: number): number => 0.05 * (x - 6) ** 2;
/** Reaches three beyond the flat sheet on every side, in triangles of other sizes. */
const bent = { ...sheet(47, 37), vertices: sheet(47, 37).vertices.map((x, i, all) => (i % 3 === 2 ? bend(all[i - 2]! / 2 - 3) : x / 2 - 3)) };
const at = (x: number, y: number): number => y * COLS + x;
/** Where landmarks go: aside by (0.5, -0.4), onto the bend. */
const shifted = (v: number): number[] => { const x = flat.vertices[3 * v]! + 0.5; return [x, flat.vertices[3 * v + 1]! - 0.4, bend(x)]; };
const landmarks: SurfaceLandmark[] = [at(1, 1), at(11, 1), at(1, 15), at(11, 15), at(6, 8)].map((vertex) => ({ vertex, position: shifted(vertex) }));
const options: Partial<RegisterOptions> = { steps: [4, 4, 6], stiffness: [100, 2], maxDistance: [20, 3] };
const bendIt = (more: Partial<RegisterOptions> = {}, led: readonly SurfaceLandmark[] = landmarks): ReturnType<typeof registerSurface> => registerSurface(flat, bent, led, { ...options, ...more });
const apart = (p: ArrayLike<number>, v: number, q: ArrayLike<number>): number => Math.hypot(...[0, 1, 2].map((k) => p[3 * v + k]! - q[k]!));

describe('registerSurface', () => {
  it('lays a flat sheet onto a bent one: near it, landmarks where they lead and the rest with them, no face turned over', () => {
    const { vertices, matches, flipped } = bendIt(), closest = createClosestPoint(bent), off = Float64Array.from({ length: ROWS * COLS }, (_, v) => closest(vertices[3 * v]!, vertices[3 * v + 1]!, vertices[3 * v + 2]!).distance).sort();
    expect(off[ROWS * COLS >> 1]).toBeLessThan(0.03);
    expect(off.at(-1)).toBeLessThan(0.3); // at a corner: an open border would rather stay straight
    for (const { vertex, position } of landmarks) expect(apart(vertices, vertex, position)).toBeLessThan(0.08);
    for (const v of [at(3, 4), at(9, 5), at(5, 12)]) expect(apart(vertices, v, shifted(v))).toBeLessThan(0.35); // aside as well: closest points alone would leave it where it was
    expect(flipped).toEqual([]);
    matches.forEach((point) => expect(point?.weights.reduce((a, b) => a + b)).toBeCloseTo(1, 12));
  });

  it('gives the same bits again, and whether or not someone watches', () => {
    const seen: number[] = [], first = bendIt().vertices, watched = bendIt({ onProgress: ({ done, total }) => { seen.push(done / total); } }).vertices;
    expect(watched).toEqual(first);
    expect(seen).toEqual(Array.from({ length: 14 }, (_, i) => (i + 1) / 14));
  });

  it('draws only what may follow the surface; the rest follows its neighbours', () => {
    const follow = Float64Array.from({ length: ROWS * COLS }, (_, v) => (v % COLS > 9 ? 0 : 1)), { vertices, matches } = bendIt({ follow }, []);
    matches.forEach((point, v) => expect(point === null, `${v}`).toBe(v % COLS > 9));
    expect(vertices[3 * at(12, 8) + 2]).toBeGreaterThan(0.3); // lifted by those beside it
  });

  it('is symmetric where both meshes are and the mirror is told', () => {
    const centre = (mesh: typeof flat): typeof flat => ({ ...mesh, vertices: mesh.vertices.map((x, i) => (i % 3 === 0 ? x - 6 : x)) }), mirror = Int32Array.from({ length: ROWS * COLS }, (_, v) => v - 2 * (v % COLS) + COLS - 1);
    const { vertices } = registerSurface(centre(flat), centre(bent), [], { ...options, mirror });
    mirror.forEach((u, v) => expect([...vertices.slice(3 * v, 3 * v + 3)]).toEqual([0 - vertices[3 * u]!, vertices[3 * u + 1]!, vertices[3 * u + 2]!]));
  });

  it('passes by a nearer sheet that faces the other way', () => {
    const back = { vertices: bent.vertices.map((x, i) => (i % 3 === 2 ? 0.4 : x)), faces: bent.faces.map((_, i, all) => all[i - i % 3 + (3 - i % 3) % 3]!) }, high = { ...bent, vertices: bent.vertices.map((x, i) => (i % 3 === 2 ? 1.5 : x)) };
    const { vertices } = registerSurface(flat, joined(back, high), [], options);
    for (let v = 0; v < ROWS * COLS; v++) expect(vertices[3 * v + 2]).toBeCloseTo(1.5, 3);
  });

  it('lets triangles go that landmarks have turned over', () => {
    const crossed = [{ vertex: at(6, 8), position: [7.4, 8, bend(7.4)] }, { vertex: at(7, 8), position: [5.6, 8, bend(5.6)] }], strong = { landmarkWeight: 500, stiffness: [5, 0.5] as const };
    const { vertices, flipped } = bendIt(strong, crossed);
    expect(flippedFaces(flat, vertices)).toEqual([]);
    expect(flipped).toEqual([]);
  });

  it.each([
    [{ steps: [] }, /registerSurface: expected steps to have a whole number for each level, got \[\]/],
    [{ stiffness: [1, 0] as const }, /registerSurface: expected stiffness to have two positive numbers, got \[1,0\]/],
    [{ landmarkWeight: -1 }, /registerSurface: expected landmarkWeight to have a number of at least 0, got -1/],
    [{ follow: [1] }, /registerSurface: expected follow to have length 221, got 1/],
    [{ mirror: new Int32Array(2) }, /registerSurface: expected mirror to have length 221, got 2/],
  ])('refuses %j', (more, message) => {
    expect(() => bendIt(more)).toThrow(message);
  });

  it('refuses a landmark on no vertex', () => {
    expect(() => bendIt({}, [{ vertex: 221, position: [0, 0, 0] }])).toThrow(/registerSurface: expected landmarks to have a vertex in \[0, 221\) and three finite numbers each, got vertex 221/);
  });
});
