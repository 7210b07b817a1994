import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';
import { createDetailSampler } from '../../src/data/detail-weights.ts';
import { expressionWeights, sampleExpression } from '../../src/data/expression-weights.ts';
import { sampleTraits } from '../../src/data/head-traits.ts';
import { macroWeights } from '../../src/data/macro-weights.ts';

const TARGETS = '../shared/data/meshes/makehuman/targets';

describe('weights of targets', () => {
  it('sum to 1 over sex, age and ethnicity, and over the levels of weight and muscle', () => {
    const random = createRandom(1);
    for (let i = 0; i < 200; i++) {
      const weights = macroWeights(sampleTraits(random)), sum = (universal: boolean): number => [...weights].filter(([name]) => name.includes('universal') === universal).reduce((s, [, w]) => s + w, 0);
      expect(sum(false)).toBeCloseTo(1, 12);
      expect(sum(true)).toBeCloseTo(1, 12);
      for (const w of weights.values()) expect(w).toBeGreaterThan(0);
    }
  });

  it('pulls a scale to one end only, both sides of the face alike', () => {
    const random = createRandom(2), sample = createDetailSampler(['eyes/l-eye-bag-incr', 'eyes/l-eye-bag-decr', 'eyes/r-eye-bag-incr', 'eyes/r-eye-bag-decr', 'chin/chin-triangle', 'head/head-trans-up', 'asym/asym-ear-1-l']);
    let apart = 0, size = 0;
    for (let i = 0; i < 300; i++) {
      const weights = sample(random, 1), value = (side: string): number => (weights.get(`eyes/${side}-eye-bag-incr`) ?? 0) - (weights.get(`eyes/${side}-eye-bag-decr`) ?? 0);
      expect(weights.has('eyes/l-eye-bag-incr') && weights.has('eyes/l-eye-bag-decr')).toBe(false);
      expect(weights.has('head/head-trans-up')).toBe(false);
      apart += Math.abs(value('l') - value('r'));
      size += Math.abs(value('l'));
      for (const w of weights.values()) expect(w >= 0 && w <= 1).toBe(true);
    }
    expect(apart).toBeGreaterThan(0);
    expect(apart).toBeLessThan(0.3 * size);
  });

  it('smiles in half of all expressions, shows teeth in a third, closes eyes now and then', () => {
    const random = createRandom(3), drawn = Array.from({ length: 1000 }, () => sampleExpression(random)), share = (test: (e: ReadonlyMap<string, number>) => boolean): number => drawn.filter(test).length / 1000;
    expect(share((e) => (e.get('mouth-corner-puller') ?? 0) > 0.1)).toBeGreaterThan(0.45);
    expect(share((e) => (e.get('mouth-upward-retraction') ?? 0) > 0.1)).toBeGreaterThan(0.25);
    expect(share((e) => (e.get('eye-left-closure') ?? 0) > 0.6 && (e.get('eye-right-closure') ?? 0) > 0.6)).toBeGreaterThan(0.03);
    for (const e of drawn) expect([...e].filter(([unit]) => unit.startsWith('mouth-')).reduce((s, [, w]) => s + Math.abs(w), 0)).toBeLessThan(2.5 + 1e-9);
    expect(() => expressionWeights(new Map([['wink', 1]]), [1, 0, 0], new Set())).toThrow(/expressionWeights: expected expression to have units of MakeHuman, got wink/);
  });

  it.skipIf(!existsSync(TARGETS))(`names only targets that exist (needs ${TARGETS})`, async () => {
    const names = new Set((await readdir(TARGETS, { recursive: true })).map((name) => name.replaceAll('\\', '/').replace('.target.gz', ''))), random = createRandom(4), details = createDetailSampler(names);
    for (let i = 0; i < 50; i++) {
      const traits = sampleTraits(random);
      for (const set of [macroWeights(traits), details(random, 1), expressionWeights(sampleExpression(random), traits.ethnicity, names)]) for (const name of set.keys()) expect(names.has(name), name).toBe(true);
    }
  });
});
