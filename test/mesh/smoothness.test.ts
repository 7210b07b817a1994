import { expect, it } from 'vitest';
import { smoothness } from '../../src/mesh/smoothness.ts';
import { csrTimesDense } from '../../src/sparse/csr-times-dense.ts';
import { sheet, soup } from '../support/meshes.ts';
import { densify } from '../support/sparse.ts';

it('is symmetric and leaves constants alone, also on a soup with isolated vertices', () => {
  for (const mesh of [sheet(5, 4, (x, y) => Math.sin(x) + 0.1 * y * y), soup(30, 25, 3)]) {
    const S = smoothness(mesh), n = mesh.vertices.length / 3, dense = densify(S);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) expect(dense[i]![j]).toBeCloseTo(dense[j]![i]!, 12);
    for (const x of csrTimesDense(S, new Float64Array(n).fill(1), 1)) expect(x).toBeCloseTo(0, 12);
    for (let i = 0; i < n; i++) expect(dense[i]![i]).toBeGreaterThanOrEqual(0);
  }
});

it('finds a zigzag far rougher than a slope', () => {
  const mesh = sheet(8, 8), S = smoothness(mesh), energy = (field: (x: number, y: number) => number): number => {
    const x = Float64Array.from({ length: 64 }, (_, v) => field(v % 8, Math.floor(v / 8))), image = csrTimesDense(S, x, 1);
    return x.reduce((sum, value, i) => sum + value * image[i]!, 0);
  };
  expect(energy((x, y) => (x + y) % 2)).toBeGreaterThan(5 * energy((x) => x));
  expect(energy((x) => x)).toBeGreaterThan(0);
});

it('is |L x|^2 and a hundredth of the first-order form', () => {
  // An equilateral triangle and x = (1, 0, 0): L x = (1, -1/2, -1/2), x^T G x = 1.
  const mesh = { vertices: Float64Array.of(0, 0, 0, 1, 0, 0, 0.5, Math.sqrt(0.75), 0), faces: Int32Array.of(0, 1, 2) };
  expect(densify(smoothness(mesh))[0]![0]).toBeCloseTo(1.51, 12);
});
