import { expect, it } from 'vitest';
import { visibleVertices } from '../../src/mesh/visible-vertices.ts';
import { icosphere, joined } from '../support/meshes.ts';

const axes = [[1, 0, 0], [0, 1, 0], [0, 0, 1]] as const;

it('sees the near half of a sphere and nothing inside it', () => {
  const outer = icosphere(3), inner = { ...icosphere(2), vertices: icosphere(2).vertices.map((x) => x / 2) }, mesh = joined(outer, inner), seen = visibleVertices(mesh, { axes, center: [0, 0, 0], half: 1.2 });
  const n = outer.vertices.length / 3;
  for (let v = 0; v < n; v++) {
    if (outer.vertices[3 * v + 2]! > 0.25) expect(seen[v], `vertex ${v}`).toBe(1);
    if (outer.vertices[3 * v + 2]! < -0.25) expect(seen[v], `vertex ${v}`).toBe(0);
  }
  expect(seen.subarray(n).every((x) => x === 0)).toBe(true);
});

it('sees the other half from behind, nothing outside the window, and all of a mesh without faces', () => {
  const ball = icosphere(3), back = visibleVertices(ball, { axes: [[-1, 0, 0], [0, 1, 0], [0, 0, -1]], center: [0, 0, 0], half: 1.2 }), small = visibleVertices(ball, { axes, center: [0, 0, 0], half: 0.5 });
  for (let v = 0; v < back.length; v++) {
    if (ball.vertices[3 * v + 2]! < -0.25) expect(back[v]).toBe(1);
    if (Math.max(Math.abs(ball.vertices[3 * v]!), Math.abs(ball.vertices[3 * v + 1]!)) > 0.5) expect(small[v]).toBe(0);
  }
  expect(visibleVertices({ ...ball, faces: new Int32Array(0) }, { axes, center: [0, 0, 0], half: 1.2 }).every((x) => x === 1)).toBe(true);
});
