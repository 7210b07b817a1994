import { spawn, spawnSync } from 'node:child_process';
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

  it.skipIf(process.platform === 'win32')('refuses a device, and reads a pipe to its end or its limit', async () => {
    await expect(readFileBytes('/dev/zero')).rejects.toThrow('readFileBytes: expected /dev/zero to have a readable file, got a device');
    const pipe = join(folder, 'pipe'), put = (text: string) => spawn('sh', ['-c', `printf '${text}' > "$0"`, pipe], { stdio: 'ignore' });
    spawnSync('mkfifo', [pipe]);
    put('1234');
    expect(new TextDecoder().decode(await readFileBytes(pipe, { maxBytes: 4 }))).toBe('1234');
    put('12345');
    await expect(readFileBytes(pipe, { maxBytes: 4 })).rejects.toThrow(/pipe to have at most 4 bytes, got more/);
  });

  it('refuses a missing folder and keeps the old file when it cannot rename', async () => {
    await expect(writeFileAtomic(join(folder, 'no', 'a'), 'x')).rejects.toThrow('a writable place, got no such file or folder');
    await expect(writeFileAtomic(folder, 'x')).rejects.toThrow('a writable place');
    expect(readdirSync(folder)).toEqual([]);
  });
});
