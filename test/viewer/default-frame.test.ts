import { expect, it } from 'vitest';
import { cropCamera } from '../../src/dense/crop-camera.ts';
import { defaultFrame } from '../../src/viewer/default-frame.ts';
import { colouredEgg } from '../support/viewer.ts';

it('shows the whole mesh in the middle of its square, upright, by a camera that a GLB file can hold', () => {
  const { vertices } = colouredEgg(), { projection, size } = defaultFrame(vertices), at = (p: ArrayLike<number>): number[] => {
    const [u, v, w] = projection.map((row) => row[0]! * p[0]! + row[1]! * p[1]! + row[2]! * p[2]! + row[3]!);
    return [u! / w!, v! / w!];
  };
  for (let i = 0; i < vertices.length; i += 3) for (const x of at(vertices.subarray(i, i + 3))) expect(x > 0 && x < size).toBe(true);
  expect(at([6, -10, 15])).toEqual([expect.closeTo(size / 2, 6), expect.closeTo(size / 2, 6)]);
  expect(at([6, 90, 15])[1]).toBeLessThan(size / 2 - 150);
  expect(at([60, -10, 15])[0]).toBeGreaterThan(size / 2 + 50);
  expect(cropCamera(projection, [[1, 0, 0], [0, 1, 0]], size, vertices).aspect).toBe(1);
});
