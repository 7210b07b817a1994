import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PortraitScore } from '../../src/dense/evaluate-portrait.ts';
import type { PortraitSummary } from '../../src/dense/summarize-portraits.ts';
import { readImageFile } from '../../src/io/node-image.ts';
import { isGreyImage } from '../../src/io/is-grey-image.ts';
import { runHere } from '../support/command-line.ts';
import { writeEggPortraits } from '../support/egg-portraits.ts';

const root = mkdtempSync(join(tmpdir(), 'retinamesh-portraits-')), at = (name: string): string => join(root, name);

interface Report extends PortraitSummary {
  readonly split: string;
  readonly failed: readonly string[];
  readonly color: PortraitSummary | null;
  readonly grey: PortraitSummary | null;
}

beforeAll(() => writeEggPortraits(root));
afterAll(() => rmSync(root, { recursive: true }));

const evaluate = (...args: string[]) => runHere('evaluate', 'portraits', root, '--decoder', at('egg.safetensors'), ...args);
const scoresIn = (folder: string): (PortraitScore & { grey: boolean; failed?: string })[] => readFileSync(at(`${folder}/scores.jsonl`), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as PortraitScore & { grey: boolean });

describe('evaluate portraits', () => {
  it('scores colour and grey photographs apart, counts as failed what cannot be read, and writes scores, curve and pictures', async () => {
    const { code, out, err } = await evaluate('-o', at('run'), '--json'), report = JSON.parse(out) as Report;
    expect(code).toBe(1);
    expect(err).toMatch(/^retinamesh: B000444\.jpg: .*no such file or folder; counted as failed$/m);
    expect(report).toMatchObject({ split: 'all', count: 3, failed: ['B000444.jpg'], undercovered: 1, over8: 1 / 3, grey: { count: 1 }, color: { count: 2, undercovered: 1 } });
    expect(report.grey!.median.nmeInner).toBeLessThan(0.03);
    expect(report.grey!.median.colorDifference).toBeLessThan(0.03);
    expect(report.interval95.nme[0]).toBeLessThanOrEqual(report.median.nme);
    expect(readdirSync(at('run')).sort()).toEqual(['best-median-worst.png', 'cumulative-error.png', 'cumulative-error.svg', 'first.png', 'fits.jsonl', 'portraits.json', 'renders.png', 'run.json', 'scores.jsonl', 'worst.png']);
    expect(scoresIn('run').map(({ file, grey, nme }) => [file, grey, nme < 0.05])).toEqual([['egg.png', false, true], ['grey.png', true, true], ['B000444.jpg', false, false]]);
    const { curve } = JSON.parse(readFileSync(at('run/portraits.json'), 'utf8')) as { curve: Record<string, { error: number; all: number }[]> };
    expect([curve.color!.at(-1)!.all, curve.grey!.at(-1)!.all, curve.grey![0]!.all]).toEqual([0.5, 1, 0]);
  });

  it('goes on where a killed run stopped, tries failures again, and refuses other options', async () => {
    const [first, second] = scoresIn('run');
    writeFileSync(at('run/scores.jsonl'), `${JSON.stringify(first)}\n${JSON.stringify(second).slice(0, 40)}`); // cut in the middle of a line
    const { err, out } = await evaluate('-o', at('run'));
    expect(err).toMatch(/going on with the run in .*: 1 of 3 portraits are there[\s\S]*\nretinamesh: B000444\.jpg/);
    expect(out).toMatch(/^2 colour portraits, median \[95 % interval\]:\n {2}NME \/ square root of the label's area: .*\n(.*\n){5}1 grey portraits/);
    const [firstAgain, secondAgain] = scoresIn('run');
    expect(firstAgain).toEqual(first); // with its seconds: it was not fitted again
    expect({ ...secondAgain, seconds: 0 }).toEqual({ ...second, seconds: 0 });
    expect((await evaluate('-o', at('run'), '--box-only')).err).toMatch(/expected .*run\.json to have the same options as now/);
  });

  it('fits the split that it is told, every one of it', async () => {
    const { code, out } = await evaluate('--split', 'held-out', '--json'), report = JSON.parse(out) as Report;
    expect([code, report.count, report.split, report.failed, report.grey]).toEqual([1, 1, 'held-out', ['B000444.jpg'], null]);
  });
  it('fits the mean head in place of the decoder, and compares runs on the portraits that they share', async () => {
    const { out } = await evaluate('--model', 'mean', '--count', '1', '-o', at('mean'), '--json'), { model, median } = JSON.parse(out) as Report & { model: unknown };
    expect(model).toEqual({ kind: 'mean', latent: 0, parameters: 0 });
    const compared = await runHere('evaluate', 'compare', at('run'), at('mean'), '-o', at('compared'), '--json');
    const { portraits, runs } = JSON.parse(compared.out) as { portraits: number; runs: { kind: string; color: PortraitSummary & { ratio: Record<string, number>; ratioInterval95: Record<string, number[]> }; grey: null }[] };
    expect([portraits, ...runs.map(({ kind, grey, color: { count } }) => [kind, grey, count])]).toEqual([1, ['decoder', null, 1], ['mean', null, 1]]);
    const [first, second] = runs as [(typeof runs)[number], (typeof runs)[number]], [egg] = scoresIn('run');
    expect([first.color.median.nme, second.color.median.nme, first.color.ratio.nme]).toEqual([egg!.nme, median.nme, 1]);
    expect(second.color.ratio.nme).toBeCloseTo(median.nme / egg!.nme, 12);
    expect(second.color.ratioInterval95.nme).toEqual([second.color.ratio.nme, second.color.ratio.nme]);
    expect(readdirSync(at('compared')).sort()).toEqual(['compare.json', 'cumulative-error.png', 'cumulative-error.svg']);
    const table = (await runHere('evaluate', 'compare', at('mean'), at('run'))).out;
    expect(table).toMatch(/^1 colour portraits, medians .*\n {2}run +model +parameters .*\n.*mean {2,}mean face +0 .*\n.*run {2,}decoder +\d[\d,]* .* %? \(x \d+\.\d\d \[/);
  });

  it('refuses to compare what is no run, another command\'s, or runs that share no portrait', async () => {
    const run = (name: string, record: unknown, scores = ''): string => {
      mkdirSync(at(name));
      writeFileSync(at(`${name}/run.json`), JSON.stringify(record));
      writeFileSync(at(`${name}/scores.jsonl`), scores);
      return at(name);
    };
    const compare = async (...folders: string[]): Promise<string> => (await runHere('evaluate', 'compare', ...folders)).err;
    expect(await compare(at('images'))).toMatch(/run\.json to have a readable file.*; give a folder that `evaluate portraits -o` wrote/);
    expect(await compare(run('other', { command: 'decoder train' }))).toMatch(/other.run\.json: expected the file at its start to have a record of `evaluate portraits`, got another/);
    expect(await compare(at('run'), run('empty', { command: 'evaluate portraits', decoder: { name: 'x' }, model: { kind: 'pca', latent: 1, parameters: 6 } }))).toMatch(/portraits that all of them have, got none/);
  });
});

const PORTRAITS = '../shared/data/portraits';
it.skipIf(!existsSync(PORTRAITS))('52 of the 698 portraits are grey (skipped where ../shared/data/portraits is absent)', async () => {
  let grey = 0;
  for (const file of readdirSync(join(PORTRAITS, 'images'))) if (isGreyImage(await readImageFile(join(PORTRAITS, 'images', file)))) grey++;
  expect(grey).toBe(52);
});
