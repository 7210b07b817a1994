import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { NAMED_EXPRESSIONS } from '../../src/data/named-expressions.ts';
import { readImageFile } from '../../src/io/node-image.ts';
import { writeSafetensors } from '../../src/io/safetensors.ts';
import { runHere } from '../support/command-line.ts';

const MAKEHUMAN = '../shared/data/meshes/makehuman', ABSENT = existsSync(MAKEHUMAN) ? '' : ` (skipped where ${MAKEHUMAN} is absent)`;
const root = mkdtempSync(join(tmpdir(), 'retinamesh-gallery-')), at = (name: string): string => join(root, name);
afterAll(() => rmSync(root, { recursive: true }));
const few = ['--directions', '3', '--random', '7', '--size', '32', '--json'];

interface Report {
  readonly files: readonly string[];
  readonly expressions: readonly { readonly name: string; readonly error: number; readonly lids: { drawn: number; decoded: number }; readonly lips: { drawn: number; decoded: number } }[];
}

describe('decoder gallery', () => {
  it('draws directions, random heads and interpolations from the weights alone, the same for the same seed', async () => {
    for (const name of ['a', 'b']) expect((await runHere('decoder', 'gallery', ...few, '-o', at(name))).code).toBe(0);
    expect(readdirSync(at('a')).sort()).toEqual(['directions.png', 'interpolations.png', 'random.png']);
    for (const file of readdirSync(at('a'))) expect(readFileSync(at(`a/${file}`)).equals(readFileSync(at(`b/${file}`)))).toBe(true);
    const directions = await readImageFile(at('a/directions.png')), random = await readImageFile(at('a/random.png'));
    expect([directions.width, directions.height]).toEqual([126 + 5 * 32, 54 + 3 * 32]);
    expect([random.width, random.height]).toEqual([6 * 32, 30 + 4 * 32]); // a row of six and one of one, each from the front and the side
    const column = (i: number): number[] => Array.from({ length: 32 * 32 }, (_, p) => directions.data[3 * ((54 + Math.floor(p / 32)) * directions.width + 126 + 32 * i + (p % 32))]!);
    expect(column(0)).not.toEqual(column(4));
  });

  it.skipIf(ABSENT)(`adds people with expressions and says how near they are decoded${ABSENT}`, async () => {
    const { createHeadGenerator } = await import('../../src/data/head-generator.ts'), { loadMakeHuman } = await import('../../src/data/makehuman-node.ts'), { registrationToTensors } = await import('../../src/data/registration-tensors.ts');
    // No scan: the mean head of MakeHuman, with an expression that opens the jaw and others that move nothing.
    const { topology, reference } = createHeadGenerator(await loadMakeHuman(MAKEHUMAN)), V = reference.length / 3, names = [...new Set(['jawOpen', ...Object.values(NAMED_EXPRESSIONS).flatMap((each) => Object.keys(each))])];
    const expression = new Float32Array(names.length * 3 * V), low = topology.landmarks68[66]!;
    for (let v = 0; v < V; v++) if (reference[3 * v + 1]! <= reference[3 * low + 1]! + 0.01) expression[3 * v + 1] = -30;
    const { tensors, metadata } = registrationToTensors({ neutral: reference, corners: new Int32Array(3 * V), weights: new Float32Array(3 * V), identity: new Float32Array(3 * V), expression, expressionNames: names, landmarks68: topology.landmarks68 }, topology.faces);
    writeFileSync(at('none.safetensors'), writeSafetensors(tensors, metadata));
    const { code, out } = await runHere('decoder', 'gallery', ...few, '--people', '1', '--format', 'jpg', '--registration', at('none.safetensors'), '--makehuman', MAKEHUMAN, '-o', at('c')), { files, expressions } = JSON.parse(out) as Report;
    expect(code).toBe(0);
    expect(files.at(-1)).toBe(at('c/expressions.jpg'));
    expect(expressions.map(({ name }) => name)).toEqual(Object.keys(NAMED_EXPRESSIONS));
    const [rest, open] = expressions;
    expect(Math.abs(open!.lips.drawn - rest!.lips.drawn - 20)).toBeLessThan(2);
    expect(open!.lips.decoded - rest!.lips.decoded).toBeGreaterThan(5);
    expect(expressions.every(({ error }) => error > 0 && error < 10)).toBe(true);
    const sheet = await readImageFile(at('c/expressions.jpg'));
    expect([sheet.width, sheet.height]).toEqual([126 + 10 * 32, 54 + 3 * 32]);
  });

  it('refuses a registration that is not there and writes nothing', async () => {
    const { code, err } = await runHere('decoder', 'gallery', ...few, '--registration', at('nowhere'), '-o', at('d'));
    expect({ code, d: existsSync(at('d')) }).toEqual({ code: 1, d: false });
    expect(err).toMatch(/nowhere.*; give --registration the file that `retinamesh head register` wrote/);
  });
});
