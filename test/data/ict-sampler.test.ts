import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../src/core/random.ts';
import type { HeadGenerator } from '../../src/data/head-generator.ts';
import type { HeadRegistration } from '../../src/data/head-registration.ts';
import type { Head, HeadSampler } from '../../src/data/head-sampler.ts';
import { sampleIctExpression } from '../../src/data/ict-expression.ts';
import { createIctSampler } from '../../src/data/ict-sampler.ts';
import { mixHeadSamplers } from '../../src/data/mix-head-samplers.ts';
import { icosphere } from '../support/meshes.ts';

/** All that ICT-FaceKit has but the gaze. */
const NAMES = [...new Set(Array.from({ length: 4000 }, (_, i) => [...sampleIctExpression(createRandom(i)).keys()]).flat())].sort();
const SIZE = icosphere(1).vertices.length / 3;
/** Two eyeballs and two vertices of skin far from both; finish gives back what it was given. */
const topology = { faces: Int32Array.of(2 * SIZE, 2 * SIZE + 1, 2 * SIZE), faceMask: new Float32Array(0), region: new Uint8Array(0), landmarks68: new Int32Array(68), landmarks5: new Int32Array(5), mirror: new Int32Array(0) };
const reference = Float64Array.from([...icosphere(1).vertices.map((x, i) => 12 * x + [30, 0, 0][i % 3]!), ...icosphere(1).vertices.map((x, i) => 12 * x - [30, 0, 0][i % 3]!), 0, 0, 80, 0, 5, 80]), V = reference.length / 3;
const generator = {
  topology, reference, part: Uint8Array.from({ length: V }, (_, v) => (v < 2 * SIZE ? 3 : 0)), rim: new Uint8Array(V), morph: () => { throw new Error('unused'); }, sample: () => { throw new Error('unused'); },
  finish: (_: Random, __: unknown, positions: Float64Array): Head => ({ vertices: Float32Array.from(positions), colors: new Float32Array(0), skins: [] }),
} as HeadGenerator;
/** One identity moves the last vertex along x, the expressions along y. */
const registration: HeadRegistration = {
  neutral: reference, corners: new Int32Array(3 * V), weights: new Float32Array(3 * V), identity: Float32Array.from({ length: 3 * V }, (_, i) => (i === 3 * V - 3 ? 2 : 0)),
  expression: Float32Array.from({ length: NAMES.length * 3 * V }, (_, i) => (i % (3 * V) === 3 * V - 2 ? 1 : 0)), expressionNames: NAMES, landmarks68: new Int32Array(68),
};

describe('createIctSampler', () => {
  const sampler = createIctSampler(generator, registration), last = ({ vertices }: Head): number[] => [...vertices.slice(-3)];
  it('draws identities with standard normal coefficients, expressions on top', () => {
    const random = createRandom(1), x = Array.from({ length: 600 }, () => last(sampler.sample(random))[0]! / 2), mean = x.reduce((a, b) => a + b) / 600, deviation = Math.sqrt(x.reduce((a, b) => a + (b - mean) ** 2, 0) / 600);
    expect(Math.abs(mean)).toBeLessThan(0.15);
    expect(deviation).toBeGreaterThan(0.9);
    expect(deviation).toBeLessThan(1.1);
  });

  it('gives the same head for the same seed; the mean at rest without detail and expression', () => {
    expect(sampler.sample(createRandom(3))).toEqual(sampler.sample(createRandom(3)));
    expect(sampler.sample(createRandom(3)).vertices).not.toEqual(sampler.sample(createRandom(4)).vertices);
    expect(last(sampler.sample(createRandom(3), { detail: 0, expression: false }))).toEqual([0, 5, 80]);
    expect(Array.from({ length: 20 }, (_, i) => last(sampler.sample(createRandom(i), { detail: 0 }))[1]!).some((y) => y > 5.1)).toBe(true);
  });

  it('has the landmarks of scans inside the outline, and all else as the generator', () => {
    const own = createIctSampler(generator, { ...registration, landmarks68: new Int32Array(68).fill(7) }).topology;
    expect([...own.landmarks68]).toEqual([...new Array<number>(17).fill(0), ...new Array<number>(51).fill(7)]);
    expect({ ...own, landmarks68: null }).toEqual({ ...topology, landmarks68: null });
  });

  it('gives a person the expressions that are asked for, and leaves the person as it is', () => {
    const rest = last(sampler.withExpression(createRandom(3), {})), smile = last(sampler.withExpression(createRandom(3), { mouthSmile_L: 0.5, jawOpen: 0.25 }));
    expect([smile[0], smile[2]]).toEqual([rest[0], rest[2]]);
    expect(smile[1]! - rest[1]!).toBeCloseTo(0.75, 5);
    expect(last(sampler.withExpression(createRandom(3), {}, 0))).toEqual([0, 5, 80]);
    expect(rest[0]).toBe(last(sampler.sample(createRandom(3), { expression: false }))[0]);
    expect(() => sampler.withExpression(createRandom(3), { wink: 1 })).toThrow(/createIctSampler: expected registration to have an expression wink, got /);
  });

  it('refuses a registration of another size, or without an expression that it draws', () => {
    expect(() => createIctSampler(generator, { ...registration, neutral: new Float64Array(9) })).toThrow(/createIctSampler: expected registration to have \d+ vertices, as the generator has, got 3/);
    const poor = createIctSampler(generator, { ...registration, expressionNames: ['none'] });
    expect(() => { for (let i = 0; i < 20; i++) poor.sample(createRandom(i)); }).toThrow(/createIctSampler: expected registration to have an expression \w+, got none/);
  });
});

