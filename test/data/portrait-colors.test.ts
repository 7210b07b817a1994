import { expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';
import { colorFromPortraits, type PortraitColors, portraitColorsFromTensors, portraitColorsToTensors } from '../../src/data/portrait-colors.ts';
import type { HeadSampler } from '../../src/data/head-sampler.ts';
import { HEAD_REGIONS, type HeadTopology } from '../../src/data/head-topology.ts';
import { readSafetensors, writeSafetensors } from '../../src/io/safetensors.ts';

const V = 6, topology = { region: Uint8Array.of(0, 0, 1, 3, HEAD_REGIONS.indexOf('mouth'), 5) } as HeadTopology;
const sampler: HeadSampler = { topology, reference: new Float64Array(3 * V), sample: (random) => ({ vertices: Float32Array.from({ length: 3 * V }, () => random.normal()), colors: new Float32Array(3 * V).fill(0.9), skins: ['painted'] }) };
const colors: PortraitColors = {
  mean: new Float32Array(3 * V).fill(0.4), modes: Float32Array.from({ length: 2 * 3 * V }, (_, i) => (i < 3 * V ? 0.125 : i % 2 === 0 ? 0.0625 : -0.0625)), coefficients: Float32Array.of(1, -1, -2, 0.5), shares: Float32Array.of(1, 3), opposite: Uint8Array.of(0, 1),
};

it('gives a share of heads the colours of photographs, and all of them their own shape and mouth', () => {
  const mixed = colorFromPortraits(sampler, colors, 0.25), random = createRandom(1), heads = Array.from({ length: 400 }, (_, i) => mixed.sample(random.fork(`${i}`)));
  const drawn = heads.filter(({ skins }) => skins[0] === 'portraits');
  expect(drawn.length).toBeGreaterThan(70);
  expect(drawn.length).toBeLessThan(130);
  for (const { colors: found } of drawn) {
    expect([...found.subarray(12, 15)]).toEqual([...new Float32Array(3).fill(0.9)]);
    expect(Math.min(...found)).toBeGreaterThanOrEqual(0.004);
    expect(Math.max(...found)).toBeLessThanOrEqual(0.996);
  }
  heads.forEach(({ vertices }, i) => expect(vertices).toEqual(sampler.sample(random.fork(`${i}`)).vertices));
  expect(mixed.sample(random.fork('7'))).toEqual(mixed.sample(random.fork('7')));
});

it('draws rare faces as often as their share says, near to what they are', () => {
  const all = colorFromPortraits(sampler, colors, 1), random = createRandom(2), tones = Array.from({ length: 2000 }, (_, i) => (all.sample(random.fork(`${i}`)).colors[0]! + all.sample(random.fork(`${i}`)).colors[1]! - 0.8) / 0.25);
  // Of the two faces, at 1 and -2 and drawn 1 to 3, each number keeps sqrt(3)/2 and half a deviation is added.
  expect(tones.reduce((a, b) => a + b) / tones.length).toBeCloseTo((Math.sqrt(3) / 2) * (0.25 - 1.5), 1);
});

it('reads back what it wrote, and names what is broken', () => {
  const { tensors, metadata } = portraitColorsToTensors(colors), bytes = writeSafetensors(tensors, metadata);
  expect(portraitColorsFromTensors(readSafetensors(bytes, 'c'), V, 'c')).toEqual(colors);
  expect(() => portraitColorsFromTensors({ tensors, metadata: {} }, V, 'c.safetensors')).toThrow(/c\.safetensors: .*retinamesh-colors/);
  expect(() => portraitColorsFromTensors({ tensors, metadata }, V + 1)).toThrow(/tensor mean/);
  expect(() => portraitColorsFromTensors({ tensors: { ...tensors, modes: { ...tensors.modes!, data: new Float32Array(36).fill(Number.NaN) } }, metadata }, V)).toThrow(/tensor modes.*finite/);
  expect(() => portraitColorsFromTensors({ tensors: { ...tensors, shares: { dtype: 'F32', shape: [2], data: new Float32Array(2) } }, metadata }, V)).toThrow(/tensor shares/);
});

it('names a share or colours that do not fit', () => {
  expect(() => colorFromPortraits(sampler, colors, 1.5)).toThrow(/share.*\[0, 1\]/);
  expect(() => colorFromPortraits(sampler, { ...colors, mean: new Float32Array(3) }, 1)).toThrow(/colors.*6 vertices/);
});
