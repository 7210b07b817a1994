import { expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';
import { chooseFaces, type FaceWindow } from '../../src/detector/choose-faces.ts';

const window = (image: number, size: number, face?: number): FaceWindow => ({ image, box: [10, 10, 10 + size, 10 + size], ...(face !== undefined && { face }) });
const WINDOWS = [window(0, 40, 0), window(0, 44, 0), window(0, 20, 1), window(0, 64, 2), window(1, 50, 0), window(1, 33), window(1, 34)];

it('takes one window of each face that is large enough, each in its turn', () => {
  const random = createRandom(1), seen = new Set<number>();
  for (let i = 0; i < 40; i++) {
    const chosen = chooseFaces(WINDOWS, { minSize: 32, maxFaces: 9 }, random);
    expect(chosen).toHaveLength(5);
    expect(chosen.slice(1)).toEqual([3, 4, 5, 6]);
    expect([0, 1]).toContain(chosen[0]);
    seen.add(chosen[0]!);
  }
  expect(seen).toEqual(new Set([0, 1]));
});

it('takes no more faces than allowed, all of them sooner or later, the same for the same seed', () => {
  const steps = Array.from({ length: 60 }, (_, step) => chooseFaces(WINDOWS, { minSize: 1, maxFaces: 2 }, createRandom(7).fork(`step ${step}`)));
  expect(steps.every((chosen) => chosen.length === 2 && chosen[0]! < chosen[1]!)).toBe(true);
  expect(new Set(steps.flat())).toEqual(new Set(WINDOWS.keys()));
  expect(chooseFaces(WINDOWS, { minSize: 1, maxFaces: 2 }, createRandom(7).fork('step 3'))).toEqual(steps[3]);
});

it('measures the shorter edge, and finds nothing in nothing', () => {
  expect(chooseFaces([{ image: 0, box: [0, 0, 100, 31] }], { minSize: 32, maxFaces: 2 }, createRandom(1))).toEqual([]);
  expect(chooseFaces([], { minSize: 32, maxFaces: 2 }, createRandom(1))).toEqual([]);
});
