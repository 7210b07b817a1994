import type { Random } from '../core/random.ts';

/** What a head is like before it has a shape; all that its colours depend on as well. */
export interface HeadTraits {
  /** african, asian, caucasian; sum 1. */
  readonly ethnicity: readonly [number, number, number];
  /** 0 female, 1 male. */
  readonly male: number;
  /** child, young, old; sum 1. */
  readonly age: readonly [number, number, number];
  /** Weight and muscle, -1 to 1, 0 average. */
  readonly weight: number;
  readonly muscle: number;
}

/** Draws traits: mostly adults of one sex, ethnicities mixed. */
export function sampleTraits(random: Random): HeadTraits {
  const powers = [0, 1, 2].map(() => (-Math.log(1 - random.uniform())) ** 1.6), sum = powers.reduce((a, b) => a + b);
  const male = random.uniform() < 0.8 ? (random.uniform() < 0.5 ? random.uniform(0, 0.12) : random.uniform(0.88, 1)) : random.uniform();
  const child = random.uniform() < 0.05 ? random.uniform(0, 0.8) : 0, old = (1 - child) * Math.min(1, Math.max(0, random.uniform(-0.25, 1.15)));
  return {
    ethnicity: powers.map((x) => x / sum) as [number, number, number], male, age: [child, 1 - child - old, old],
    weight: clampNormal(random, 0.5), muscle: clampNormal(random, 0.4),
  };
}

/** Normal of the given deviation about 0, cut at -1 and 1. */
export function clampNormal(random: Random, deviation: number): number {
  return Math.min(1, Math.max(-1, random.normal(0, deviation)));
}
