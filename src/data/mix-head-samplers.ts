import { ArgumentError } from '../core/errors.ts';
import type { HeadSampler } from './head-sampler.ts';

/**
 * Draws each head from one of two samplers of the same topology.
 *
 * @param share - How many of the second, in [0, 1].
 * @throws {@link ArgumentError} for another share, or samplers of different topologies.
 */
export function mixHeadSamplers(first: HeadSampler, second: HeadSampler, share: number): HeadSampler {
  const where = 'mixHeadSamplers';
  if (!(share >= 0 && share <= 1)) throw new ArgumentError(where, 'share', 'a number in [0, 1]', `${share}`);
  if (first.topology !== second.topology) throw new ArgumentError(where, 'samplers', 'one topology', 'two');
  return { topology: first.topology, reference: first.reference, sample: (random, options) => (random.uniform() < share ? second : first).sample(random, options) };
}
