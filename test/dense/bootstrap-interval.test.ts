import { expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';
import { bootstrapInterval } from '../../src/dense/bootstrap-interval.ts';
import { quantile } from '../../src/dense/portrait-protocol.ts';

it('gives the interval of a mean that theory gives, the same for the same seed', () => {
  const random = createRandom(4), values = Float64Array.from({ length: 200 }, () => random.normal(5, 2)), mean = values.reduce((sum, x) => sum + x, 0) / 200;
  const error = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 200 / 200), statistic = (members: Int32Array): number => members.reduce((sum, i) => sum + values[i]!, 0) / 200;
  const [low, high] = bootstrapInterval(200, statistic);
  expect(Math.abs(low - (mean - 1.96 * error))).toBeLessThan(0.15 * error);
  expect(Math.abs(high - (mean + 1.96 * error))).toBeLessThan(0.15 * error);
  expect(bootstrapInterval(200, statistic)).toEqual([low, high]);
  expect(bootstrapInterval(200, statistic, { seed: 1 })).not.toEqual([low, high]);
  const [narrowLow, narrowHigh] = bootstrapInterval(200, statistic, { level: 0.5 });
  expect(narrowHigh - narrowLow).toBeLessThan(0.5 * (high - low));
});

it('holds the median between two values of the sample, and of one value is that value', () => {
  const values = [1, 2, 3, 4, 5, 6, 7, 8, 9], median = (members: Int32Array): number => quantile(Float64Array.from(members, (i) => values[i]!), 0.5);
  // The median of nine draws is at most k where five or more of them are: with a probability of 3.0 % for k = 2, of 14.5 % for k = 3.
  expect(bootstrapInterval(9, median, { level: 0.9 })).toEqual([3, 7]);
  expect(bootstrapInterval(1, median)).toEqual([1, 1]);
});

it('refuses what gives no interval', () => {
  expect(() => bootstrapInterval(0, () => 0)).toThrow(/at least one member/);
  expect(() => bootstrapInterval(3, () => 0, { resamples: 0.5 })).toThrow(/resamples .*at least 1/);
  expect(() => bootstrapInterval(3, () => 0, { level: 1 })).toThrow(/level .*between 0 and 1/);
});
