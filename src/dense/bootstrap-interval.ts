import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import { createRandom } from '../core/random.ts';
import { quantile } from './portrait-protocol.ts';

/** Options of {@link bootstrapInterval}. */
export interface BootstrapOptions {
  readonly resamples: number;
  readonly seed: number;
  /** Share of resamples between the two ends. */
  readonly level: number;
}

export const BOOTSTRAP_DEFAULTS: BootstrapOptions = { resamples: 2000, seed: 0, level: 0.95 };

/**
 * The percentile interval of a statistic by the bootstrap: between which values it lies on most samples drawn with replacement from those that there are.
 *
 * Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, section 13.3.
 *
 * @param count - Size of the sample. The same count and options draw the same samples: figures of the same photographs are drawn in pairs.
 * @param statistic - Of the sample with these members, `[count]` indices, some twice and some absent.
 * @throws {@link ArgumentError} if the sample is empty or an option does not fit.
 */
export function bootstrapInterval(count: number, statistic: (members: Int32Array) => number, options?: Partial<BootstrapOptions>): [low: number, high: number] {
  const where = 'bootstrapInterval', { resamples, seed, level } = resolveOptions(where, BOOTSTRAP_DEFAULTS, options), random = createRandom(seed), members = new Int32Array(count);
  if (!(count >= 1)) throw new ArgumentError(where, 'count', 'at least one member', String(count));
  if (!(Number.isInteger(resamples) && resamples >= 1)) throw new ArgumentError(where, 'resamples', 'a whole number of at least 1', String(resamples));
  if (!(level > 0 && level < 1)) throw new ArgumentError(where, 'level', 'a share between 0 and 1', String(level));
  const values = Float64Array.from({ length: resamples }, () => statistic(members.map(() => random.integer(count))));
  return [quantile(values, (1 - level) / 2), quantile(values, (1 + level) / 2)];
}
