import { expect, it } from 'vitest';
import { isHeldOut, isInSplit, spread } from '../../src/cli/portrait-folder.ts';

it('spreads evenly, begins where it is told, and takes each but once', () => {
  const list = Array.from({ length: 10 }, (_, i) => i);
  expect(spread(list, 3)).toEqual([0, 3, 6]);
  expect(spread(list, 3, 5)).toEqual([5, 8, 1]);
  expect(spread(list, 10)).toEqual(list);
  expect(spread(list, 1000)).toEqual(list);
  expect(spread([], 3)).toEqual([]);
});

it('holds one file in five out, the same ones always', () => {
  const held = Array.from({ length: 1000 }, (_, i) => `${i}.jpg`).filter(isHeldOut);
  expect(held.length).toBeGreaterThan(150);
  expect(held.length).toBeLessThan(250);
  expect(Array.from({ length: 12 }, (_, i) => Number(isHeldOut(`${10 + i}.jpg`))).join('')).toBe('000000000100');
});

it('splits into held-out and training, the two people of the test photographs held out', () => {
  const files = ['18.jpg', '19.jpg', 'B000444.jpg', 'O000167.jpg'], of = (split: Parameters<typeof isInSplit>[1]): string[] => files.filter((file) => isInSplit(file, split));
  expect(of('all')).toEqual(files);
  expect(of('held-out')).toEqual(['19.jpg', 'B000444.jpg', 'O000167.jpg']);
  expect(of('training')).toEqual(['18.jpg']);
  expect(files.slice(2).some(isHeldOut)).toBe(false); // by their names alone they would not be
});
