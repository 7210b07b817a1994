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

describe.skipIf(ABSENT)(`head register${ABSENT}`, () => {
  let record: Record<string, number> & { landmarks: { mean: number; max: number }; back: { median: number }; files: string[] };
  beforeAll(async () => {
    const { code, out, err } = await runHere('head', 'register', '--ict', reducedFolder(), '--size', '64', '-o', at('head.safetensors'), '--json');
    expect({ code, err }).toEqual({ code: 0, err: expect.not.stringContaining('retinamesh:') });
    record = JSON.parse(out) as typeof record;
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

  it('draws a map with a scale below it', async () => {
    const { width, height } = await readImageFile(at('error-map.png'));
    expect([width, height]).toEqual([3 * 64, 64 + 104]);
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
