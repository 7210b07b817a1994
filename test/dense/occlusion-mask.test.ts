import { expect, it } from 'vitest';
import { occlusionMask } from '../../src/dense/occlusion-mask.ts';

const SIZE = 56, inFace = (x: number, y: number): boolean => Math.hypot(x - 28, y - 28) < 24, inHand = (x: number, y: number): boolean => x >= 30 && x < 42 && y >= 30 && y < 42;
const differences = (of: (x: number, y: number) => number): Float32Array => Float32Array.from({ length: SIZE * SIZE }, (_, p) => (inFace(p % SIZE, Math.floor(p / SIZE)) ? of(p % SIZE, Math.floor(p / SIZE)) : -1));
const at = (mask: Float32Array, x: number, y: number): number => mask[y * SIZE + x]!;

it('takes out what differs as a patch, and leaves the rest', () => {
  const mask = occlusionMask(differences((x, y) => (inHand(x, y) ? 0.5 : 0.05)), SIZE, 2);
  expect(at(mask, 36, 36)).toBeLessThan(0.05);
  expect(at(mask, 12, 20)).toBeGreaterThan(0.9);
  expect(at(mask, 0, 0)).toBe(1);
  expect([...mask].every((x) => x >= 0 && x <= 1)).toBe(true);
});

it('keeps a line a pixel wide, such as the edge of a lip: the window about it is explained', () => {
  const mask = occlusionMask(differences((x) => (x === 28 ? 0.2 : 0.05)), SIZE, 2);
  expect(at(mask, 28, 28)).toBeGreaterThan(0.5);
});

it('hides nothing of a face that is explained everywhere, however small the largest difference', () => {
  const mask = occlusionMask(differences((x, y) => (inHand(x, y) ? 0.03 : 0.001)), SIZE, 2);
  expect(Math.min(...mask)).toBeGreaterThan(0.9);
});

it('gives half the weight at the limit, in means of the whole face', () => {
  const mask = occlusionMask(differences((x) => (x < 28 ? 0.3 : 0.1)), SIZE, 1.5), half = at(mask, 12, 28);
  expect(half).toBeGreaterThan(0.4);
  expect(half).toBeLessThan(0.6);
});

it('counts all pixels alike for an infinite factor, and is whole where there is no face', () => {
  expect([...occlusionMask(differences(() => 0.4), SIZE, Infinity)].every((x) => x === 1)).toBe(true);
  expect([...occlusionMask(new Float32Array(SIZE * SIZE), SIZE, Infinity)].every((x) => x === 1)).toBe(true);
  expect([...occlusionMask(new Float32Array(SIZE * SIZE).fill(-1), SIZE, 2)].every((x) => x === 1)).toBe(true);
});
