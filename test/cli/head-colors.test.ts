import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isInSplit } from '../../src/cli/portrait-folder.ts';
import { portraitColorsFromTensors } from '../../src/data/portrait-colors.ts';
import { readSafetensors } from '../../src/io/safetensors.ts';
import { runHere } from '../support/command-line.ts';

const PORTRAITS = '../shared/data/portraits';
const root = mkdtempSync(join(tmpdir(), 'retinamesh-colors-')), at = (...names: string[]): string => join(root, ...names);
afterAll(() => rmSync(root, { recursive: true }));

const BUILT = existsSync('dist/cli/fit-portraits-worker.js');
const ABSENT = !existsSync(PORTRAITS) ? ` [skipped: no ${PORTRAITS}]` : BUILT ? '' : ' [skipped: no dist; npm run build]';
const runBuilt = (...args: string[]): { code: number | null; out: string } => { const { status, stdout } = spawnSync(process.execPath, ['dist/cli/main.js', ...args], { encoding: 'utf8' }); return { code: status, out: stdout }; };

/** A folder with the first few portraits that may train, one that may not, and no points of dlib's. */
function someColours(): { folder: string; files: string[] } {
  const blocks = readFileSync(join(PORTRAITS, 'label.txt'), 'utf8').split(/^(?=#)/m), nameOf = (block: string): string => block.slice(1, block.indexOf('\n')).trim();
  const chosen = [...blocks.filter((block) => isInSplit(nameOf(block), 'training')).slice(0, 3), blocks.find((block) => isInSplit(nameOf(block), 'held-out'))!], files = chosen.map(nameOf);
  mkdirSync(at('portraits', 'images'), { recursive: true });
  for (const file of files) cpSync(join(PORTRAITS, 'images', file), at('portraits', 'images', file));
  writeFileSync(at('portraits', 'label.txt'), chosen.join(''));
  return { folder: at('portraits'), files };
}

describe('head colors', () => {
  it.skipIf(ABSENT)(`learns colours from portraits that are not held out, reads nothing but boxes, five points and pixels, and goes on after a stop${ABSENT}`, async () => {
    const { folder, files } = someColours(), arguments_ = ['head', 'colors', folder, '--workers', '2', '-o', at('run'), '--json'], first = runBuilt(...arguments_);
    expect(first).toMatchObject({ code: 0 });
    expect(JSON.parse(first.out)).toMatchObject({ portraits: 3, modes: 4, files: [at('run', 'colors.png'), at('run', 'colors.safetensors')] });
    const fits = readFileSync(at('run', 'fits.jsonl'), 'utf8'), bytes = readFileSync(at('run', 'colors.safetensors')), { mean, shares, opposite } = portraitColorsFromTensors(readSafetensors(bytes), 6821);
    expect(fits.trim().split('\n').map((line) => (JSON.parse(line) as { file: string }).file).sort()).toEqual(files.slice(0, 3).sort());
    expect([shares.length, [...opposite]]).toEqual([3, [0, 0, 1, 1]]);
    expect(mean.every((x) => x > 0 && x < 1)).toBe(true);
    // A stop in the middle of a line: that portrait is fitted again, and the same file comes out.
    writeFileSync(at('run', 'fits.jsonl'), fits.slice(0, -40));
    expect(runBuilt(...arguments_).code).toBe(0);
    expect(readFileSync(at('run', 'colors.safetensors')).equals(bytes)).toBe(true);
    expect(statSync(at('run', 'colors.png')).size).toBeGreaterThan(10_000);
    const { code, out } = await runHere('head', 'sample', '--colors', at('run', 'colors.safetensors'), '--color-share', '1', '--count', '1', '--size', '32', '-o', at('heads'), '--json');
    expect({ code, out: JSON.parse(out) as unknown }).toMatchObject({ code: 0, out: { count: 1 } });
  }, 300_000);

  it.each([
    [['nowhere', '-o', 'x'], 1, /nowhere\/label\.txt.*give a folder with images\/ and label\.txt/],
    [['x'], 2, /--output/],
    [['x', '-o', 'y', '--workers', '0'], 2, /whole number between 1 and 64/],
  ])('%j ends with %i', async (args, code, line) => {
    const result = await runHere('head', 'colors', ...args);
    expect(result.code).toBe(code);
    expect(result.err).toMatch(line);
  });
});
