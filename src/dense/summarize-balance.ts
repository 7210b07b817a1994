import { ArgumentError } from '../core/errors.ts';
import { cielab } from '../core/cielab.ts';
import { typologyClass } from '../data/typology-angle.ts';
import { bootstrapInterval } from './bootstrap-interval.ts';
import { type Figure, medianFigure } from './median-figure.ts';
import { quantile } from './portrait-protocol.ts';
import type { Rgb, SkinReading } from './read-skin.ts';

/** One fitted portrait, as far as balance is concerned. */
export interface ToneScore {
  readonly file: string;
  /** Typology angle of the fitted skin, degrees. */
  readonly angle: number;
  readonly skin: SkinReading;
  /** By the protocol on portraits. */
  readonly colorDifference: number;
  readonly nme: number;
}

/** Names of the figures of a bin. */
export const TONE_FIGURES = ['colorDifference', 'relativeDifference', 'nme', 'shiftOwnLight', 'shiftCommonLight', 'lighterThanCommonLight'] as const;
export type ToneFigure = (typeof TONE_FIGURES)[number];

/** Portraits of neighbouring typology angles. */
export interface ToneBin {
  /** Degrees: the least, the median and the greatest angle in it. */
  readonly angles: readonly [least: number, median: number, greatest: number];
  /** The usual name of its median angle's class. */
  readonly class: string;
  readonly count: number;
  readonly figures: Readonly<Record<ToneFigure, Figure>>;
  /** Its median relative difference over that of all, and the interval of this ratio. */
  readonly ratio: Figure;
}

/** What {@link summarizeBalance} finds. */
export interface BalanceSummary {
  readonly count: number;
  readonly overall: Readonly<Record<ToneFigure, Figure>>;
  /** Darkest first. */
  readonly bins: readonly ToneBin[];
  /** Position in `bins` of the largest ratio. */
  readonly worst: number;
  /** The light that is divided out of every photograph for the figures named after it: the medians of all fitted lights. */
  readonly commonLight: Rgb;
  /** Of the skin's L* over the portraits: standard deviations of the fitted one and of the photograph's under the common light, and their correlation. */
  readonly spread: { readonly fitted: number; readonly commonLight: number; readonly correlation: number };
}

/** Largest ratio of a bin's relative difference to the overall one that counts as balanced. */
export const BALANCE_BAR = 1.3;

/**
 * Errors by skin tone: portraits in order of the typology angle of their fitted skin, cut into bins of equal size (a fixed class may be empty or hold three portraits, whose median says nothing).
 *
 * With L*(x) the lightness of a skin colour, F the fitted albedo, M that of the model's mean face, P the photograph, all medians over the same pixels:
 * - `relativeDifference`: colour difference / mean luminance of the photograph under the mask;
 * - `shiftOwnLight`: `|L*(P / fitted light) - L*(M)| - |L*(F) - L*(M)|`: by how much the fitted skin lies nearer to the model's mean than the photograph's does, the light of that fit divided out. A fit that makes up for a
 *   wrong albedo by its light is not seen in it;
 * - `shiftCommonLight`: the same with one light, the median of all fits', divided out of every photograph: it sees that, but takes differences of exposure between photographs for skin;
 * - `lighterThanCommonLight`: `L*(F) - L*(P / common light)`.
 *
 * @throws {@link ArgumentError} if there are fewer portraits than bins.
 */
export function summarizeBalance(portraits: readonly ToneScore[], binCount = 5): BalanceSummary {
  const N = portraits.length;
  if (!(Number.isInteger(binCount) && binCount >= 1 && N >= binCount)) throw new ArgumentError('summarizeBalance', 'portraits', `at least one for each of ${binCount} bins`, String(N));
  const sorted = [...portraits].sort((a, b) => a.angle - b.angle), commonLight = [0, 1, 2].map((k) => quantile(sorted.map(({ skin }) => skin.light[k]!), 0.5)) as unknown as Rgb;
  const read = sorted.map(({ skin: { photo } }) => lightness(photo.map((x, k) => x / commonLight[k]!))), fitted = sorted.map(({ skin }) => lightness(skin.fitted));
  const values = sorted.map((portrait, i) => toneFigures(portrait, fitted[i]!, read[i]!)), bin = Int32Array.from({ length: N }, (_, i) => Math.floor((i * binCount) / N));
  const median = (members: readonly number[]): number => quantile(members.map((i) => values[i]!.relativeDifference), 0.5);
  const figures = (members: readonly number[]): Record<ToneFigure, Figure> =>
    Object.fromEntries(TONE_FIGURES.map((of): [ToneFigure, Figure] => [of, medianFigure(members.map((i) => values[i]![of]))])) as Record<ToneFigure, Figure>;
  const all = Array.from(bin.keys()), overall = figures(all);
  const bins = Array.from({ length: binCount }, (_, k): ToneBin => {
    const members = all.filter((i) => bin[i] === k), angles = members.map((i) => sorted[i]!.angle), own = figures(members), middle = quantile(angles, 0.5);
    const ratioOf = (drawn: readonly number[]): number => median(drawn.filter((i) => bin[i] === k)) / median(drawn);
    const ratio = ratioOf(all);
    // A draw that has none of the bin says nothing of it.
    const interval95 = bootstrapInterval(N, (drawn) => (drawn.some((i) => bin[i] === k) ? ratioOf(Array.from(drawn)) : ratio));
    return { angles: [angles[0]!, middle, angles.at(-1)!], class: typologyClass(middle), count: members.length, figures: own, ratio: { median: ratio, interval95 } };
  });
  return { count: N, overall, bins, worst: bins.reduce((best, { ratio }, k) => (ratio.median > bins[best]!.ratio.median ? k : best), 0), commonLight, spread: spreadOf(fitted, read) };
}

/** L*, of colours beyond white as of white's. */
const lightness = (color: readonly number[]): number => cielab(color.map((x) => Math.min(1, Math.max(0, x))))[0];

function toneFigures({ colorDifference, nme, skin }: ToneScore, fitted: number, common: number): Record<ToneFigure, number> {
  const mean = lightness(skin.mean), nearer = (read: number): number => Math.abs(read - mean) - Math.abs(fitted - mean);
  return { colorDifference, relativeDifference: colorDifference / skin.luminance, nme, shiftOwnLight: nearer(lightness(skin.read)), shiftCommonLight: nearer(common), lighterThanCommonLight: fitted - common };
}

function spreadOf(fitted: readonly number[], read: readonly number[]): BalanceSummary['spread'] {
  const mean = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0) / x.length, f = mean(fitted), r = mean(read), product = (a: readonly number[], b: readonly number[], ma: number, mb: number): number => mean(a.map((x, i) => (x - ma) * (b[i]! - mb)));
  const [ff, rr] = [Math.sqrt(product(fitted, fitted, f, f)), Math.sqrt(product(read, read, r, r))];
  return { fitted: ff, commonLight: rr, correlation: ff * rr > 0 ? product(fitted, read, f, r) / (ff * rr) : 0 };
}
