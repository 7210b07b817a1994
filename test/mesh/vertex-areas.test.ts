import { expect, it } from 'vitest';
import { vertexAreas } from '../../src/mesh/vertex-areas.ts';
import { icosphere } from '../support/meshes.ts';

it('shares a triangle among its corners and leaves a vertex of no face without', () => {
  expect([...vertexAreas({ vertices: Float64Array.of(0, 0, 0, 3, 0, 0, 0, 0, 4, 9, 9, 9), faces: Int32Array.of(0, 1, 2) })]).toEqual([2, 2, 2, 0]);
});

it('adds up to the surface of a sphere, from below', () => {
  const total = vertexAreas(icosphere(4)).reduce((a, b) => a + b, 0);
  expect(total).toBeLessThan(4 * Math.PI);
  expect(total).toBeGreaterThan(4 * Math.PI * 0.99);
});
