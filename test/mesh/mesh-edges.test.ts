import { expect, it } from 'vitest';
import { meshEdges } from '../../src/mesh/mesh-edges.ts';
import { icosphere } from '../support/meshes.ts';

it('names each edge once, with the vertices opposite', () => {
  expect([...meshEdges(Int32Array.of(0, 1, 2, 2, 1, 3))]).toEqual([0, 1, 2, -1, 1, 2, 0, 3, 0, 2, 1, -1, 1, 3, 2, -1, 2, 3, 1, -1]);
});

it('a closed mesh has two faces at every edge', () => {
  const { faces } = icosphere(2), edges = meshEdges(faces);
  expect(edges.length / 4).toBe(faces.length / 2);
  expect(Math.min(...edges)).toBe(0);
});

it('an edge of three faces takes two rows', () => {
  const rows = [...meshEdges(Int32Array.of(0, 1, 2, 1, 0, 3, 0, 1, 4))];
  expect(rows.slice(0, 8)).toEqual([0, 1, 2, 3, 0, 1, 4, -1]);
});

it('leaves out sides of a vertex to itself and faces without three vertices', () => {
  expect([...meshEdges(Int32Array.of(0, 0, 1, 2, 2, 2))]).toEqual([]);
});
