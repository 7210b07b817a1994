import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFileBytes, writeFileAtomic } from '../../src/io/node.ts';

describe('files', () => {
  let folder = '';
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'retinamesh-')); });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('replaces a file as a whole and leaves nothing beside it', async () => {
    const path = join(folder, 'a.bin');
    writeFileSync(path, 'old');
    await writeFileAtomic(path, Uint8Array.of(1, 2, 3));
    expect([...await readFileBytes(path)]).toEqual([1, 2, 3]);
    await writeFileAtomic(path, 'text');
    expect(readFileSync(path, 'utf8')).toBe('text');
    expect(readdirSync(folder)).toEqual(['a.bin']);
  });

  it('names a missing file, a directory and one that is too large', async () => {
    await expect(readFileBytes(join(folder, 'none'))).rejects.toThrow(/none to have a readable file, got no such file or folder/);
    await expect(readFileBytes(folder)).rejects.toThrow('got a directory');
    writeFileSync(join(folder, 'big'), 'xxxx');
    await expect(readFileBytes(join(folder, 'big'), { maxBytes: 3 })).rejects.toThrow('at most 3 bytes, got 4');
  });

  it('refuses a missing folder and keeps the old file when it cannot rename', async () => {
    await expect(writeFileAtomic(join(folder, 'no', 'a'), 'x')).rejects.toThrow('a writable place, got no such file or folder');
    await expect(writeFileAtomic(folder, 'x')).rejects.toThrow('a writable place');
    expect(readdirSync(folder)).toEqual([]);
  });
});
