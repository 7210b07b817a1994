import { expect, it } from 'vitest';
import { cropToPhoto } from '../../src/dense/crop-frame.ts';
import { photoProjection, projectPoint } from '../../src/dense/photo-projection.ts';

it('puts the look-at point into the centre of the crop, a metre away, and shows 220 mm across it', () => {
  const camera = { eye: [0, -10, 1060], lookAt: [0, -10, 60], focalLength: 1000 / 110 }, size = 112, toPhoto = cropToPhoto({ center: [400, 300], side: 220, roll: 0 }, size);
  const projection = photoProjection(camera, toPhoto, size);
  expect(projectPoint(projection, [0, -10, 60])).toEqual([expect.closeTo(400, 9), expect.closeTo(300, 9)]);
  expect(projectPoint(projection, [9, 9, 9, 30, 10, 60], 3)).toEqual([expect.closeTo(430, 9), expect.closeTo(280, 9)]);
  expect(projection[2]!.reduce((sum, x, k) => sum + x * [0, -10, 60, 1][k]!, 0)).toBeCloseTo(1000, 9);
});

it('adds the roll of the camera to that of the crop: rising right sides turn the picture the same way', () => {
  const toPhoto = cropToPhoto({ center: [50, 50], side: 100, roll: 0.3 }, 64);
  const at = (roll: number): [number, number] => projectPoint(photoProjection({ eye: [0, 0, 1000], lookAt: [0, 0, 0], focalLength: 10, roll }, toPhoto, 64), [20, 0, 0]);
  expect(at(-0.3)).toEqual([expect.closeTo(60, 9), expect.closeTo(50, 9)]);
  expect(at(0.3)).toEqual([expect.closeTo(50 + 10 * Math.cos(0.6), 9), expect.closeTo(50 + 10 * Math.sin(0.6), 9)]);
});
