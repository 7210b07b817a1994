import type { ViewEvents } from './view-data.ts';

/** One figure over the steps of a run. */
export interface Curve {
  readonly name: string;
  readonly points: readonly { readonly step: number; readonly value: number }[];
}

/** Axes of a picture of curves: steps from left to right, values upwards on a logarithmic scale. */
export interface CurveAxes {
  readonly steps: readonly [first: number, last: number];
  /** Both above 0. */
  readonly values: readonly [low: number, high: number];
  readonly stepTicks: readonly number[];
  readonly valueTicks: readonly number[];
}

const NOT_FIGURES = new Set(['step', 'time', 'seconds', 'epoch']);

/** The curves of all rows, by first appearance; what is not finite, or not above 0 (which a logarithm cannot show), is left out. */
export function lossCurves(rows: ViewEvents['metrics']['rows']): Curve[] {
  const curves = new Map<string, { step: number; value: number }[]>();
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      if (NOT_FIGURES.has(name) || typeof value !== 'number' || !(value > 0 && value < Infinity)) continue;
      const points = curves.get(name) ?? curves.set(name, []).get(name)!;
      points.push({ step: row.step, value });
    }
  }
  return [...curves].map(([name, points]) => ({ name, points }));
}

/** Axes that hold all points, with round ticks; `null` where there is none. */
export function curveAxes(curves: readonly Curve[]): CurveAxes | null {
  const points = curves.flatMap((curve) => curve.points);
  if (points.length === 0) return null;
  const steps = span(points.map(({ step }) => step)), values = span(points.map(({ value }) => value));
  const low = values[0] / 1.15, high = values[1] * 1.15;
  return { steps: steps[0] === steps[1] ? [steps[0] - 1, steps[1] + 1] : steps, values: [low, high], stepTicks: linearTicks(steps[0], steps[1]), valueTicks: logTicks(low, high) };
}

const span = (values: readonly number[]): [number, number] => values.reduce(([low, high], x) => [Math.min(low, x), Math.max(high, x)], [Infinity, -Infinity]);

function linearTicks(low: number, high: number): number[] {
  if (low === high) return [low];
  const rough = (high - low) / 4, power = 10 ** Math.floor(Math.log10(rough)), unit = [1, 2, 5, 10].find((x) => x * power >= rough)! * power;
  return Array.from({ length: 12 }, (_, i) => (Math.ceil(low / unit) + i) * unit).filter((x) => x <= high);
}

/** 1, 2, 5 of each decade; where that is too many, powers of ten. */
function logTicks(low: number, high: number): number[] {
  const decades = Array.from({ length: Math.ceil(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 }, (_, i) => 10 ** (Math.floor(Math.log10(low)) + i));
  const inside = (list: readonly number[]): number[] => list.filter((x) => x >= low && x <= high);
  const fine = inside(decades.flatMap((x) => [x, 2 * x, 5 * x]));
  return fine.length <= 7 ? fine : inside(decades);
}
