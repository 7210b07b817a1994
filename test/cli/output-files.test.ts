import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { assertWritableFolder, writeOutputFiles } from '../../src/cli/output-files.ts';

const root = mkdtempSync(join(tmpdir(), 'retinamesh-output-')), file = join(root, 'file');
writeFileSync(file, 'x');
afterAll(() => rmSync(root, { recursive: true }));

describe('assertWritableFolder', () => {
  it('takes folders that exist and such as can be made, and makes nothing', async () => {
    await assertWritableFolder(root);
    await assertWritableFolder(join(root, 'new', 'deep'));
    expect(readdirSync(root)).toEqual(['file']);
  });

  it('refuses a file, and a path through one', async () => {
    await expect(assertWritableFolder(file)).rejects.toThrow(/--output: expected .*file to have a folder, got a file/);
    await expect(assertWritableFolder(join(file, 'deep'))).rejects.toThrow(/got a file/);
  });

  it.skipIf(!existsSync('/proc'))('refuses a place in which nothing can be made, though it may be written to', async () => {
    await expect(assertWritableFolder('/proc/new')).rejects.toThrow(/expected \/proc to have a folder that can be written to, got (one in which nothing can be made|permission denied)/);
  });
});

describe('writeOutputFiles', () => {
  it('makes the folder and writes in order', async () => {
    const folder = join(root, 'a', 'b');
    expect(await writeOutputFiles(folder, { 'x.txt': 'one', 'y.bin': Uint8Array.of(1, 2) })).toEqual([join(folder, 'x.txt'), join(folder, 'y.bin')]);
    expect(readFileSync(join(folder, 'x.txt'), 'utf8')).toBe('one');
    expect(readdirSync(folder).sort()).toEqual(['x.txt', 'y.bin']);
  });

  it('leaves nothing where nothing can be written', async () => {
    await expect(writeOutputFiles(join(file, 'deep'), { x: '1' })).rejects.toThrow(/a folder that can be written to, got a path through a file/);
    const folder = join(root, 'fresh');
    await expect(writeOutputFiles(folder, { 'missing/x': '1', y: '2' })).rejects.toThrow(/no such file or folder/);
    expect(existsSync(folder)).toBe(false);
  });

  it('writes none of the files if one cannot be, and keeps what was there', async () => {
    const folder = join(root, 'kept');
    await writeOutputFiles(folder, { x: 'old' });
    mkdirSync(join(folder, 'y'));
    await expect(writeOutputFiles(folder, { x: 'new', y: '2' })).rejects.toThrow(/kept\/y to have a file, or nothing, got a folder/);
    await expect(writeOutputFiles(folder, { x: 'new', 'missing/z': '2' })).rejects.toThrow(/no such file or folder/);
    expect(readdirSync(folder).sort()).toEqual(['x', 'y']);
    expect(readFileSync(join(folder, 'x'), 'utf8')).toBe('old');
    const deep = join(root, 'one', 'two');
    await expect(writeOutputFiles(deep, { 'missing/z': '2' })).rejects.toThrow();
    expect(existsSync(join(root, 'one'))).toBe(false);
  });
});
