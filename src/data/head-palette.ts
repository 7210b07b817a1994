import type { Random } from '../core/random.ts';
import { clampNormal, type HeadTraits } from './head-traits.ts';

/** sRGB in [0, 1]. */
export type Color = readonly [r: number, g: number, b: number];

/** Mean colours of faces from the lightest to the darkest, evenly spaced. */
const TONES: readonly Color[] = [[0.9, 0.74, 0.67], [0.84, 0.65, 0.56], [0.76, 0.56, 0.46], [0.65, 0.45, 0.35], [0.51, 0.34, 0.26], [0.37, 0.24, 0.18], [0.23, 0.15, 0.12]];
const HAIR: readonly (readonly [chance: number, color: Color])[] = [
  [0.3, [0.1, 0.08, 0.07]], [0.25, [0.2, 0.13, 0.09]], [0.2, [0.33, 0.23, 0.15]], [0.1, [0.55, 0.42, 0.27]], [0.05, [0.45, 0.22, 0.11]], [0.1, [0.5, 0.48, 0.46]],
];
const IRISES: readonly (readonly [chance: number, color: Color])[] = [
  [0.15, [0.2, 0.12, 0.08]], [0.22, [0.32, 0.2, 0.12]], [0.15, [0.42, 0.33, 0.18]], [0.12, [0.38, 0.42, 0.3]], [0.24, [0.42, 0.52, 0.6]], [0.12, [0.48, 0.52, 0.54]],
];

/** a (1 - t) + b t. */
export function mixColors(a: Color, b: Color, t: number): Color {
  return [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), a[2] + t * (b[2] - a[2])];
}

/** The colour with its channels multiplied. */
export function scaleColor(c: Color, r: number, g = r, b = r): Color {
  return [c[0] * r, c[1] * g, c[2] * b];
}

/** A place on the scale of {@link TONES}, 0 light to 1 dark: by ethnicity, now and then anything. */
export function sampleTone(random: Random, { ethnicity: [african, asian] }: HeadTraits): number {
  if (random.uniform() < 0.15) return random.uniform();
  return Math.min(1, Math.max(0, 0.1 + 0.65 * african + 0.13 * asian + random.normal(0, 0.11)));
}

/** The colour at a place on the scale, more or less red and yellow. */
export function toneColor(random: Random, tone: number): Color {
  const at = tone * (TONES.length - 1), i = Math.min(TONES.length - 2, Math.floor(at)), [r, g, b] = mixColors(TONES[i]!, TONES[i + 1]!, at - i);
  const red = random.normal(0.01, 0.05), yellow = random.normal(0, 0.035), light = 1 + clampNormal(random, 0.06);
  return [r * light * (1 + 0.5 * red), g * light * (1 - 0.7 * red), b * light * (1 - 0.5 * red - yellow)];
}

/** Hair: dark where the skin is, greyer with age. */
export function sampleHair(random: Random, tone: number, old: number): Color {
  const dark: Color = [0.09, 0.07, 0.06], drawn = random.uniform() < Math.min(1, 1.6 * tone) ? dark : pick(random, HAIR);
  const grey: Color = [0.62, 0.61, 0.6], t = random.uniform() < old * 0.9 ? random.uniform(0.3, 1) : 0;
  return scaleColor(mixColors(drawn, grey, t), random.uniform(0.75, 1.2));
}

/** The iris: brown where the skin is dark, otherwise as often blue or grey as brown. */
export function sampleIris(random: Random, tone: number): Color {
  const color = random.uniform() < 2 * tone ? pick(random, IRISES.slice(0, 2)) : pick(random, IRISES);
  const light = random.uniform(0.8, 1.3);
  return scaleColor(color, light * random.uniform(0.9, 1.1), light * random.uniform(0.9, 1.1), light * random.uniform(0.9, 1.1));
}

function pick(random: Random, choices: readonly (readonly [number, Color])[]): Color {
  let left = random.uniform() * choices.reduce((sum, [chance]) => sum + chance, 0);
  return (choices.find(([chance]) => { left -= chance; return left < 0; }) ?? choices[0]!)[1];
}
