import { expect, it } from 'vitest';
import { createBorderTest } from '../../src/mesh/border-test.ts';
import { createClosestPoint } from '../../src/mesh/closest-point.ts';
import { faceNormals } from '../../src/mesh/face-normals.ts';
import { flippedFaces } from '../../src/mesh/flipped-faces.ts';
import { createSurfaceMatcher } from '../../src/mesh/match-surface.ts';
import { sheet } from '../support/meshes.ts';

const LIMITS = { minCosine: 0.5, maxDistance: 1 };
const surface = sheet(4, 5);

it('matches vertices above the surface, not those beyond its border, too far or unwanted', () => {
  const mesh = { vertices: Float64Array.of(1.2, 1.1, 0.5, 2, 1, 0.25, 4.5, 1, 0, 2, 2, 0.5, 1, 2, 3), faces: Int32Array.of(0, 1, 3, 0, 1, 4, 1, 2, 3) };
  const found = createSurfaceMatcher(surface)(mesh, { minCosine: -2, maxDistance: 1 }, [1, 1, 1, 0, 1]);
  expect(found.map((point) => point?.distance ?? null)).toEqual([0.5, 0.25, null, null, null]);
});

it('matches nothing that faces the other way', () => {
  const mesh = { vertices: Float64Array.of(1, 1, 0.5, 2, 1, 0.5, 1, 2, 0.5), faces: Int32Array.of(0, 1, 2) }, turned = { ...mesh, faces: Int32Array.of(0, 2, 1) };
  expect(createSurfaceMatcher(surface)(mesh, LIMITS).map((point) => point?.distance)).toEqual([0.5, 0.5, 0.5]);
  expect(createSurfaceMatcher(surface)(turned, LIMITS)).toEqual([null, null, null]);
});

it('tells the border of a surface from its inner edges and vertices', () => {
  const closest = createClosestPoint(surface), onBorder = createBorderTest(surface.faces);
  expect([[-1, 1.5], [2.5, 9], [-1, -1], [0, 1]].map(([x, y]) => onBorder(closest(x!, y!, 0.1)))).toEqual([true, true, true, true]);
  expect([[1, 1], [1.5, 1], [0.2, 0.3], [1.5, 1.5]].map(([x, y]) => onBorder(closest(x!, y!, 0.1)))).toEqual([false, false, false, false]);
});

it('finds the nearest of the faces accepted, and none where none is', () => {
  const closest = createClosestPoint(surface), { face, distance } = closest(1.2, 1.1, 0, (f) => f >= 20);
  expect(face).toBeGreaterThanOrEqual(20);
  expect(distance).toBeGreaterThan(0.8);
  expect(closest(1, 1, 0, () => false)).toEqual({ face: -1, corners: [0, 0, 0], weights: [1, 0, 0], distance: Infinity });
});

it('finds faces turned over or left without area, and none where a mesh is only moved', () => {
  const moved = surface.vertices.map((x, i) => 2 * x + i % 3), bad = surface.vertices.slice();
  bad[3 * 6] = 3.5; // past its neighbours at x = 2 and 3
  expect(flippedFaces(surface, moved)).toEqual([]);
  expect(flippedFaces(surface, bad).length).toBeGreaterThan(0);
  expect(flippedFaces(surface, new Float64Array(surface.vertices.length))).toHaveLength(surface.faces.length / 3);
  expect(flippedFaces({ vertices: new Float64Array(9), faces: Int32Array.of(0, 1, 2) }, [0, 0, 0, 1, 0, 0, 0, 1, 0])).toEqual([]);
});

it('gives faces unit normals, zero without area', () => {
  expect([...faceNormals({ vertices: Float64Array.of(0, 0, 0, 2, 0, 0, 0, 3, 0), faces: Int32Array.of(0, 1, 2, 2, 1, 0, 0, 1, 1) })]).toEqual([0, 0, 1, 0, 0, -1, 0, 0, 0]);
});
