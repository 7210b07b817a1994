import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readImageFile } from '../../src/io/node-image.ts';
import { readSafetensors, type SafeTensor, writeSafetensors } from '../../src/io/safetensors.ts';
import { runHere } from '../support/command-line.ts';

const FOLDERS = ['../shared/data/meshes/ict', '../shared/data/meshes/makehuman'], ABSENT = FOLDERS.every((folder) => existsSync(folder)) ? '' : ` [skipped: no ${FOLDERS.join(' or ')}]`;
const root = mkdtempSync(join(tmpdir(), 'retinamesh-register-')), at = (name: string): string => join(root, name);
afterAll(() => rmSync(root, { recursive: true }));

/** ICT-FaceKit's folder with two identities and three expressions. */
function reducedFolder(): string {
  const folder = at('ict'), { tensors, metadata } = readSafetensors(readFileSync(join(FOLDERS[0]!, 'ict_face.safetensors'))), kept = ['eyeBlink_L', 'jawOpen', 'mouthSmile_L'], names = JSON.parse(metadata.expression_names!) as string[];
  const pick = ({ shape: [, n, c], data }: SafeTensor, index: readonly number[]): SafeTensor => ({ dtype: 'F32', shape: [index.length, n!, c!], data: Float32Array.from(index.flatMap((i) => [...(data as Float32Array).subarray(i * n! * c!, (i + 1) * n! * c!)])) });
  mkdirSync(folder);
  for (const name of ['generic_neutral_mesh.obj', 'LICENSE']) copyFileSync(join(FOLDERS[0]!, name), join(folder, name));
  writeFileSync(join(folder, 'ict_face.safetensors'), writeSafetensors({ ...tensors, identity: pick(tensors.identity!, [0, 1]), expression: pick(tensors.expression!, kept.map((name) => names.indexOf(name))) }, { ...metadata, expression_names: JSON.stringify(kept) }));
  return folder;
}

/** The registration with all of ICT's expressions, for heads are drawn with them; those that it lacks move nothing. */
function fillExpressions(): void {
  const { tensors, metadata } = readSafetensors(readFileSync(at('head.safetensors'))), V = (tensors.neutral!.shape)[0]!, names = JSON.parse(readSafetensors(readFileSync(join(FOLDERS[0]!, 'ict_face.safetensors'))).metadata.expression_names!) as string[];
  const expression = new Float32Array(names.length * 3 * V);
  ['eyeBlink_L', 'jawOpen', 'mouthSmile_L'].forEach((name, i) => expression.set((tensors.expression!.data as Float32Array).subarray(3 * i * V, 3 * (i + 1) * V), 3 * V * names.indexOf(name)));
  writeFileSync(at('all.safetensors'), writeSafetensors({ ...tensors, expression: { dtype: 'F16', shape: [names.length, V, 3], data: expression } }, { ...metadata, expressionNames: JSON.stringify(names) }));
}

