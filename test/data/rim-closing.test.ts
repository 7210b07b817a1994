import { describe, expect, it } from 'vitest';
import type { IctFace } from '../../src/data/ict.ts';
import { createRimClosing } from '../../src/data/rim-closing.ts';
import { rimEdges } from '../../src/data/rim-edges.ts';
import { rimPlaces } from '../../src/data/rim-places.ts';
import { sheet } from '../support/meshes.ts';

/** A sheet of 31 x 41 with a slit of 2 high from (4, 9) to (26, 11): faces within are left out. */
const COLS = 31, full = sheet(41, COLS), inSlit = (v: number): boolean => { const x = v % COLS, y = Math.floor(v / COLS); return x > 4 && x < 26 && y === 10; };
const faces = full.faces.filter((_, i) => ![0, 1, 2].some((k) => inSlit(full.faces[i - i % 3 + k]!)));
const mesh = { vertices: full.vertices, faces }, rim = ((): Int32Array => {
  const sides = new Map<string, number[]>();
  for (let f = 0; f < faces.length; f += 3) for (let k = 0; k < 3; k++) { const pair = [faces[f + k]!, faces[f + (k + 1) % 3]!].sort((a, b) => a - b), key = pair.join(' '); if (sides.has(key)) sides.set(key, []); else sides.set(key, pair); }
  const at = (v: number): number[] => [v % COLS, Math.floor(v / COLS)];
  return Int32Array.from(new Set([...sides.values()].flat())).filter((v) => { const [x, y] = at(v) as [number, number]; return x > 3 && x < 27 && y > 8 && y < 12; }).sort();
})();
const at = (x: number, y: number): number => y * COLS + x;

describe('rimEdges', () => {
  it('finds the upper and the lower way from corner to corner', () => {
    const [upper, lower] = rimEdges(mesh, rim), heights = (way: number[]): number[] => way.slice(2, -2).map((v) => Math.floor(v / COLS));
    expect([upper[0], upper.at(-1)]).toEqual([lower[0], lower.at(-1)]);
    expect(new Set(heights(upper))).toEqual(new Set([11]));
    expect(new Set(heights(lower))).toEqual(new Set([9]));
    expect(new Set([...upper, ...lower])).toEqual(new Set(rim));
  });

  it('refuses vertices that make no loop', () => {
    expect(() => rimEdges(mesh, rim.slice(1))).toThrow(/rimEdges: expected rim to have vertices of a closed loop of edges, got \d+ of another kind/);
    expect(() => rimEdges(mesh, new Int32Array(0))).toThrow(/got 0 of another kind/);
  });
});

describe('createRimClosing', () => {
  it('brings the edges together in the middle, not at the corners nor far away, whatever the field', () => {
    const close = createRimClosing(mesh, rim), places = mesh.vertices.slice(), field = Float64Array.from(mesh.vertices, (_, i) => (i % 3 === 2 && Math.floor(i / 3 / COLS) > 10 ? 3 : 0));
    close(places, 3);
    close(field, 3);
    expect([places[3 * at(15, 9) + 1], places[3 * at(15, 11) + 1]]).toEqual([expect.closeTo(10, 6), expect.closeTo(10, 6)]);
    expect([field[3 * at(15, 9) + 2], field[3 * at(15, 11) + 2]]).toEqual([expect.closeTo(1.5, 6), expect.closeTo(1.5, 6)]);
    expect(places[3 * at(15, 12) + 1]).toBeLessThan(11.8); // follows
    expect(places[3 * at(5, 11) + 1]).toBe(11); // beside a corner
    for (const v of [at(4, 10), at(15, 40), at(0, 30)]) expect([...places.slice(3 * v, 3 * v + 3)]).toEqual([...mesh.vertices.slice(3 * v, 3 * v + 3)].map((x) => expect.closeTo(x, 6)));
  });
});

describe('rimPlaces', () => {
  it('gives each lip its place on its own side of the scan, though the other is nearer', () => {
    // The scan: the same sheet, its slit closed a little further up; the jaw takes all below it down.
    const neutral = mesh.vertices.map((y, i) => (i % 3 === 1 && y > 8.5 && y < 11.5 ? 11.2 + 0.01 * (y - 10) : y)), jaw = Float32Array.from(neutral, (_, i) => (i % 3 === 1 && Math.floor(i / 3 / COLS) < 10 ? -20 : 0)), landmarks68 = new Int32Array(68);
    landmarks68[62] = at(15, 11);
    landmarks68[66] = at(15, 9);
    const eye = { centre: [0, 0, 0], radius: 1 } as const, face: IctFace = { neutral, faces, identity: new Float32Array(0), expression: jaw, expressionNames: ['jawOpen'], landmarks68, eyes: [eye, eye] };
    const places = rimPlaces(mesh, { lids: [], lips: rim }, face), rows = (v: number): number[] => places.get(v)!.corners.map((c) => Math.floor(c / COLS));
    expect(Math.min(...rows(at(15, 11)))).toBeGreaterThanOrEqual(11);
    expect(Math.max(...rows(at(15, 9)))).toBeLessThanOrEqual(9);
    expect(rimPlaces(mesh, { lids: [Int32Array.of(at(1, 1))], lips: rim }, { ...face, expressionNames: [] }).size).toBe(1); // no jaw, no lips
  });
});
