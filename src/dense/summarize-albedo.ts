import { type AlbedoScore, ASYMMETRY_BAR, type BakedLight, type HeadSwap, type LightSwap } from './evaluate-albedo.ts';
import { type Figure, medianFigure } from './median-figure.ts';
import { quantile } from './portrait-protocol.ts';

/** Heads of known albedo under random light. */
export interface AlbedoSummary {
  readonly count: number;
  readonly plain: Figure;
  readonly scaled: Figure;
  /** By what factor the channels had to be scaled, up or down: the geometric mean of the three, which of light and albedo were confused. */
  readonly factor: Figure;
  /** Medians of thirds of the heads by how much of the light comes from one side, least first. */
  readonly thirds: readonly { readonly side: readonly [least: number, greatest: number]; readonly count: number; readonly plain: number; readonly scaled: number }[];
}

/** `null` of no score. */
export function summarizeAlbedos(scores: readonly AlbedoScore[]): AlbedoSummary | null {
  if (scores.length === 0) return null;
  const sorted = [...scores].sort((a, b) => Math.abs(a.side) - Math.abs(b.side)), parts = Math.min(3, scores.length), median = (list: readonly AlbedoScore[], of: 'plain' | 'scaled'): number => quantile(list.map((score) => score[of]), 0.5);
  return {
    count: scores.length, plain: medianFigure(scores.map(({ plain }) => plain)), scaled: medianFigure(scores.map(({ scaled }) => scaled)),
    factor: medianFigure(scores.map(({ scale }) => Math.exp(scale.reduce((sum, x) => sum + Math.abs(Math.log(x)), 0) / scale.length))),
    thirds: Array.from({ length: parts }, (_, k) => sorted.filter((_score, i) => Math.floor((i * parts) / sorted.length) === k))
      .map((list) => ({ side: [Math.abs(list[0]!.side), Math.abs(list.at(-1)!.side)], count: list.length, plain: median(list, 'plain'), scaled: median(list, 'scaled') })),
  };
}

/** Faces whose light was swapped: figures of {@link LightSwap}. */
export interface SwapSummary {
  readonly count: number;
  /** Strength of the side light, without its sign. */
  readonly side: Figure;
  /** Of the mean of both fits. */
  readonly asymmetry: Figure;
  /** The greatest of these means, and how many exceed {@link ASYMMETRY_BAR}. */
  readonly worst: number;
  readonly above: number;
  /** The median is at most {@link ASYMMETRY_BAR}. */
  readonly met: boolean;
  /** Of the true albedos, where they are known. */
  readonly trueAsymmetry: Figure | null;
  readonly litAsymmetry: Figure;
  readonly difference: Figure;
  readonly litSideExcess: Figure;
}

/** `null` of none. */
export function summarizeSwaps(swaps: readonly (LightSwap & Partial<Pick<HeadSwap, 'trueAsymmetry'>>)[]): SwapSummary | null {
  if (swaps.length === 0) return null;
  const means = swaps.map(({ asymmetry: [a, b] }) => (a + b) / 2), truths = swaps.flatMap(({ trueAsymmetry }) => trueAsymmetry ?? []), asymmetry = medianFigure(means);
  const of = (pick: (swap: LightSwap) => number): Figure => medianFigure(swaps.map(pick));
  return {
    count: swaps.length, side: of(({ side }) => Math.abs(side)), asymmetry, worst: Math.max(...means), above: means.filter((x) => x > ASYMMETRY_BAR).length, met: asymmetry.median <= ASYMMETRY_BAR,
    trueAsymmetry: truths.length > 0 ? medianFigure(truths) : null, litAsymmetry: of((s) => s.litAsymmetry), difference: of((s) => s.difference), litSideExcess: of((s) => s.litSideExcess),
  };
}

/** Fits of photographs that were not swapped, as many as there are. */
export interface BakedSummary {
  readonly count: number;
  /** Of {@link BakedLight.side}, without its sign. */
  readonly side: Figure;
  readonly asymmetry: Figure;
  /** Fits whose asymmetry exceeds {@link ASYMMETRY_BAR}. */
  readonly above: number;
  readonly litAsymmetry: Figure;
  readonly litSideExcess: Figure;
}

/** Of all fits, and of the tenth (at least one) with the strongest side light; `null` of none. */
export function summarizeBaked(fits: readonly BakedLight[]): { readonly all: BakedSummary; readonly sideLit: BakedSummary } | null {
  if (fits.length === 0) return null;
  const summary = (list: readonly BakedLight[]): BakedSummary => ({
    count: list.length, side: medianFigure(list.map(({ side }) => Math.abs(side))), asymmetry: medianFigure(list.map(({ asymmetry }) => asymmetry)), above: list.filter(({ asymmetry }) => asymmetry > ASYMMETRY_BAR).length,
    litAsymmetry: medianFigure(list.map(({ litAsymmetry }) => litAsymmetry)), litSideExcess: medianFigure(list.map(({ litSideExcess }) => litSideExcess)),
  });
  return { all: summary(fits), sideLit: summary([...fits].sort((a, b) => Math.abs(b.side) - Math.abs(a.side)).slice(0, Math.ceil(fits.length / 10))) };
}
