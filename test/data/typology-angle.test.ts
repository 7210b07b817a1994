import { expect, it } from 'vitest';
import { skinColor, skinVertices } from '../../src/data/skin-color.ts';
import { typologyAngle, typologyClass } from '../../src/data/typology-angle.ts';

it('gives the angle of known colours', () => {
  // The colour checker's skins: atan((37.99 - 50) / 14.06) = -40.5 and atan((65.71 - 50) / 17.81) = 41.4 degrees.
  expect(Math.abs(typologyAngle([115 / 255, 82 / 255, 68 / 255]) + 40.5)).toBeLessThan(2);
  expect(Math.abs(typologyAngle([194 / 255, 150 / 255, 130 / 255]) - 41.4)).toBeLessThan(2);
  expect(typologyAngle([0.9, 0.75, 0.65])).toBeGreaterThan(55);
  // Beyond the pole it goes on, and does not jump to -90.
  expect(typologyAngle([0.8, 0.8, 0.81])).toBeGreaterThan(90);
  expect(typologyAngle([0.8, 0.8, 0.79])).toBeLessThan(90);
});

it('names the usual classes, whose lower edge belongs to the next', () => {
  expect([70, 55, 41.1, 41, 28, 10, -29, -30, -80].map(typologyClass)).toEqual(['very light', 'light', 'light', 'intermediate', 'tan', 'brown', 'brown', 'dark', 'dark']);
});

it('takes the colour of the skin alone: no brows, lips or ears, and nothing off the face', () => {
  const topology = { faceMask: Float32Array.from([1, 1, 1, 0.2, 0.6]), region: Uint8Array.from([0, 1, 3, 0, 0]) };
  expect([...skinVertices(topology)]).toEqual([0, 4]);
  expect(skinColor([0.2, 0.4, 0.6, 9, 9, 9, 9, 9, 9, 9, 9, 9, 0.4, 0.6, 0.8], topology)).toEqual([expect.closeTo(0.3, 12), expect.closeTo(0.5, 12), expect.closeTo(0.7, 12)]);
  expect(() => skinColor([1, 2, 3], topology)).toThrow(/skinColor: expected colors to have 15 numbers, three a vertex, got 3/);
});
