import { bootstrapInterval } from './bootstrap-interval.ts';
import { quantile } from './portrait-protocol.ts';

/** A figure: its median and the percentile interval of that by the bootstrap, 2,000 resamples. */
export interface Figure {
  readonly median: number;
  readonly interval95: readonly [low: number, high: number];
}

/** The {@link Figure} of a sample. */
export const medianFigure = (values: ArrayLike<number>): Figure =>
  ({ median: quantile(values, 0.5), interval95: bootstrapInterval(values.length, (members) => quantile(Float64Array.from(members, (i) => values[i]!), 0.5)) });