describe.skipIf(ABSENT)(`head register${ABSENT}`, () => {
  let record: Record<string, number> & { landmarks: { mean: number; max: number }; back: { median: number }; files: string[] };
  beforeAll(async () => {
    const { code, out, err } = await runHere('head', 'register', '--ict', reducedFolder(), '--size', '64', '-o', at('head.safetensors'), '--json');
    expect({ code, err }).toEqual({ code: 0, err: expect.not.stringContaining('retinamesh:') });
    record = JSON.parse(out) as typeof record;
    fillExpressions();
  }, 180_000);

  it('lies within half a millimetre of the scan, led by its landmarks, no triangle turned over', () => {
    expect(record).toMatchObject({ flipped: 0, identities: 2, expressions: 3, files: [at('error-map.png'), at('head.safetensors')] });
    expect(record.median).toBeLessThan(0.2);
    expect(record.percentile95).toBeLessThan(1);
    expect(record.matched).toBeGreaterThan(0.9 * record.drawn!);
    expect(record.landmarks.mean).toBeLessThan(0.4);
    expect(record.landmarks.max).toBeLessThan(1.5);
    expect(record.back.median).toBeLessThan(0.4);
  });

  it('writes what the modes move: lids that close, a jaw that opens with its teeth, all millimetres, and the notice', () => {
    const { tensors, metadata } = readSafetensors(readFileSync(at('head.safetensors'))), V = record.vertices!, moved = (name: string, m: number, v: number): number => (tensors[name]!.data as Float32Array)[3 * (m * V + v) + 1]!;
    const l = tensors.landmarks68!.data as Int32Array, neutral = tensors.neutral!.data as Float32Array;
    expect(metadata.notice).toContain('Copyright (c) 2020 USC Institute for Creative Technologies');
    expect(moved('expression', 0, l[43]!)).toBeLessThan(-4); // the upper lid comes down
    expect(moved('expression', 0, l[37]!)).toBeCloseTo(0, 1); // the other eye stays
    expect(moved('expression', 1, l[57]!)).toBeLessThan(-15);
    expect(moved('expression', 1, l[51]!)).toBeGreaterThan(-3);
    expect(moved('expression', 2, l[54]!)).toBeGreaterThan(2); // the left corner of the mouth goes up
    expect(Math.abs(neutral[3 * l[45]!]! - neutral[3 * l[36]!]!)).toBeGreaterThan(80); // outer corners of the eyes, as the scan has them
  });

  it('closes the lips of the neutral head and holds them closed in identities', () => {
    const { tensors } = readSafetensors(readFileSync(at('head.safetensors'))), V = record.vertices!, l = tensors.landmarks68!.data as Int32Array, neutral = tensors.neutral!.data as Float32Array, identity = tensors.identity!.data as Float32Array;
    const gap = (p: Float32Array, o = 0): number => Math.hypot(...[0, 1, 2].map((k) => p[o + 3 * l[62]! + k]! - p[o + 3 * l[66]! + k]!));
    expect(gap(neutral)).toBeLessThan(1.5); // the landmarks lie a little before the inner edge
    for (const m of [0, 1]) expect(gap(identity, 3 * m * V)).toBeLessThan(0.4);
  });

  it('draws a map with a scale below it', async () => {
    const { width, height } = await readImageFile(at('error-map.png'));
    expect([width, height]).toEqual([3 * 64, 64 + 104]);
  });

  describe('heads of it', () => {
    it('draws heads of both sources from a registration, the same for the same seed', async () => {
      const sample = async (name: string, ...more: string[]): Promise<string> => {
        const { code, out, err } = await runHere('head', 'sample', '--registration', at('all.safetensors'), '--count', '3', '--size', '48', '-o', at(name), '--json', ...more);
        expect({ code, err }).toEqual({ code: 0, err: expect.not.stringContaining('retinamesh:') });
        return (JSON.parse(out) as { source: string }).source;
      };
      expect([await sample('a', '--source', 'ict', '--plain'), await sample('b', '--source', 'ict', '--plain'), await sample('c', '--source', 'mixture', '--share', '0')]).toEqual(['ict', 'ict', 'mixture']);
      for (const file of ['head-000.glb', 'head-002.glb', 'sheet.png']) expect(readFileSync(at(`a/${file}`)).equals(readFileSync(at(`b/${file}`)))).toBe(true);
      expect(readFileSync(at('c/head-000.glb')).equals(readFileSync(at('a/head-000.glb')))).toBe(false);
    }, 120_000);

    it('trains a decoder on the mixture, which names both origins; a run goes on only with the same heads', async () => {
      const config = at('small.json'), train = ['decoder', 'train', '--registration', at('all.safetensors'), '--config', config, '-o', at('run'), '--steps', '1', '--json', '--source'];
      writeFileSync(config, JSON.stringify({ decoder: { latentSize: 8, filters: [4, 4, 4, 4], order: 2, linearShapeLevel: 2, linearColorLevel: 2, linearShapeRank: null, linearColorRank: 4, linearNeighbours: 4, extension: 4 }, samples: 20, extensionHeads: 40, extensionSteps: 4, batch: 2, checkpointEvery: 1 }));
      const { code, out, err } = await runHere(...train, 'mixture');
      expect({ code, err }).toEqual({ code: 0, err: expect.not.stringContaining('retinamesh:') });
      const { metadata } = readSafetensors(readFileSync((JSON.parse(out) as { file: string }).file));
      expect(metadata.attribution).toMatch(/MakeHuman.*ICT-FaceKit.*Copyright \(c\) 2020 USC Institute for Creative Technologies/s);
      expect(JSON.parse(metadata.heads!)).toEqual({ source: 'mixture', share: 0.5, makehumanScale: 1.09, registration: expect.stringMatching(/^[0-9a-f]{64}$/) });
      expect((await runHere(...train, 'ict')).err).toMatch(/the same options as now/);
    }, 120_000);

    it('refuses a registration that is none', async () => {
      const { code, err } = await runHere('head', 'sample', '--source', 'ict', '--registration', 'meshes/head.safetensors', '-o', at('d'));
      expect(code).toBe(1);
      expect(err).toMatch(/expected the metadata at the header to have format retinamesh-registration, as `head register` writes it, got/);
    });
  });
});

describe('head register', () => {
  it.each([
    [['--ict', 'nowhere', '-o', 'x.safetensors'], 1, /expected nowhere to have a folder of ICT-FaceKit with ict_face\.safetensors, got none; give --ict a folder of ICT-FaceKit/],
    [['-o', 'x.obj'], 1, /the extension \.obj of .*x\.obj is not supported; use \.safetensors/],
    [['-o', 'x.safetensors', '--size', '5'], 2, /whole number between 64 and 1024/],
    [[], 2, /required option '-o, --output <file>'/],
  ])('refuses %j on one line and writes nothing', async (args, exit, message) => {
    const { code, out, err } = await runHere('head', 'register', ...args.map((arg) => (arg.startsWith('x.') ? at(arg) : arg)));
    expect(err).toMatch(message);
    expect(err).toMatch(/^retinamesh: [^\n]+\n$/);
    expect({ code, out }).toEqual({ code: exit, out: '' });
    expect(readdirSync(root).some((name) => name.startsWith('x.'))).toBe(false);
  });
});
