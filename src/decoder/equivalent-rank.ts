import { ArgumentError } from '../core/errors.ts';

/**
 * The PCA rank whose error equals `error`: between two measured ranks both logarithms are interpolated linearly; beyond the
 * first or last rank, that rank.
 *
 * @param ranks - Ascending.
 * @param errors - Of each rank, positive, descending.
 * @throws {@link ArgumentError} if there are none, or their numbers differ.
 */
export function equivalentRank(error: number, ranks: readonly number[], errors: readonly number[]): number {
  if (ranks.length === 0 || ranks.length !== errors.length) throw new ArgumentError('equivalentRank', 'errors', `one for each of ${ranks.length} ranks, at least one`, `${errors.length}`);
  const above = errors.findIndex((e) => e <= error);
  if (above < 0) return ranks.at(-1)!;
  if (above === 0) return ranks[0]!;
  const [r0, r1, e0, e1] = [ranks[above - 1]!, ranks[above]!, errors[above - 1]!, errors[above]!].map(Math.log) as [number, number, number, number];
  return Math.exp(r0 + (r1 - r0) * (e0 - Math.log(error)) / (e0 - e1));
}
