import { bootstrapInterval } from './bootstrap-interval.ts';
import type { PortraitScore } from './evaluate-portrait.ts';
import { quantile } from './portrait-protocol.ts';

/** The figures of a score that are summed up. */
export const PORTRAIT_FIGURES = ['nme', 'nmeInner', 'nmeTightBox', 'nmeInnerTightBox', 'nmeEyes', 'nmeInnerEyes', 'colorDifference', 'coverage', 'seconds'] as const;
export type PortraitFigure = (typeof PORTRAIT_FIGURES)[number];

/** Medians and 90 % quantiles over portraits. */
export interface PortraitSummary {
  readonly count: number;
  readonly median: Readonly<Record<PortraitFigure, number>>;
  /** Percentile interval of each median by the bootstrap: 2,000 resamples of the portraits. */
  readonly interval95: Readonly<Record<PortraitFigure, readonly [low: number, high: number]>>;
  readonly quantile90: Readonly<Record<PortraitFigure, number>>;
  /** Share of portraits whose `nme` exceeds {@link LARGE_NME}. */
  readonly over8: number;
  /** Portraits whose mask covers less than 90 % of the hull of the reference points: their colour difference counts as 1. */
  readonly undercovered: number;
}

/** Of the square root of the label's area: beyond it a fit has missed the face. */
export const LARGE_NME = 0.08;

/** Share of the points' hull that a mask must cover: who covers less could choose the pixels that it is compared on. */
const LEAST_COVERAGE = 0.9;

/** A figure by the protocol: a fit that leaves out part of the face has failed in its colours. */
export const figureOf = (score: PortraitScore, figure: PortraitFigure): number => (figure === 'colorDifference' && score.coverage < LEAST_COVERAGE ? 1 : score[figure]);

/** A fit that did not come about: everything counts as 1, and nothing is covered. */
export const failedScore = (file: string, seconds: number): PortraitScore =>
  ({ file, nme: 1, nmeInner: 1, nmeTightBox: 1, nmeInnerTightBox: 1, nmeEyes: 1, nmeInnerEyes: 1, colorDifference: 1, coverage: 0, seconds });

/** @throws ArgumentError if there is no score. */
export function summarizePortraits(scores: readonly PortraitScore[]): PortraitSummary {
  const each = <T>(make: (values: Float64Array) => T): Record<PortraitFigure, T> =>
    Object.fromEntries(PORTRAIT_FIGURES.map((figure) => [figure, make(Float64Array.from(scores, (score) => figureOf(score, figure)))])) as Record<PortraitFigure, T>;
  return {
    count: scores.length, median: each((values) => quantile(values, 0.5)), interval95: each((values) => bootstrapInterval(values.length, (members) => quantile(Float64Array.from(members, (i) => values[i]!), 0.5))),
    quantile90: each((values) => quantile(values, 0.9)), over8: scores.filter(({ nme }) => nme > LARGE_NME).length / scores.length, undercovered: scores.filter(({ coverage }) => coverage < LEAST_COVERAGE).length,
  };
}

/** A point of the cumulative curve: the shares of portraits with an error of at most `error`, of all 68 points and without the outline. */
export interface CumulativeError {
  readonly error: number;
  readonly all: number;
  readonly inner: number;
}

const CURVE_STEPS = 200, CURVE_END = 0.1;

/** The cumulative curve of errors over the square root of the label's area, from 0 to a tenth. */
export function cumulativeErrors(scores: readonly PortraitScore[]): CumulativeError[] {
  const share = (of: 'nme' | 'nmeInner', error: number): number => scores.filter((score) => score[of] <= error).length / scores.length;
  return Array.from({ length: CURVE_STEPS + 1 }, (_, i) => (i * CURVE_END) / CURVE_STEPS).map((error) => ({ error, all: share('nme', error), inner: share('nmeInner', error) }));
}
