import { vertexNormals } from '../mesh/vertex-normals.ts';
import { HEAD_PARTS } from './head-half.ts';
import { toHeadFrame } from './head-frame.ts';
import type { HeadSurface } from './head-surface.ts';

/**
 * Where the points of the person's right side and of the middle lie on the mean head seen from the front, millimetres, by iBUG
 * number. They started from MakeHuman's `landmarks68.json`, which a program had made from renders, and were put onto the
 * features by hand: corners and edges of lids and lips, wings of the nose, an even line along the upper edge of the brow, where iBUG has it, the edge of the jaw.
 */
const PLACES: Readonly<Record<number, readonly [x: number, y: number]>> = {
  0: [-69.6, 13.6], 1: [-67.5, 0.4], 2: [-64.2, -18.7], 3: [-60, -42], 4: [-54, -56.8], 5: [-44.3, -70.5], 6: [-31, -80.2], 7: [-14.5, -88.6], 8: [0, -90.3],
  17: [-53.8, 27.2], 18: [-46, 33.2], 19: [-34.5, 35], 20: [-22.8, 33.4], 21: [-11, 29],
  27: [0, 17], 28: [0, 6], 29: [0, -5], 30: [0, -16], 31: [-11.6, -25.5], 32: [-6.1, -27.2], 33: [0, -28.4],
  36: [-41.5, 16.7], 37: [-35.5, 19.7], 38: [-26.5, 20], 39: [-17.3, 14], 40: [-26, 12.5], 41: [-35, 12.8],
  48: [-23, -49.4], 49: [-15.5, -44.3], 50: [-6.6, -40.9], 51: [0, -42], 57: [0, -59.2], 58: [-6.8, -58.8], 59: [-15.6, -55.2],
};
/** Inner edges of the lips: side -1 the upper, +1 the lower; x. */
const INNER_LIPS: Readonly<Record<number, readonly [side: number, x: number]>> = { 61: [-1, -7], 62: [-1, 0], 66: [1, 0], 67: [1, -7] };
/** The iBUG number on the other side, for every number of the right side. */
const OTHER: Readonly<Record<number, number>> = {
  0: 16, 1: 15, 2: 14, 3: 13, 4: 12, 5: 11, 6: 10, 7: 9, 17: 26, 18: 25, 19: 24, 20: 23, 21: 22, 31: 35, 32: 34, 36: 45, 37: 44, 38: 43, 39: 42, 40: 47, 41: 46,
  48: 54, 49: 53, 50: 52, 58: 56, 59: 55, 60: 64, 61: 63, 67: 65,
};

/**
 * The landmark vertices of the surface.
 *
 * @param upperLip - `[V]` 1 on the upper lip and all that the opening mouth leaves in place, 0 on the lower.
 * @returns 68 vertices in iBUG order (36 is the person's right outer eye corner, at negative x) and the detector's five.
 */
export function headLandmarks(surface: HeadSurface, upperLip: ArrayLike<number>): { landmarks68: Int32Array; landmarks5: Int32Array } {
  const p = toHeadFrame(surface.mean), normals = vertexNormals({ vertices: p, faces: surface.faces }), skin = HEAD_PARTS.indexOf('skin'), out = new Int32Array(68);
  const vertices = [...surface.part].flatMap((part, v) => (part === skin && p[3 * v]! < 1e-6 ? [v] : []));
  const best = (cost: (v: number) => number): number => vertices.reduce((a, b) => (cost(b) < cost(a) ? b : a));
  const middleOnly = (v: number, x: number): number => (x === 0 && surface.mirror[v] !== v ? 1e6 : 0);
  for (const [name, [x, y]] of Object.entries(PLACES)) {
    out[Number(name)] = best((v) => Math.hypot(p[3 * v]! - x, p[3 * v + 1]! - y) + (normals[3 * v + 2]! < -0.1 || p[3 * v + 2]! < -30 ? 1e3 : 0) + middleOnly(v, x));
  }
  for (const [name, [side, x]] of Object.entries(INNER_LIPS)) {
    out[Number(name)] = best((v) => {
      const [px, py, pz] = [p[3 * v]!, p[3 * v + 1]!, p[3 * v + 2]!], near = Math.abs(px - x) < 1.3 && Math.abs(py + 49) < 3.5 && pz > 66;
      return near && (upperLip[v] === 1) === (side < 0) ? -side * py - 0.2 * pz + middleOnly(v, x) : 1e6;
    });
  }
  out[60] = best((v) => Math.hypot(p[3 * v]! + 20.8, p[3 * v + 1]! + 49.3, p[3 * v + 2]! - 63.5));
  for (const [name, other] of Object.entries(OTHER)) out[other] = surface.mirror[out[Number(name)]!]!;
  const pupils = [...surface.eyeAngle.keys()].filter((v) => surface.part[v] === HEAD_PARTS.indexOf('eyeball') && surface.eyeAngle[v] === 0).sort((a, b) => p[3 * a]! - p[3 * b]!);
  return { landmarks68: out, landmarks5: Int32Array.of(pupils[0]!, pupils[1]!, out[30]!, out[48]!, out[54]!) };
}
