import { expect, it } from 'vitest';
import { boxDiagonal, hierarchyErrors } from '../../src/mesh/hierarchy-errors.ts';
import { buildHierarchy } from '../../src/mesh/hierarchy.ts';
import { icosphere, sheet } from '../support/meshes.ts';

it('measures what going down and back up loses: nothing on a flat sheet, more on a sphere with every level', () => {
  const flat = hierarchyErrors(buildHierarchy(sheet(9, 9), { levels: 2 }));
  expect(flat.map(({ vertices }) => vertices)).toEqual([81, 21, 6]);
  for (const { max } of flat) expect(max).toBeLessThan(1e-5);
  const round = hierarchyErrors(buildHierarchy(icosphere(3), { levels: 3 }));
  expect(round[0]).toEqual({ vertices: 642, faces: 1280, mean: 0, max: 0 });
  for (const [i, { mean, max }] of round.entries()) {
    if (i === 0) continue;
    expect(mean).toBeGreaterThan(2 * round[i - 1]!.mean);
    expect(max).toBeGreaterThan(mean);
  }
  // Chained through all finer levels: a sphere of 11 vertices lies as far inside as its facets do.
  expect(round[3]!.mean).toBeGreaterThan(0.05);
  expect(round[3]!.max).toBeLessThan(0.6);
});

it('boxDiagonal is the length across', () => {
  expect(boxDiagonal([0, 0, 0, 2, 3, 6])).toBe(7);
  expect(boxDiagonal([])).toBe(0);
});
