import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mineHardExamples } from '../../src/detector/mine-hard-examples.ts';

const PLAIN = { ratio: 2, scope: 'image', minNegatives: 0 } as const;

it('keeps the largest background losses, n for each positive, picture by picture or over the batch', () => {
  const faces = [Int32Array.of(0, -1, -1, -1, -2, -1), Int32Array.of(-1, -1, -1, -1, -1, -1)], losses = [9, 1, 3, 2, 9, 0, 4, 5, 6, 7, 8, 0];
  expect([...mineHardExamples(losses, faces, PLAIN)]).toEqual([2, 3]);
  expect([...mineHardExamples(losses, faces, { ...PLAIN, scope: 'batch' })]).toEqual([9, 10]);
  expect([...mineHardExamples(losses, faces, { ...PLAIN, minNegatives: 1 })]).toEqual([2, 3, 10]);
  expect([...mineHardExamples(losses, faces)]).toEqual([1, 2, 3, 8, 9, 10]);
  expect([...mineHardExamples(losses, faces, { ...PLAIN, ratio: 2.9 })]).toEqual([2, 3]);
  expect([...mineHardExamples(losses, faces, { ...PLAIN, ratio: 100 })]).toEqual([1, 2, 3, 5]);
});

it('keeps the first of equal losses', () => {
  expect([...mineHardExamples([5, 1, 1, 1, 1], [Int32Array.of(0, -1, -1, -1, -1)], PLAIN)]).toEqual([1, 2]);
  expect([...mineHardExamples([5, 1, 1, 2, 1], [Int32Array.of(0, -1, -1, -1, -1)], PLAIN)]).toEqual([1, 3]);
});

it('never keeps an anchor of less loss than one that it leaves, nor one that is not background', () => {
  const face = fc.array(fc.tuple(fc.constantFrom(-2, -1, -1, -1, 0, 1), fc.integer({ min: 0, max: 9 })), { minLength: 1, maxLength: 40 });
  fc.assert(fc.property(face, fc.integer({ min: 0, max: 7 }), fc.nat(4), (anchors, ratio, minNegatives) => {
    const faces = Int32Array.from(anchors, ([f]) => f), losses = anchors.map(([, loss]) => loss), kept = [...mineHardExamples(losses, [faces], { ratio, scope: 'image', minNegatives })];
    const background = [...faces.keys()].filter((a) => faces[a] === -1), left = background.filter((a) => !kept.includes(a));
    expect(kept).toHaveLength(Math.min(background.length, Math.max(minNegatives, ratio * faces.filter((f) => f >= 0).length)));
    expect(kept.every((a) => background.includes(a))).toBe(true);
    expect(Math.min(Infinity, ...kept.map((a) => losses[a]!))).toBeGreaterThanOrEqual(Math.max(-Infinity, ...left.map((a) => losses[a]!)));
    expect(kept).toEqual([...kept].sort((a, b) => a - b));
  }), { numRuns: 300, seed: 3 });
});

it('keeps nothing of nothing', () => {
  expect(mineHardExamples([], [])).toHaveLength(0);
  expect(mineHardExamples([1, 2], [Int32Array.of(0, -2)])).toHaveLength(0);
});

it('throws on losses that do not fit and on numbers that are none', () => {
  const faces = [Int32Array.of(0, -1)];
  expect(() => mineHardExamples([1], faces)).toThrow('mineHardExamples: expected losses to have 1 x 2 numbers, got 1');
  expect(() => mineHardExamples([1, NaN], faces)).toThrow('mineHardExamples: expected losses[1] to have a number: the network has diverged, got NaN');
  expect(() => mineHardExamples([1, 2], faces, { ratio: -1 })).toThrow('expected ratio to have a number of at least 0, got -1');
  expect(() => mineHardExamples([1, 2], faces, { minNegatives: 0.5 })).toThrow('expected minNegatives to have a whole number of at least 0, got 0.5');
  expect(() => mineHardExamples([1, 2], faces, { scope: 'world' as never })).toThrow('expected scope to have value image or batch, got world');
});
