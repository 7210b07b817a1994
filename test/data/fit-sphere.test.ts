import { expect, it } from 'vitest';
import { fitSphere } from '../../src/data/fit-sphere.ts';
import { icosphere } from '../support/meshes.ts';

it('finds centre and radius of a part of a sphere far from the origin', () => {
  const { vertices } = icosphere(2), cap = [...vertices].flatMap((_, i) => (i % 3 === 0 && vertices[i + 2]! > 0.5 ? [15 * vertices[i]! + 300, 15 * vertices[i + 1]! - 20, 15 * vertices[i + 2]! + 80] : []));
  const { centre, radius } = fitSphere(cap);
  expect([...centre, radius]).toEqual([300, -20, 80, 15].map((x) => expect.closeTo(x, 8)));
});

it('refuses points in one plane', () => {
  expect(() => fitSphere([0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0])).toThrow(/Cholesky: expected matrix to have positive pivots/);
});
