import { expect, it } from 'vitest';
import { albedoAsymmetry, colorDistance, litSideExcess, mirrorColors, pairedVertices, symmetricColors } from '../../src/data/albedo-symmetry.ts';

/** Vertices 0 and 1 are a pair (left, right), 2 lies in the middle, 3 and 4 are a pair off the face. */
const topology = { mirror: Int32Array.from([1, 0, 2, 4, 3]), faceMask: Float32Array.from([1, 1, 1, 0.4, 0.4]) };
const vertices = [-1, 0, 0, 1, 0, 0, 0, 0, 1, -2, 0, 0, 2, 0, 0], grey = (...values: number[]): number[] => values.flatMap((x) => [x, x, x]);

it('turns colours to the other side, and back', () => {
  const colors = Float32Array.from({ length: 15 }, (_, i) => i);
  expect([...mirrorColors(colors, topology.mirror)]).toEqual([3, 4, 5, 0, 1, 2, 6, 7, 8, 12, 13, 14, 9, 10, 11]);
  expect(mirrorColors(mirrorColors(colors, topology.mirror), topology.mirror)).toEqual(colors);
  expect(() => mirrorColors([1, 2], topology.mirror)).toThrow(/mirrorColors: expected colors to have 15 numbers, three a vertex, got 2/);
});

it('measures the pairs of the face alone: neither its middle line nor what lies off it', () => {
  expect([...pairedVertices(topology)]).toEqual([0, 1]);
  expect(albedoAsymmetry(grey(0.2, 0.5, 0.9, 0, 1), topology)).toBeCloseTo(0.3, 6);
  expect(albedoAsymmetry([0.2, 0.2, 0.2, 0.2, 0.2, 0.5, ...grey(0, 0, 0)], topology)).toBeCloseTo(0.1, 6); // one channel of three
  expect(albedoAsymmetry(symmetricColors(grey(0.2, 0.5, 0.9, 0, 1), topology.mirror), topology)).toBe(0);
  expect(colorDistance(grey(0, 0.5, 1, 0, 0), grey(0.1, 0.9, 9, 0, 0), [0, 1])).toBeCloseTo(0.25, 12);
});

it('tells by how much the side of the light is brighter', () => {
  const colors = grey(0.2, 0.5, 0.9, 0, 1); // the right side, at +x, is brighter
  expect(litSideExcess(colors, topology, vertices, 0.4)).toBeCloseTo(0.3, 6);
  expect(litSideExcess(colors, topology, vertices, -0.4)).toBeCloseTo(-0.3, 6);
});
