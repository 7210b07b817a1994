import { expect, it } from 'vitest';
import { illuminationOf, lightKnobs } from '../../src/viewer/light-angles.ts';

const close = (numbers: readonly number[]): unknown[] => numbers.map((x) => expect.closeTo(x, 9));

it('is turned by its knobs and comes back', () => {
  const light = { lightPosition: [300, 500, 900], lightColor: [0.7, 0.6, 0.5], ambientColor: [0.3, 0.35, 0.4] }, pivot = [6, -10, 15], knobs = lightKnobs(light, pivot), back = illuminationOf(knobs, pivot);
  for (const key of ['lightPosition', 'lightColor', 'ambientColor'] as const) expect(back[key]).toEqual(close(light[key]));
  expect(knobs.strength).toBe(0.7);
  expect(Math.max(...knobs.ambientColor)).toBe(1);
  expect(illuminationOf({ ...knobs, azimuth: Math.PI / 2, elevation: 0, distance: 100 }, pivot).lightPosition).toEqual(close([106, -10, 15]));
});

it('takes a light that is off', () => {
  expect(illuminationOf(lightKnobs({ lightPosition: [0, 0, 10], lightColor: [0, 0, 0], ambientColor: [0, 0, 0] }, [0, 0, 0]), [0, 0, 0]).lightColor).toEqual([0, 0, 0]);
});
