import { expect, it } from 'vitest';
import { carryModes, type CarryingHead } from '../../src/data/carry-modes.ts';
import type { SurfacePoint } from '../../src/mesh/closest-point.ts';
import { sheet } from '../support/meshes.ts';

/** A skin of 9 x 7 on a scan of the same places, its last two columns without a place; then a tooth and an eyeball of one vertex each, at (20, 0, 0) and (0, 20, 0). */
const ROWS = 9, COLS = 7, skin = sheet(ROWS, COLS, (x, y) => 0.1 * x * y), S = ROWS * COLS, points: (SurfacePoint | null)[] = [
  ...Array.from({ length: S }, (_, v): SurfacePoint | null => (v % COLS > 4 ? null : { face: 0, corners: [v, v, v + 1], weights: [0.5, 0.5, 0], distance: 0 })), null, null];
const lids = Int32Array.of(0, 1), lips = Int32Array.of(7, 8, 9), none = new Int32Array(0), head: CarryingHead = {
  vertices: Float64Array.from([...skin.vertices, 20, 0, 0, 0, 20, 0]), skin, points, pieces: { skin: Int32Array.from({ length: S }, (_, v) => v), eyes: [{ ball: Int32Array.of(S + 1), lids }, { ball: none, lids }], upperTeeth: none, lowerTeeth: Int32Array.of(S), lips },
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
  expect(row(out, S)).toEqual([expect.closeTo(1, 5), 1, 2]);
});

it('turns the lower teeth with the chin where the jaw moves, the eyes staying', () => {
  const turn = ([x, y, z]: number[]): number[] => [0.1 * z! + 1, 0.2 * z!, -0.1 * x! - 0.2 * y!], out = carryModes({ ...head, points: points.map((p, v) => p && { ...p, corners: [v, v, v] }) }, modes(turn), () => 'jaw');
  expect(row(out, S)).toEqual(turn([20, 0, 0]).map((x) => expect.closeTo(x, 4)));
  expect(row(out, S + 1)).toEqual([0, 0, 0]);
});
