import { describe, expect, it } from 'vitest';
import { clipMatrix, depthOf, normalizeProjection, photoCorners, turnMatrix } from '../../src/viewer/view-matrix.ts';
import { EGG_FRAME } from '../support/view-data.ts';

const { projection } = EGG_FRAME, INSIDE = [6, -10, 15];
const times = (matrix: readonly number[], [x, y, z]: readonly number[]): number[] => [0, 4, 8, 12].map((r) => matrix[r]! * x! + matrix[r + 1]! * y! + matrix[r + 2]! * z! + matrix[r + 3]!);
const project = (rows: readonly (readonly number[])[], p: readonly number[]): number[] => {
  const [u, v, w] = times(rows.flat(), p);
  return [u! / w!, v! / w!];
};

describe('normalizeProjection', () => {
  it('keeps the pixels and makes the third row a depth, whatever the scale and sign given', () => {
    for (const scale of [1, -1, 0.01, -300]) {
      const normal = normalizeProjection(projection.map((row) => row.map((x) => scale * x)), INSIDE);
      expect(project(normal, [50, 20, 10])).toEqual(project(projection, [50, 20, 10]).map((x) => expect.closeTo(x, 9)));
      expect(depthOf(normal, [1, 2, 100])).toBeCloseTo(800, 9);
    }
  });

  it.each([[[[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1]]], [[[1, 0, 0, NaN], [0, 1, 0, 0], [0, 0, 1, 1]]], [[[1, 0, 0, 0]]]])('refuses %j', (rows) => {
    expect(() => normalizeProjection(rows, INSIDE)).toThrow(/projection to have 3 x 4 finite numbers/);
  });
});

it('clipMatrix puts a point on the canvas where projection and view say, with depth from near to far', () => {
  const view = { width: 640, height: 360, photoToView: [[1.5, -0.4, 12], [0.4, 1.5, -7]] }, point = [31, -44, 25];
  const [x, y, z, w] = times(clipMatrix(projection, view, 700, 1100), point), [u, v] = project(projection, point);
  expect(((x! / w! + 1) / 2) * 640).toBeCloseTo(1.5 * u! - 0.4 * v! + 12, 9);
  expect(((1 - y! / w!) / 2) * 360).toBeCloseTo(0.4 * u! + 1.5 * v! - 7, 9);
  expect(w).toBeCloseTo(875, 9);
  const depthAt = (distance: number): number => {
    const clip = times(clipMatrix(projection, view, 700, 1100), [0, 0, 900 - distance]);
    return clip[2]! / clip[3]!;
  };
  expect([depthAt(700), depthAt(1100)]).toEqual([expect.closeTo(-1, 9), expect.closeTo(1, 9)]);
  expect(z! / w!).toBeGreaterThan(-1);
});

describe('turnMatrix', () => {
  it('does nothing at zero, keeps the pivot and all distances', () => {
    expect(times(turnMatrix(projection, INSIDE, { yaw: 0, pitch: 0 }), [1, 2, 3])).toEqual([1, 2, 3, 1].map((x) => expect.closeTo(x, 9)));
    const matrix = turnMatrix(projection, INSIDE, { yaw: 0.7, pitch: -0.3 });
    expect(times(matrix, INSIDE)).toEqual([...INSIDE, 1].map((x) => expect.closeTo(x, 9)));
    const a = times(matrix, [40, 5, 6]), b = times(matrix, [-3, 50, 80]);
    expect(Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!, a[2]! - b[2]!)).toBeCloseTo(Math.hypot(43, 45, 74), 9);
  });

  it('turns the nose to the right of the picture with yaw, and shows the head from above with pitch', () => {
    const nose = [INSIDE[0]!, INSIDE[1]!, INSIDE[2]! + 90], top = [INSIDE[0]!, INSIDE[1]! + 120, INSIDE[2]!];
    const turned = times(turnMatrix(projection, INSIDE, { yaw: 0.5, pitch: 0 }), nose);
    expect(project(projection, turned)[0]).toBeGreaterThan(project(projection, nose)[0]! + 20);
    const nodded = times(turnMatrix(projection, INSIDE, { yaw: 0, pitch: 0.5 }), top);
    expect(depthOf(projection, nodded)).toBeLessThan(depthOf(projection, top) - 40);
  });
});

it('photoCorners project onto the corners of the photograph', () => {
  const corners = photoCorners(projection, 300, 200, 885);
  const back = [0, 3, 6, 9].map((i) => project(projection, corners.subarray(i, i + 3) as unknown as number[]));
  expect(back).toEqual([[0, 0], [300, 0], [300, 200], [0, 200]].map((p) => p.map((x) => expect.closeTo(x, 2))));
  expect(depthOf(projection, Array.from(corners.subarray(6, 9)))).toBeCloseTo(885, 3);
});
