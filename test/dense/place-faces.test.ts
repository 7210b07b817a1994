import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cropToPhoto } from '../../src/dense/crop-frame.ts';
import { photoProjection, projectPoint } from '../../src/dense/photo-projection.ts';
import { type FaceGroup, type FittedMesh, placeFaces } from '../../src/dense/place-faces.ts';
import { icosphere } from '../support/meshes.ts';

const vertices = Float64Array.from(icosphere(3).vertices, (x, i) => x * [70, 95, 80][i % 3]! + [3, -10, 25][i % 3]!);

/** As a fit finds it: a camera at `distance` mm before a crop of `side` photo pixels, turned with the head. */
function fitted(center: readonly [number, number], side: number, { distance = 1000, yaw = 0, roll = 0 } = {}): FittedMesh {
  const lookAt = [4, -6, 20], eye = [lookAt[0]! + distance * Math.sin(yaw), lookAt[1]!, lookAt[2]! + distance * Math.cos(yaw)];
  return { vertices, projection: photoProjection({ eye, lookAt, focalLength: distance / 110 }, cropToPhoto({ center, side, roll }, 128), 128) };
}

/** Pixels of the vertices as a glTF viewer sees them: the node's matrix, OpenGL's projection. */
function seen({ camera, placements }: FaceGroup, index: number, width: number, height: number): [number, number][] {
  const { matrix: m } = placements[index]!, cot = 1 / Math.tan(camera.yfov / 2);
  return Array.from({ length: vertices.length / 3 }, (_, v) => {
    const [x, y, z] = [0, 1, 2].map((k) => m[k]! * vertices[3 * v]! + m[4 + k]! * vertices[3 * v + 1]! + m[8 + k]! * vertices[3 * v + 2]! + m[12 + k]!) as [number, number, number];
    expect(-z).toBeGreaterThan(camera.znear);
    expect(-z).toBeLessThan(camera.zfar);
    return [(1 + (cot / camera.aspect) * (x / -z)) * width / 2, (1 - cot * (y / -z)) * height / 2];
  });
}

it('shows each mesh where its own camera does, to the error that it states', () => {
  const [W, H] = [1200, 700], meshes = [fitted([300, 200], 260, { yaw: 0.5, roll: 0.3 }), fitted([900, 380], 200, { yaw: -0.4, roll: -0.5, distance: 1400 }), fitted([1150, 90], 90)], group = placeFaces(meshes, W, H);
  meshes.forEach(({ projection }, i) => {
    const { error, matrix } = group.placements[i]!, off = seen(group, i, W, H).map(([x, y], v) => {
      const [u, w] = projectPoint(projection, vertices, 3 * v);
      return Math.hypot(x - u, y - w);
    });
    expect(Math.max(...off)).toBeCloseTo(error.max, 6);
    expect(Math.sqrt(off.reduce((sum, d) => sum + d * d, 0) / off.length)).toBeCloseTo(error.rms, 6);
    expect(error.rms).toBeLessThan(0.015 * [260, 200, 90][i]!);
    // A rotation: millimetres stay millimetres.
    for (const k of [0, 4, 8]) expect(Math.hypot(matrix[k]!, matrix[k + 1]!, matrix[k + 2]!)).toBeCloseTo(1, 9);
  });
  // The smaller a face, the farther it stands.
  const depths = group.placements.map(({ matrix }) => -matrix[14]!);
  expect(depths[2]).toBeGreaterThan(2 * depths[0]!);
});

it('is exact where the cameras are one', () => {
  // One camera with its axis through the middle: two heads side by side before it, each with the projection it has there.
  const focal = 900, [W, H] = [900, 600], share = 1, at = (x: number, z: number): FittedMesh => ({ vertices, projection: [[focal, 0, -W / 2, focal * x + (W / 2) * z], [0, -focal, -H / 2, (H / 2) * z], [0, 0, -1, z]] });
  const group = placeFaces([at(-150, 1100), at(200, 1500)], W, H);
  expect(2 * Math.atan(H / 2 / (share * W))).toBeCloseTo(group.camera.yfov, 12);
  for (const { error } of group.placements) expect(error.max).toBeLessThan(1e-5);
  [[-150, -1100], [200, -1500]].forEach(([x, z], i) => { expect(group.placements[i]!.matrix).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, x, 0, z, 1].map((value) => expect.closeTo(value!, 3) as number)); });
});

it('stays finite for any attitude and place', () => {
  const unit = fc.double({ min: -1, max: 1, noNaN: true });
  fc.assert(fc.property(unit, unit, unit, unit, (x, y, yaw, roll) => {
    const { placements } = placeFaces([fitted([500 + 600 * x, 400 + 500 * y], 150, { yaw: 1.2 * yaw, roll: 3 * roll }), fitted([500, 400], 300)], 1000, 800);
    for (const { matrix, error } of placements) {
      expect(matrix.every(Number.isFinite)).toBe(true);
      expect(error.rms).toBeLessThan(6);
    }
  }), { numRuns: 30, seed: 5 });
});

it('names what is wrong', () => {
  expect(() => placeFaces([], 10, 10)).toThrow(/placeFaces: expected meshes to have at least one, got none/);
  expect(() => placeFaces([{ vertices, projection: [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, -500]] }], 10, 10)).toThrow(/expected projection to have the mesh before its camera, got a depth of -500 mm/);
});
