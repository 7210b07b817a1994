import { expect, it } from 'vitest';
import { errorColor } from '../../src/cli/error-map.ts';

const light = (color: readonly number[]): number => 0.3 * color[0]! + 0.6 * color[1]! + 0.1 * color[2]!;

it('grows lighter with the distance up to the end of the scale, and is grey without one', () => {
  const scale = [0, 0.2, 0.5, 0.9, 1.3, 2].map((d) => light(errorColor(d, 2)));
  for (let i = 1; i < scale.length; i++) expect(scale[i]).toBeGreaterThan(scale[i - 1]!);
  expect(errorColor(9, 2)).toEqual(errorColor(2, 2));
  const [r, g, b] = errorColor(NaN, 2) as [number, number, number];
  expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThan(0.05);
});
