import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expandPhotos } from '../../src/cli/expand-photos.ts';

const root = mkdtempSync(join(tmpdir(), 'retinamesh-photos-')), at = (path: string): string => join(root, path);
beforeAll(() => {
  for (const path of ['b.jpg', 'a.PNG', 'note.txt', 'day 1/x.jpg', 'day 1/deep/x.webp', 'day[2]/x.jpg', '.hidden/y.jpg', 'day 1/.z.jpg', 'twins/t.jpg', 'twins/t.png', 'bare/readme']) {
    mkdirSync(join(at(path), '..'), { recursive: true });
    writeFileSync(at(path), '');
  }
});
afterAll(() => rmSync(root, { recursive: true }));

const expand = async (...args: string[]): Promise<string[][]> => (await expandPhotos(args.map(at))).map(({ path, name }) => [path.slice(root.length + 1), name]);

it('takes a file as it is, there or not, whatever its extension', async () => {
  expect(await expand('b.jpg', 'none.jpg', 'note.txt')).toEqual([['b.jpg', 'b'], ['none.jpg', 'none'], ['note.txt', 'note']]);
});

it('finds the images of a folder and all below it, sorted, without what is hidden', async () => {
  expect(await expand('')).toEqual([['a.PNG', 'a'], ['b.jpg', 'b'], ['day 1/deep/x.webp', 'day 1/deep/x'], ['day 1/x.jpg', 'day 1/x'], ['day[2]/x.jpg', 'day[2]/x'], ['twins/t.jpg', 'twins/t'], ['twins/t.png', 'twins/t.png']]);
  expect(await expand('day 1')).toEqual([['day 1/deep/x.webp', 'deep/x'], ['day 1/x.jpg', 'x']]);
});

it.each([
  ['*', ['a.PNG', 'b.jpg']], ['?.jpg', ['b.jpg']], ['*/x.*', ['day 1/x.jpg', 'day[2]/x.jpg']], ['**/x.*', ['day 1/deep/x.webp', 'day 1/x.jpg', 'day[2]/x.jpg']],
  ['**/*.jpg', ['b.jpg', 'day 1/x.jpg', 'day[2]/x.jpg', 'twins/t.jpg']], ['day 1/**', ['day 1/deep/x.webp', 'day 1/x.jpg']], ['t*/t.[pj][n-p]g', ['twins/t.jpg', 'twins/t.png']], ['[!b].*', ['a.PNG']], ['[ab].jpg', ['b.jpg']],
])('understands %s', async (pattern, paths) => {
  expect((await expand(pattern)).map(([path]) => path)).toEqual(paths);
});

it('names files below what no wildcard touches', async () => {
  expect(await expand('day*/x.jpg')).toEqual([['day 1/x.jpg', 'day 1/x'], ['day[2]/x.jpg', 'day[2]/x']]);
});

it('takes a photo once, and keeps names apart', async () => {
  expect(await expand('b.jpg', '', 'day 1/x.jpg')).toHaveLength(7);
  expect((await expandPhotos([at('b.jpg'), `${root}/./day 1/../b.jpg`])).map(({ path }) => path)).toEqual([at('b.jpg')]);
  expect((await expand('day 1', 'day[2]')).map(([, name]) => name)).toEqual(['deep/x', 'x', 'x.jpg']);
});

it('says where there are none', async () => {
  await expect(expand('bare')).rejects.toThrow(/detect: expected .*bare to have photos \(\.jpg, .*\), got none among 1 files/);
  await expect(expand('*.tiff')).rejects.toThrow(/expected .*\*\.tiff to have photos .*, got no match/);
  await expect(expand('a[*.jpg')).rejects.toThrow(/got no match/);
  await expect(expand('nowhere/*.jpg')).rejects.toThrow(/got no match/);
});
