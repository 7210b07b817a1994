import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { GalleryScore } from '../../src/cli/evaluate-gallery.ts';
import { GALLERY_CASES, parseGalleryCases } from '../../src/cli/gallery-cases.ts';
import { isInSplit } from '../../src/cli/portrait-folder.ts';
import { readImageFile } from '../../src/io/node-image.ts';
import { runHere } from '../support/command-line.ts';
import { writeEggPortraits } from '../support/egg-portraits.ts';

const root = mkdtempSync(join(tmpdir(), 'retinamesh-gallery-')), at = (name: string): string => join(root, name);

beforeAll(() => writeEggPortraits(root));
afterAll(() => rmSync(root, { recursive: true }));

const gallery = (...args: string[]) => runHere('evaluate', 'gallery', root, '--decoder', at('egg.safetensors'), ...args);

it('fits each case, a small face as well, and writes a picture with captions', async () => {
  writeFileSync(at('cases.csv'), '# mine\nan egg & more,egg.png\n\nsmall,egg.png,48\n');
  const { code, out } = await gallery('--cases', at('cases.csv'), '-o', at('out')), { cases } = JSON.parse(readFileSync(at('out/gallery.json'), 'utf8')) as { cases: GalleryScore[] };
  expect(code).toBe(0);
  expect(out).toMatch(/^an egg & more, egg\.png: NME \d+\.\d\d %, without the outline \d+\.\d\d %, colour difference 0\.\d{4}, \d+\.\d s\nsmall, egg\.png: NME/);
  expect(cases.map(({ label, file, pixels, grey, nmeInner }) => [label, file, pixels, grey, nmeInner < 0.03])).toEqual([['an egg & more', 'egg.png', null, false, true], ['small', 'egg.png', 48, false, true]]);
  const { width, height, data, channels } = await readImageFile(at('out/gallery.png'));
  expect([width, height]).toEqual([2 * (3 * 224 + 10) + 10, 10 + 2 * 18 + 224 + 10]);
  // Letters, dark on white, in the strip above the pictures.
  expect(data.subarray(0, 46 * width * channels).some((x) => x < 100)).toBe(true);
});

it('names a case that the folder does not have, and a line that is none', async () => {
  writeFileSync(at('strange.csv'), 'x,nobody.jpg\n');
  writeFileSync(at('broken.csv'), 'x,egg.png\nx,egg.png,3\n');
  writeFileSync(at('empty.csv'), '# nothing\n');
  expect((await gallery('--cases', at('strange.csv'), '-o', at('no'))).err).toMatch(/evaluate gallery: expected .*strange\.csv to have files that the folder's labels name, got nobody\.jpg/);
  expect((await gallery('--cases', at('broken.csv'), '-o', at('no'))).err).toMatch(/broken\.csv: expected a case at line 2 to have case,file or case,file,pixels with at least 16 whole pixels, got "x,egg\.png,3"/);
  expect((await gallery('--cases', at('empty.csv'), '-o', at('no'))).err).toMatch(/empty\.csv: expected cases at line 1 to have a line case,file, got none/);
});

it('shows by itself what the issue asks for, none of it held out', () => {
  const cases = parseGalleryCases(GALLERY_CASES, 'usual');
  for (const label of ['glasses', 'beard', 'hair over the forehead', 'open mouth', 'hard side light', 'grey photograph', '48-pixel face']) expect(cases.some((one) => one.label === label), label).toBe(true);
  expect(cases.filter(({ file }) => !isInSplit(file, 'training'))).toEqual([]);
});
