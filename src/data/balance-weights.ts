import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';

/** Options of {@link balanceWeights}. */
export interface BalanceOptions {
  /** Bins of equal width. */
  readonly bins: number;
  /** The greatest weight; the mean weight is 1. */
  readonly maxWeight: number;
  /** Share of the members on each side that lies beyond the bins' range and counts to the outer ones. */
  readonly tail: number;
}

export const BALANCE_DEFAULTS: BalanceOptions = { bins: 5, maxWeight: 4, tail: 0.02 };

/** What {@link balanceWeights} found. */
export interface BalanceWeights {
  /** `[N]`, mean 1. */
  readonly weights: Float64Array;
  /** `[N]` each member's bin. */
  readonly bin: Int32Array;
  /** `[bins - 1]` between neighbouring bins. */
  readonly edges: readonly number[];
  /** `[bins]` members. */
  readonly counts: readonly number[];
}

/**
 * Weights with which each bin of a quantity counts alike, as far as `maxWeight` lets the rare ones: `w = min(maxWeight, c / members of the bin)`, with the c that makes the mean weight 1. Empty bins count for
 * nothing.
 *
 * @param values - `[N]` of each member, e.g. its typology angle.
 * @throws {@link ArgumentError} if there is none, one is not finite, or an option does not fit.
 */
export function balanceWeights(values: ArrayLike<number>, options?: Partial<BalanceOptions>): BalanceWeights {
  const where = 'balanceWeights', { bins, maxWeight, tail } = resolveOptions(where, BALANCE_DEFAULTS, options), N = values.length, sorted = Float64Array.from(values).sort();
  const stray = Array.prototype.findIndex.call(values, (x: number) => !Number.isFinite(x));
  if (N === 0) throw new ArgumentError(where, 'values', 'at least one number', 'none');
  if (stray >= 0) throw new ArgumentError(where, `values[${stray}]`, 'a finite number', String(values[stray]));
  if (!(Number.isInteger(bins) && bins >= 1)) throw new ArgumentError(where, 'bins', 'a whole number of at least 1', String(bins));
  if (!(maxWeight >= 1)) throw new ArgumentError(where, 'maxWeight', 'a number of at least 1', String(maxWeight));
  if (!(tail >= 0 && tail < 0.5)) throw new ArgumentError(where, 'tail', 'a share from 0 to below a half', String(tail));
  const low = sorted[Math.floor(tail * (N - 1))]!, high = sorted[Math.ceil((1 - tail) * (N - 1))]!;
  const edges = Array.from({ length: bins - 1 }, (_, k) => low + ((k + 1) * (high - low)) / bins), bin = Int32Array.from({ length: N }, (_, i) => edges.filter((edge) => values[i]! >= edge).length);
  const counts = new Array<number>(bins).fill(0);
  for (const k of bin) counts[k]!++;
  const share = evenShare(counts, maxWeight);
  return { weights: Float64Array.from(bin, (k) => Math.min(maxWeight, share / counts[k]!)), bin, edges, counts };
}

/** The c of {@link balanceWeights}: what every bin that is not held back by the limit weighs. */
function evenShare(counts: readonly number[], maxWeight: number): number {
  const members = counts.reduce((a, b) => a + b, 0), rising = counts.filter((n) => n > 0).sort((a, b) => a - b);
  // Rare bins reach the limit first: the share grows as they are taken out one by one.
  for (let held = 0, heldMembers = 0; held < rising.length; heldMembers += rising[held]!, held++) {
    const share = (members - maxWeight * heldMembers) / (rising.length - held);
    if (share <= maxWeight * rising[held]!) return share;
  }
  return Infinity; // every bin at the limit: only where it is 1
}
