import { ArgumentError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';

const ETHNICITIES = ['african', 'asian', 'caucasian'];
/** Units with their chance in a free mixture and their greatest strength. */
const FREE: readonly (readonly [unit: string, chance: number, greatest: number])[] = [
  ['mouth-compression', 0.15, 0.6], ['mouth-corner-puller', 0.25, 1], ['mouth-depression-retraction', 0.12, 0.8], ['mouth-depression', 0.15, 0.8], ['mouth-elevation', 0.12, 0.7],
  ['mouth-eversion', 0.1, 0.7], ['mouth-open', 0.25, 0.8], ['mouth-parling', 0.08, 0.7], ['mouth-part-later', 0.15, 1], ['mouth-protusion', 0.08, 0.7], ['mouth-pursing', 0.1, 0.8],
  ['mouth-retraction', 0.15, 0.8], ['mouth-upward-retraction', 0.15, 0.9], ['neck-platysma', 0.05, 0.6], ['nose-compression', 0.12, 0.8], ['nose-depression', 0.12, 0.8],
];
/** Units with a left and a right form. */
const SIDED: readonly (readonly [stem: string, name: string, chance: number, greatest: number])[] = [
  ['eyebrows', 'down', 0.2, 0.8], ['eyebrows', 'extern-up', 0.15, 0.9], ['eyebrows', 'inner-up', 0.15, 0.9], ['eyebrows', 'up', 0.25, 1],
  ['nose', 'dilatation', 0.15, 0.8], ['nose', 'elevation', 0.12, 0.8],
];
/** Weight of `mouth-open` that brings the lips of the base mesh together: they are a millimetre apart. */
const SEAL = -0.04;

/** Strengths of expression units, without their folder. */
export type Expression = Map<string, number>;

/** The face at rest, lips closed. */
export const REST: Expression = new Map([['mouth-open', SEAL]]);

/** Draws an expression: half smiles, most of them with teeth, a quarter at rest, a quarter mixtures of all units. */
export function sampleExpression(random: Random): Expression {
  const kind = random.uniform(), out: Expression = new Map(REST);
  const add = (unit: string, value: number): void => { out.set(unit, (out.get(unit) ?? 0) + value); };
  const sided = (stem: string, name: string, value: number, apart: number): void => {
    for (const side of ['left', 'right']) add(`${stem}-${side}-${name}`, Math.min(1, Math.max(0, value + random.normal(0, apart))));
  };
  if (kind < 0.5) addSmile(random, add, sided);
  else if (kind > 0.75) for (const [unit, chance, greatest] of FREE) if (random.uniform() < chance) add(unit, random.uniform(0, greatest));
  const calm = kind >= 0.5 && kind <= 0.75 ? 0.4 : 1;
  for (const [stem, name, chance, greatest] of SIDED) if (random.uniform() < chance) sided(stem, name, calm * random.uniform(0, greatest), 0.08);
  restrain(out);
  const lids = random.uniform();
  if (lids < 0.03) sided('eye', 'closure', random.uniform(0.6, 1), 0.02);
  else if (lids < 0.1) sided('eye', 'closure', random.uniform(0, 0.3), 0.03);
  else if (lids < 0.35) sided('eye', 'opened-up', random.uniform(0, 0.6), 0.05);
  else if (lids < 0.6) sided('eye', 'slit', random.uniform(0, 0.5), 0.05);
  return out;
}

/** Mouth units add up linearly: beyond this sum lips run through one another. */
const GREATEST_SUM = 2.5;

function restrain(out: Expression): void {
  const mouth = [...out].filter(([unit]) => unit.startsWith('mouth-')), sum = mouth.reduce((a, [, value]) => a + Math.abs(value), 0);
  if (sum > GREATEST_SUM) for (const [unit, value] of mouth) out.set(unit, value * GREATEST_SUM / sum);
}

function addSmile(random: Random, add: (unit: string, value: number) => void, sided: (stem: string, name: string, value: number, apart: number) => void): void {
  const strength = random.uniform(0.35, 1.2);
  add('mouth-corner-puller', strength * random.uniform(0.6, 1.15));
  add('mouth-retraction', strength * random.uniform(0, 0.9));
  if (random.uniform() < 0.75) { // with teeth: the upper lip up, the lower lip down
    add('mouth-upward-retraction', strength * random.uniform(0.4, 1.2));
    add('mouth-elevation', strength * random.uniform(0, 0.9));
    if (random.uniform() < 0.4) add('mouth-depression-retraction', strength * random.uniform(0, 0.5));
    add('mouth-open', strength * random.uniform(0, random.uniform() < 0.35 ? 0.4 : 0.2));
  } else add('mouth-compression', random.uniform(0, 0.4));
  if (random.uniform() < 0.6) sided('eye', 'slit', strength * random.uniform(0, 0.4), 0.04);
}

/**
 * The targets of an expression: each unit has a form per ethnicity.
 *
 * @throws {@link ArgumentError} if a unit is unknown.
 */
export function expressionWeights(expression: Expression, ethnicity: readonly number[], known: { has(name: string): boolean }): Map<string, number> {
  const out = new Map<string, number>();
  for (const [unit, value] of expression) {
    ETHNICITIES.forEach((name, e) => {
      const target = `expression/units/${name}/${unit}`;
      if (!known.has(target)) throw new ArgumentError('expressionWeights', 'expression', 'units of MakeHuman', unit);
      out.set(target, value * ethnicity[e]!);
    });
  }
  return out;
}
