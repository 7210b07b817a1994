import { expect, it } from 'vitest';
import { bestFirst } from '../../src/detector/best-first.ts';

it('orders rows by score, equal scores by row, and cuts', () => {
  expect([...bestFirst([0.5, 0.9, 0.5, 0.1, 0.9])]).toEqual([1, 4, 0, 2, 3]);
  expect([...bestFirst([0.9, 0.9, 0.5])]).toEqual([0, 1, 2]);
  expect([...bestFirst([0.1, 0.2, 0.3], 2)]).toEqual([2, 1]);
  expect([...bestFirst([])]).toEqual([]);
});
