import { ArgumentError } from '../core/errors.ts';
import type { HeadSampler } from './head-sampler.ts';

/**
 * Draws each head from one of two samplers of the same mesh; landmarks and all else of the topology are the second's.
 *
 * @param share - How many of the second, in [0, 1].
 * @throws {@link ArgumentError} for another share, or samplers of different meshes.
 */
export function mixHeadSamplers(first: HeadSampler, second: HeadSampler, share: number): HeadSampler {
  const where = 'mixHeadSamplers';
  if (!(share >= 0 && share <= 1)) throw new ArgumentError(where, 'share', 'a number in [0, 1]', `${share}`);
  if (first.topology.faces !== second.topology.faces) throw new ArgumentError(where, 'samplers', 'the faces of one topology', 'those of two');
  return { topology: second.topology, reference: first.reference, sample: (random, options) => (random.uniform() < share ? second : first).sample(random, options) };
}
