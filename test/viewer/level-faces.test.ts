import { expect, it } from 'vitest';
import { buildHierarchy } from '../../src/mesh/hierarchy.ts';
import { hierarchyLevels } from '../../src/viewer/level-faces.ts';
import { colouredEgg } from '../support/viewer.ts';

it('names the vertices of every level as the input does', () => {
  const mesh = colouredEgg(), hierarchy = buildHierarchy(mesh, { levels: 3, factor: 3 }), levels = hierarchyLevels(hierarchy);
  expect(levels.map(({ vertexCount }) => vertexCount)).toEqual(hierarchy.levels.map(({ vertices }) => vertices.length / 3));
  expect(levels[0]!.faces).toEqual(mesh.faces);
  for (const [i, { faces }] of levels.entries()) {
    const level = hierarchy.levels[i]!;
    faces.forEach((v, corner) => {
      for (let k = 0; k < 3; k++) expect(mesh.vertices[3 * v + k]).toBe(level.vertices[3 * level.faces[corner]! + k]);
    });
  }
});
