import { expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';
import type { IctFace } from '../../src/data/ict.ts';
import { INNER_LANDMARKS, placeFace } from '../../src/data/place-face.ts';

const random = createRandom(2), V = 80, head = Float64Array.from({ length: 3 * V }, () => random.normal(0, 30)), landmarks = Int32Array.from({ length: 68 }, (_, i) => i + 5), SIZE = 1.2, [c, s] = [Math.cos(0.4), Math.sin(0.4)];
/** Turned about x, larger, elsewhere. */
const turn = ([x, y, z]: readonly number[]): number[] => [x!, c * y! - s * z!, s * y! + c * z!], away = (p: readonly number[]): number[] => turn(p).map((x, k) => SIZE * x + [100, -50, 7][k]!);
const row = (p: ArrayLike<number>, v: number): number[] => [p[3 * v]!, p[3 * v + 1]!, p[3 * v + 2]!], rows = (f: (v: number) => number[]): number[] => Array.from({ length: V }, (_, v) => f(v)).flat();
const scan: IctFace = {
  neutral: Float64Array.from(rows((v) => away(row(head, v)))), faces: Int32Array.of(0, 1, 2), identity: Float32Array.from(rows(() => turn([1, 2, 3]))), expression: Float32Array.from(rows(() => turn([0, 0, 4]))), expressionNames: ['a'], landmarks68: landmarks,
  eyes: [{ centre: away([30, 20, 10]) as [number, number, number], radius: 15 }, { centre: away([-30, 20, 10]) as [number, number, number], radius: 15 }],
};

it('turns and moves the scan onto the landmarks, modes and eyes with it, and takes the size to the head', () => {
  const { face, head: grown, scale } = placeFace(scan, head, landmarks), close = (p: readonly number[], digits = 6): unknown[] => p.map((x) => expect.closeTo(x, digits));
  expect(scale).toBeCloseTo(SIZE, 9);
  for (const v of [0, 3, 22, 79]) expect(row(face.neutral, v)).toEqual(close(row(grown, v)));
  expect(row(face.identity, 7)).toEqual(close([1, 2, 3], 5));
  expect(row(face.expression, 7)).toEqual(close([0, 0, 4], 5));
  const middle = [0, 1, 2].map((k) => INNER_LANDMARKS.reduce((sum, i) => sum + head[3 * landmarks[i]! + k]! / 51, 0));
  expect(face.eyes.map(({ centre }) => [...centre])).toEqual([[30, 20, 10], [-30, 20, 10]].map((p) => close(p.map((x, k) => middle[k]! + SIZE * (x - middle[k]!)))));
  expect(face.eyes[0].radius).toBe(15);
});
