import type { HeadTraits } from './head-traits.ts';

const ETHNICITIES = ['african', 'asian', 'caucasian'], AGES = ['child', 'young', 'old'];

/** Target weights of sex, age and ethnicity, which sum to 1, and those of weight and muscle. */
export function macroWeights({ ethnicity, male, age, weight, muscle }: HeadTraits): Map<string, number> {
  const out = new Map<string, number>();
  const add = (name: string, value: number): void => { if (value > 0) out.set(`macrodetails/${name}`, value); };
  for (const [sex, s] of [['male', male], ['female', 1 - male]] as const) {
    AGES.forEach((years, i) => {
      const share = s * age[i]!;
      ETHNICITIES.forEach((name, e) => add(`${name}-${sex}-${years}`, share * ethnicity[e]!));
      for (const [m, mw] of levels(muscle)) for (const [w, ww] of levels(weight)) add(`universal-${sex}-${years}-${m}muscle-${w}weight`, share * mw * ww);
    });
  }
  return out;
}

/** A number in [-1, 1] between the levels min, average and max. */
function levels(x: number): [string, number][] {
  return [['min', Math.max(0, -x)], ['average', 1 - Math.abs(x)], ['max', Math.max(0, x)]];
}