describe('sampleIctExpression', () => {
  const drawn = Array.from({ length: 2000 }, (_, i) => sampleIctExpression(createRandom(i))), share = (test: (e: Map<string, number>) => boolean): number => drawn.filter(test).length / drawn.length, of = (e: Map<string, number>, name: string): number => e.get(name) ?? 0;
  it('stays in [0, 1], with most at zero', () => {
    expect(drawn.every((e) => [...e.values()].every((x) => x >= 0 && x <= 1))).toBe(true);
    expect(drawn.reduce((sum, e) => sum + [...e.values()].filter((x) => x > 0.02).length, 0) / drawn.length).toBeLessThan(10);
  });

  it('has closed eyes, open mouths, smiles on both sides and mouths at rest, each in some share', () => {
    const shut = share((e) => of(e, 'eyeBlink_L') > 0.8 && of(e, 'eyeBlink_R') > 0.8);
    expect(shut).toBeGreaterThan(0.02);
    expect(shut).toBeLessThan(0.07);
    expect(share((e) => of(e, 'jawOpen') > 0.4)).toBeGreaterThan(0.08);
    expect(share((e) => of(e, 'mouthSmile_L') > 0.3 && Math.abs(of(e, 'mouthSmile_L') - of(e, 'mouthSmile_R')) < 0.25)).toBeGreaterThan(0.25);
    expect(share((e) => ![...e.keys()].some((name) => /^(mouth|jaw)/.test(name)))).toBeGreaterThan(0.2);
    expect(drawn.every((e) => ![...e.keys()].some((name) => name.startsWith('eyeLook')))).toBe(true);
  });

  it('smiles as before a camera in half of the draws, up to wide open ones; other mouths do not add up to more than lips bear', () => {
    const sum = (e: Map<string, number>): number => [...e].filter(([name]) => /^(mouth|jaw|cheekPuff)/.test(name)).reduce((total, [name, x]) => total + (/_[LR]$/.test(name) ? x / 2 : x), 0);
    const smiles = (e: Map<string, number>): boolean => of(e, 'mouthSmile_L') > 0.2 && e.has('mouthStretch_L') && e.has('mouthDimple_L'), sums = (of: boolean): number[] => drawn.filter((e) => smiles(e) === of).map(sum);
    expect(Math.abs(share(smiles) - 0.5)).toBeLessThan(0.04);
    expect(share((e) => smiles(e) && of(e, 'mouthUpperUp_L') > 0.3)).toBeGreaterThan(0.15);
    expect(Math.max(...sums(true))).toBeGreaterThan(2.2);
    expect(Math.max(...sums(true))).toBeLessThanOrEqual(2.8 + 1e-9);
    expect(Math.max(...sums(false))).toBeLessThanOrEqual(1.6 + 1e-9);
  });
});

describe('mixHeadSamplers', () => {
  const of = (value: number): HeadSampler => ({ topology, reference, sample: () => ({ vertices: Float32Array.of(value), colors: new Float32Array(0), skins: [] }) });
  it('draws the share of the second', () => {
    const random = createRandom(5), second = (share: number): number => Array.from({ length: 400 }, () => mixHeadSamplers(of(0), of(1), share).sample(random).vertices[0]!).reduce((a, b) => a + b) / 400;
    expect([second(0), second(1)]).toEqual([0, 1]);
    expect(Math.abs(second(0.3) - 0.3)).toBeLessThan(0.08);
  });

  it('has the landmarks of the second', () => {
    const landmarks68 = new Int32Array(68).fill(2);
    expect(mixHeadSamplers(of(0), { ...of(1), topology: { ...topology, landmarks68 } }, 0.5).topology.landmarks68).toBe(landmarks68);
  });

  it('refuses other shares and meshes', () => {
    expect(() => mixHeadSamplers(of(0), of(1), 1.5)).toThrow(/mixHeadSamplers: expected share to have a number in \[0, 1\], got 1\.5/);
    expect(() => mixHeadSamplers(of(0), { ...of(1), topology: { ...topology, faces: topology.faces.slice() } }, 0.5)).toThrow(/mixHeadSamplers: expected samplers to have the faces of one topology, got those of two/);
  });
});
