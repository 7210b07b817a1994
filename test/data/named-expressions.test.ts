import { expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';
import { sampleIctExpression } from '../../src/data/ict-expression.ts';
import { NAMED_EXPRESSIONS } from '../../src/data/named-expressions.ts';

it('is made of expressions that training draws, in [0, 1], rest first', () => {
  const drawn = new Set(Array.from({ length: 4000 }, (_, i) => [...sampleIctExpression(createRandom(i)).keys()]).flat());
  expect(Object.keys(NAMED_EXPRESSIONS)[0]).toBe('at rest');
  for (const each of Object.values(NAMED_EXPRESSIONS)) for (const [name, strength] of Object.entries(each)) expect([name, drawn.has(name), strength > 0 && strength <= 1]).toEqual([name, true, true]);
  expect(NAMED_EXPRESSIONS['at rest']).toEqual({});
});
