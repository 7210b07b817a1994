import { expect, it } from 'vitest';
import { carryModes, type CarryingHead } from '../../src/data/carry-modes.ts';
import type { SurfacePoint } from '../../src/mesh/closest-point.ts';
import { sheet } from '../support/meshes.ts';

/** A skin of 9 x 7 on a scan of the same places, its last two columns without a place, its mouth about (2, 3); then a tooth and an eyeball of one vertex each, at (20, 0, 0) and (0, 20, 0). */
const ROWS = 9, COLS = 7, skin = sheet(ROWS, COLS, (x, y) => 0.1 * x * y), S = ROWS * COLS, points: (SurfacePoint | null)[] = [
  ...Array.from({ length: S }, (_, v): SurfacePoint | null => (v % COLS > 4 ? null : { face: 0, corners: [v, v, v + 1], weights: [0.5, 0.5, 0], distance: 0 })), null, null];
const lids = Int32Array.of(0, 1), lips = Int32Array.of(16, 17, 22, 24, 29, 30), none = new Int32Array(0), head: CarryingHead = {
  vertices: Float64Array.from([...skin.vertices, 20, 0, 0, 0, 20, 0]), skin, points, pieces: { skin: Int32Array.from({ length: S }, (_, v) => v), eyes: [{ ball: Int32Array.of(S + 1), lids, socket: none }, { ball: none, lids, socket: none }], upperTeeth: none, lowerTeeth: Int32Array.of(S), lips, cavity: none },
  face: { neutral: skin.vertices, faces: skin.faces, identity: new Float32Array(0), expression: new Float32Array(0), expressionNames: [], landmarks68: new Int32Array(68).fill(30), eyes: [{ centre: [0, 0, 0], radius: 1 }, { centre: [0, 0, 0], radius: 1 }] },
};
const modes = (field: (p: number[]) => number[]): Float32Array => Float32Array.from(Array.from({ length: S }, (_, v) => field([...skin.vertices.subarray(3 * v, 3 * v + 3)])).flat());
const row = (out: Float32Array, v: number): number[] => [...out.subarray(3 * v, 3 * v + 3)];

it('takes a mode from the scan, and what has no place there follows smoothly', () => {
  const out = carryModes(head, modes(([x]) => [1, x!, 0]), () => 'expression');
  expect(row(out, 10)).toEqual([1, 3, 0]);
  for (let v = 0; v < S; v++) expect(out[3 * v]).toBeCloseTo(1, 4); // a constant stays one, also where it is extended
  for (let y = 2; y < ROWS - 2; y++) expect(out[3 * (y * COLS + 5) + 1]).toBeGreaterThan(out[3 * (y * COLS + 4) + 1]!); // rises on beyond what is known
  expect([...row(out, S), ...row(out, S + 1)]).toEqual([0, 0, 0, 0, 0, 0]);
});

it('moves eyeballs with their lids and teeth with the lips in an identity', () => {
  const out = carryModes(head, modes(([x, y]) => [x!, y!, 2]), () => 'identity');
  expect(row(out, S + 1)).toEqual([expect.closeTo(0.5, 5), 0, 2]);
  expect(row(out, S)).toEqual([expect.closeTo(2, 5), expect.closeTo(3, 5), expect.closeTo(2, 5)]);
});

it('turns the lower teeth with the chin where the jaw moves, the eyes staying', () => {
  const turn = ([x, y, z]: number[]): number[] => [0.1 * z! + 1, 0.2 * z!, -0.1 * x! - 0.2 * y!], out = carryModes({ ...head, points: points.map((p, v) => p && { ...p, corners: [v, v, v] }) }, modes(turn), () => 'jaw');
  expect(row(out, S)).toEqual(turn([20, 0, 0]).map((x) => expect.closeTo(x, 4)));
  expect(row(out, S + 1)).toEqual([0, 0, 0]);
});

it('keeps the lips closed in an identity and lets expressions open them', () => {
  const gap = ({ kind }: { kind: 'identity' | 'expression' }): number => { const out = carryModes({ ...head, skin: wide, points: points.map((p, v) => p && { ...p, corners: [v, v, v] }), vertices: head.vertices.map((x) => 9 * x) }, modes(([, y]) => [0, y! > 3 ? 1 : 0, 0]), () => kind); return out[3 * 30 + 1]! - out[3 * 16 + 1]!; };
  const wide = { ...skin, vertices: skin.vertices.map((x) => 9 * x) };
  expect(gap({ kind: 'expression' })).toBeCloseTo(1, 5);
  expect(Math.abs(gap({ kind: 'identity' }))).toBeLessThan(0.6);
});

it('makes a blink a tenth stronger', () => {
  expect(row(carryModes(head, modes(() => [0, -2, 0]), () => 'blink'), 10)).toEqual([0, expect.closeTo(-2.2, 6), 0]);
});

it('moves sockets with the lids and the cavity with the lips or the jaw, and holds them in an expression', () => {
  const inner = { ...head, pieces: { ...head.pieces, cavity: Int32Array.of(6), eyes: [{ ...head.pieces.eyes[0]!, socket: Int32Array.of(62) }, head.pieces.eyes[1]!] } }, up = modes(() => [0, 3, 0]);
  expect([6, 62].map((v) => row(carryModes(inner, up, () => 'expression'), v)[1])).toEqual([0, 0]);
  const jaw = carryModes(inner, up, () => 'jaw');
  expect(jaw[3 * 6 + 1]).toBeGreaterThan(2); // below the meeting of the lips
  expect(jaw[3 * 62 + 1]).toBe(0);
});
