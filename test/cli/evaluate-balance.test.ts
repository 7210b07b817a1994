import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readFaceModel } from '../../src/decoder/face-model.ts';
import { renderFace } from '../../src/dense/render-face.ts';
import { sceneNumbers } from '../../src/dense/scene.ts';
import type { BalanceSummary } from '../../src/dense/summarize-balance.ts';
import { imageFromFloats } from '../../src/io/image.ts';
import { writePng } from '../../src/io/node-image.ts';
import { runHere } from '../support/command-line.ts';
import { writeEggFile } from '../support/egg-file.ts';

const root = mkdtempSync(join(tmpdir(), 'retinamesh-balance-')), at = (name: string): string => join(root, name), SIZE = 112;

interface Report {
  readonly runs: readonly (BalanceSummary & { readonly met: boolean; readonly grey: { readonly count: number } | null; readonly left: readonly string[]; readonly portraits?: unknown })[];
}

/** A run without its fits having been made: eggs of several colours, a grey one, one that failed. */
beforeAll(async () => {
  await writeEggFile(at('egg.safetensors'));
  const bytes = readFileSync(at('egg.safetensors')), model = readFaceModel(new Uint8Array(bytes)), scores: string[] = [], fits: string[] = [];
  mkdirSync(at('images'));
  mkdirSync(at('run'));
  for (let i = 0; i < 6; i++) {
    const raw = new Float64Array(144), file = `${i}.png`;
    for (let j = 0; j < 128; j++) raw[j] = 2 * Math.sin(3 * i + j);
    const scene = { ...sceneNumbers(raw), illumination: { lightPosition: [0, 0, 2000], lightColor: [0.2, 0.2, 0.2], ambientColor: [0.5, 0.5, 0.5] } };
    if (i < 5) await writePng(at(`images/${file}`), imageFromFloats(renderFace(scene, model, SIZE).colors, SIZE, SIZE));
    scores.push(JSON.stringify({ file, nme: 0.01 * (i + 1), nmeInner: 0.01, colorDifference: 0.02, coverage: 1, seconds: 1, grey: i === 4, ...(i === 5 && { failed: 'why' }) }));
    if (i < 5) fits.push(JSON.stringify({ file, frame: { center: [SIZE / 2, SIZE / 2], side: SIZE, roll: 0 }, scene: { ...scene, latent: [...scene.latent] }, landmarks68: [] }));
  }
  writeFileSync(at('run/run.json'), JSON.stringify({ command: 'evaluate portraits', decoder: { name: 'egg.safetensors', sha256: createHash('sha256').update(bytes).digest('hex') }, model: { kind: 'decoder', latent: 128, parameters: 1 } }));
  writeFileSync(at('run/scores.jsonl'), `${scores.join('\n')}\n`);
  writeFileSync(at('run/fits.jsonl'), `${fits.join('\n')}\n`);
  model.decoder.dispose();
});
afterAll(() => rmSync(root, { recursive: true }));

const balance = (...args: string[]) => runHere('evaluate', 'balance', at('run'), '--portraits', root, ...args);

it('bins colour portraits by the angle of their fitted skin, and leaves grey ones and failures apart', async () => {
  const { out, code, err } = await balance('--decoder', at('egg.safetensors'), '--bins', '2', '-o', at('out'), '--json'), [run] = (JSON.parse(out) as Report).runs;
  expect([code, err.includes('failed')]).toEqual([0, false]);
  expect(run).toMatchObject({ count: 4, grey: { count: 1, nme: 0.05 }, left: ['5.png'] });
  expect(run!.bins.map(({ count }) => count)).toEqual([2, 2]);
  expect(run!.bins[0]!.angles[2]).toBeLessThan(run!.bins[1]!.angles[0]);
  expect(Math.abs(run!.overall.shiftOwnLight.median)).toBeLessThan(1); // the photographs are renders of the fits
  expect(run!.met).toBe(run!.bins.every(({ ratio }) => ratio.median <= 1.3));
  expect(run!.portraits).toBeUndefined();
  expect(readdirSync(at('out')).sort()).toEqual(['balance.json', 'shifts.png', 'shifts.svg', 'tones.png', 'tones.svg']);
  expect((JSON.parse(readFileSync(at('out/balance.json'), 'utf8')) as Report).runs[0]!.portraits).toHaveLength(4);
  const text = (await balance('--decoder', at('egg.safetensors'), '--bins', '2')).out;
  expect(text).toMatch(/^run \(egg\.safetensors\): 4 colour portraits by the typology angle .*; albedo is known only up to the light\n {2}angle .*\n(.*\n){3} {2}worst bin: \d\.\d\d times the overall relative difference, bar 1\.3: (not )?met\n.*correlation.*\n {2}1 grey portraits apart: .*\n {2}in no bin, .*: 5\.png/);
});

it('refuses another decoder, too few portraits, photographs that are not there, and what is no run', async () => {
  expect((await balance()).err).toMatch(/evaluate balance: expected --decoder, head\.safetensors, to have the bytes that .*run was fitted with \(egg\.safetensors, SHA-256 [0-9a-f]{12}\.\.\.\), got [0-9a-f]{12}\.\.\./);
  expect((await balance('--decoder', at('egg.safetensors'))).err).toMatch(/fits of at least 5 colour portraits, got 4/);
  expect((await balance('--decoder', at('egg.safetensors'), '--portraits', at('none'))).err).toMatch(/0\.png.*no such file or folder; give the folder of the portraits as --portraits/);
  expect((await runHere('evaluate', 'balance', at('images'))).err).toMatch(/run\.json.*; give a folder that `evaluate portraits -o` wrote/);
  const run = JSON.parse(readFileSync(at('run/run.json'), 'utf8')) as object;
  mkdirSync(at('mean'));
  writeFileSync(at('mean/run.json'), JSON.stringify({ ...run, model: { kind: 'mean', latent: 0, parameters: 0 } }));
  expect((await runHere('evaluate', 'balance', at('mean'))).err).toMatch(/mean.model\.safetensors.*; give runs whose model has a colour of its own/);
});
