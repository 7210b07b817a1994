import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';
import { createHeadGenerator, type HeadGenerator } from '../../src/data/head-generator.ts';
import { HEAD_PARTS } from '../../src/data/head-half.ts';
import { HEAD_SPLIT } from '../../src/data/head-split.ts';
import { HEAD_REGIONS } from '../../src/data/head-topology.ts';
import { buildHeadSurface } from '../../src/data/head-surface.ts';
import { sampleTraits } from '../../src/data/head-traits.ts';
import type { MakeHumanAssets } from '../../src/data/makehuman.ts';
import { meanHead } from '../../src/data/mean-head.ts';
import { loadMakeHuman } from '../../src/data/makehuman-node.ts';

const FOLDER = '../shared/data/meshes/makehuman';

describe.skipIf(!existsSync(FOLDER))(`head generator (needs ${FOLDER})`, () => {
  let assets: MakeHumanAssets, generator: HeadGenerator;
  beforeAll(async () => {
    assets = await loadMakeHuman(FOLDER);
    generator = createHeadGenerator(assets);
  });
  const point = (v: number): number[] => [...generator.reference.subarray(3 * v, 3 * v + 3)];
  const distance = (p: ArrayLike<number>, a: number, b: number): number => Math.hypot(...[0, 1, 2].map((k) => p[3 * a + k]! - p[3 * b + k]!));

  it('has 5,000 to 7,000 vertices, all in faces, no face twice and no edge in three faces', () => {
    const { faces, region } = generator.topology, edges = new Map<string, number>();
    expect(region.length).toBeGreaterThan(5000);
    expect(region.length).toBeLessThan(7000);
    expect(new Set(faces).size).toBe(region.length);
    for (let f = 0; f < faces.length; f += 3) {
      for (let k = 0; k < 3; k++) {
        const key = `${faces[f + k]} ${faces[f + (k + 1) % 3]}`; // directed: twice would be a flipped or doubled face
        edges.set(key, (edges.get(key) ?? 0) + 1);
      }
    }
    expect(Math.max(...edges.values())).toBe(1);
  });

  it('pairs left and right exactly: an involution that holds on the mean head and maps faces to faces', () => {
    const { mirror, faces } = generator.topology, key = (f: readonly number[]): string => { const i = f.indexOf(Math.min(...f)); return `${f[i]} ${f[(i + 1) % 3]} ${f[(i + 2) % 3]}`; };
    let worst = 0;
    mirror.forEach((m, v) => {
      expect(mirror[m]).toBe(v);
      const [x, y, z] = point(v), [mx, my, mz] = point(m);
      worst = Math.max(worst, Math.hypot(x! + mx!, y! - my!, z! - mz!));
    });
    expect(worst).toBeLessThan(1e-9);
    const all = new Set<string>();
    for (let f = 0; f < faces.length; f += 3) all.add(key([...faces.subarray(f, f + 3)]));
    for (let f = 0; f < faces.length; f += 3) expect(all.has(key([mirror[faces[f]!]!, mirror[faces[f + 2]!]!, mirror[faces[f + 1]!]!]))).toBe(true);
  });

  it('puts landmarks where iBUG has them, in pairs', () => {
    const { landmarks68: l, landmarks5, mirror, region } = generator.topology, name = (v: number): string => HEAD_REGIONS[region[v]!]!;
    expect(new Set(l).size).toBe(68);
    for (const [a, b] of [[0, 16], [7, 9], [17, 26], [21, 22], [31, 35], [36, 45], [39, 42], [37, 44], [41, 46], [48, 54], [50, 52], [60, 64], [61, 63], [67, 65], [58, 56]]) expect(mirror[l[a!]!]).toBe(l[b!]);
    for (const i of [8, 27, 28, 29, 30, 33, 51, 57, 62, 66]) expect(mirror[l[i]!]).toBe(l[i]);
    expect(point(l[36]!)[0]).toBeLessThan(-35); // the person's right eye, image-left
    for (let i = 17; i < 27; i++) expect(name(l[i]!)).toBe('brow');
    for (let i = 60; i < 68; i++) expect(['lips', 'mouth']).toContain(name(l[i]!));
    expect([...landmarks5].map((v) => name(v)).slice(0, 2)).toEqual(['eye', 'eye']);
    expect(point(landmarks5[0]!)[0]).toBeLessThan(-20);
    expect([...landmarks5].slice(2)).toEqual([l[30], l[48], l[54]]);
  });

  it('counts the middle of the face as face, and neither ears, neck nor the cut border', () => {
    const { faceMask, region, faces, landmarks68: l } = generator.topology, sides = new Map<string, number>();
    for (let i = 0; i < 17; i++) expect(faceMask[l[i]!]).toBeGreaterThan(0.5); // the hull of all landmarks must be covered
    for (const i of [19, 24, 27, 30, 36, 45, 48, 54, 57]) expect(faceMask[l[i]!]).toBe(1);
    for (let f = 0; f < faces.length; f += 3) for (let k = 0; k < 3; k++) { const key = [faces[f + k]!, faces[f + (k + 1) % 3]!].sort((a, b) => a - b).join(' '); sides.set(key, (sides.get(key) ?? 0) + 1); }
    for (const [key, count] of sides) if (count === 1) for (const v of key.split(' ').map(Number)) if (HEAD_REGIONS[region[v]!] === 'skin') expect(faceMask[v]).toBe(0);
    region.forEach((code, v) => { if (HEAD_REGIONS[code] === 'ear') expect(faceMask[v]).toBe(0); });
    expect(faceMask.every((w) => w >= 0 && w <= 1)).toBe(true);
  });

  it('marks the lid margins and inner lips: closed loops where skin ends, around each eyeball and the mouth', () => {
    const { part, rim, faces, mean } = buildHeadSurface(assets.base, meanHead(assets)), marked = [...rim.keys()].filter((v) => rim[v]), kinds = new Map<number, Set<string>>();
    for (let f = 0; f < faces.length; f += 3) {
      const inner = [0, 1, 2].map((k) => HEAD_PARTS[part[faces[f + k]!]!]!).find((name) => name !== 'skin') ?? 'skin';
      for (let k = 0; k < 3; k++) kinds.set(faces[f + k]!, (kinds.get(faces[f + k]!) ?? new Set<string>()).add(inner));
    }
    for (const v of marked) expect([...kinds.get(v)!].some((name) => name === 'socket' || name === 'mouth')).toBe(true);
    for (const [v, names] of kinds) if (names.has('skin') && (names.has('socket') || names.has('mouth'))) expect(rim[v]).toBe(1);
    const heights = marked.map((v) => mean[3 * v + 1]!);
    expect(heights.filter((y) => y > 7.2).length).toBeGreaterThan(60);
    expect(heights.filter((y) => y < 6.75).length).toBeGreaterThan(30);
  });

  it('opens the mouth: inner lips part and no triangle joins them', () => {
    const { landmarks68: l, faces } = generator.topology, p = generator.reference.slice(), { index, delta } = generator.morph('expression/units/caucasian/mouth-open');
    const pairs = [[61, 67], [62, 66], [63, 65]] as const, before = pairs.map(([a, b]) => distance(p, l[a]!, l[b]!));
    index.forEach((v, i) => { for (let k = 0; k < 3; k++) p[3 * v + k]! += 0.5 * delta[3 * i + k]!; });
    pairs.forEach(([a, b], i) => expect(distance(p, l[a]!, l[b]!)).toBeGreaterThan(before[i]! + 8));
    const upper = new Set([61, 62, 63].map((i) => l[i])), lower = new Set([65, 66, 67].map((i) => l[i]));
    for (let f = 0; f < faces.length; f += 3) {
      const corners = [...faces.subarray(f, f + 3)];
      expect(corners.some((v) => upper.has(v)) && corners.some((v) => lower.has(v))).toBe(false);
    }
  });

  it('draws the same bits from the same seed, others from another, in range', () => {
    const [a, b, c] = [7, 7, 8].map((seed) => generator.sample(createRandom(seed)));
    expect(a!.vertices).toEqual(b!.vertices);
    expect(a!.colors).toEqual(b!.colors);
    expect(a!.vertices).not.toEqual(c!.vertices);
    for (const { colors, vertices } of [a!, c!]) {
      expect(colors.every((x) => x > 0 && x < 1)).toBe(true);
      expect(vertices.every((x) => Math.abs(x) < 250)).toBe(true);
    }
  });

  it('aligns by rotation and translation only', () => {
    // Sizes of heads must differ, as scale is not taken out; and no sample may be turned or moved against the mean.
    const random = createRandom(3), sizes: number[] = [];
    for (let i = 0; i < 6; i++) {
      const { vertices } = generator.sample(random, { expression: false }), [right, left, tip] = generator.topology.landmarks5;
      sizes.push(distance(vertices, right!, left!));
      const { faceMask } = generator.topology, p = generator.reference, upper = [...faceMask.keys()].filter((v) => faceMask[v] === 1 && p[3 * v + 1]! > -20), shift = [0, 1, 2].map((k) => upper.reduce((sum, v) => sum + vertices[3 * v + k]! - p[3 * v + k]!, 0) / upper.length);
      expect(Math.hypot(...shift)).toBeLessThan(5); // MakeHuman's own heads lie some 40 mm apart
      expect(Math.abs(vertices[3 * right! + 1]! - vertices[3 * left! + 1]!)).toBeLessThan(6);
      expect(Math.abs(vertices[3 * tip!]!)).toBeLessThan(8);
    }
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeGreaterThan(2);
  });

  it('draws heads larger by a scale, about the middle of what is aligned, and leaves those that it finishes', () => {
    const large = createHeadGenerator(assets, { scale: 1.09 }), [a, b] = [generator, large].map((each) => each.sample(createRandom(7)).vertices), { landmarks68 } = generator.topology;
    for (const [i, j] of [[36, 45], [27, 8], [48, 54]]) expect(distance(b!, landmarks68[i!]!, landmarks68[j!]!) / distance(a!, landmarks68[i!]!, landmarks68[j!]!)).toBeCloseTo(1.09, 4);
    expect(Math.hypot(...[0, 1, 2].map((k) => b![3 * landmarks68[27]! + k]! - a![3 * landmarks68[27]! + k]!))).toBeLessThan(3);
    const finish = ({ finish: end, reference }: HeadGenerator): Float32Array => end(createRandom(1), sampleTraits(createRandom(2)), reference.slice()).vertices;
    expect(finish(large)).toEqual(finish(generator));
    expect(() => createHeadGenerator(assets, { scale: 0 })).toThrow(/createHeadGenerator: expected scale to have a positive number, got 0/);
  });

  it('never touches skins held out, and refuses unknown ones', () => {
    const random = createRandom(5), held = new Set<string>(HEAD_SPLIT.heldOut);
    for (let i = 0; i < 20; i++) for (const name of generator.sample(random).skins) expect(held.has(name)).toBe(false);
    for (const twins of HEAD_SPLIT.twins) expect(new Set(twins.map((name) => held.has(name))).size).toBe(1);
    for (const name of held) expect(assets.skins.has(name)).toBe(true);
    const [only] = HEAD_SPLIT.heldOut, own = createHeadGenerator(assets, { skins: [only] });
    expect(new Set(own.sample(random).skins)).toEqual(new Set([only]));
    expect(() => createHeadGenerator(assets, { skins: ['plaid'] })).toThrow(/createHeadGenerator: expected skins to have names among .*, got plaid/);
  });
});
