import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FormatError, UnsupportedError } from '../../src/core/errors.ts';
import { inflate } from '../../src/io/inflate.ts';
import { readTar } from '../../src/io/tar.ts';
import { join } from '../support/mat-file.ts';
import { expectTypedOrValid } from '../support/mutations.ts';
import { tarFile } from '../support/tar-file.ts';

const TGZ = '../shared/data/wider/predictions.tgz', ABSENT = existsSync(TGZ) ? '' : ` [skipped: no ${TGZ}]`;
const list = (bytes: Uint8Array): [string, string][] => readTar(bytes, 'a.tar').map(({ path, data }) => [path, new TextDecoder().decode(data)]);

describe('tar', () => {
  it('lists the regular files, with their content', () => {
    const bytes = tarFile([{ path: './a/', type: '5' }, { path: './a/b.txt', text: 'hello' }, { path: 'link', type: '2' }, { path: 'empty' }]);
    expect(list(bytes)).toEqual([['a/b.txt', 'hello'], ['empty', '']]);
    expect(list(bytes.subarray(0, -1024))).toEqual(list(bytes)); // without the end mark
    expect(list(new Uint8Array(1024))).toEqual([]);
  });

  it('takes long names of GNU, of pax and of ustar', () => {
    const long = `${'x'.repeat(120)}.txt`, record = `path=${long}\n`;
    expect(list(tarFile([{ path: '././@LongLink', type: 'L', text: `${long}\0` }, { path: 'cut', text: '1' }, { path: 'next', text: '2' }]))).toEqual([[long, '1'], ['next', '2']]);
    expect(list(tarFile([{ path: 'pax', type: 'x', text: `${record.length + 4} ${record}` }, { path: 'cut', text: '1' }]))).toEqual([[long, '1']]);
    expect(list(tarFile([{ path: 'b.txt', prefix: 'a', text: '1' }]))).toEqual([['a/b.txt', '1']]);
  });

  const folder = mkdtempSync(joinPath(tmpdir(), 'retinamesh-tar-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  it.each(['gnu', 'ustar', 'pax'])('reads what tar --format=%s writes', (format) => {
    const long = `${'d'.repeat(90)}/${'f'.repeat(60)}`;
    mkdirSync(joinPath(folder, 'd'.repeat(90)), { recursive: true });
    writeFileSync(joinPath(folder, long), 'content');
    const bytes = new Uint8Array(execFileSync('tar', ['-cf', '-', `--format=${format}`, '-C', folder, './d'.padEnd(92, 'd')]));
    expect(list(bytes)).toEqual([[long, 'content']]);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(0), /the archive at byte 0 to have at least 512 bytes, got 0/],
    ['text', new Uint8Array(600).fill(0x61), /the checksum at byte 148 to have an octal number, got "aaaaaaaa"/],
    ['a wrong checksum', Uint8Array.from(tarFile([{ path: 'a' }]), (x, i) => (i === 0 ? 0x62 : x)), /the header at byte 0 to have the checksum \d+ of a tar archive, got \d+/],
    ['a size that lies', tarFile([{ path: 'a', size: '77777777777' }]), /the file at byte 0 to have at most the 1024 bytes that are left, got 8589934591/],
    ['a size in binary', tarFile([{ path: 'a', size: '\x80\0\0\0\0\0\0\0\0\0\0\x01' }]), /the size at byte 124 to have an octal number/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readTar(bytes, 'a.tar')).toThrow(FormatError);
    expect(() => readTar(bytes, 'a.tar')).toThrow(message);
  });

  it('names a sparse file as unsupported', () => {
    expect(() => readTar(tarFile([{ path: 'a', type: 'S' }]), 'a.tar')).toThrow(UnsupportedError);
    expect(() => readTar(tarFile([{ path: 'a', type: 'S' }]), 'a.tar')).toThrow('an entry of type S at byte 0 is not supported; make the archive with tar --format=ustar or pax');
  });

  it.skipIf(ABSENT)(`ends in a typed error or a valid list, 200 times${ABSENT}`, async () => {
    const packed = new Uint8Array(readFileSync(TGZ)), open = await inflate(packed, TGZ, { format: 'gzip' });
    expect(readTar(open).length).toBe(3226);
    const check = (entries: ReturnType<typeof readTar>): void => entries.forEach(({ path, data }) => expect(path.length + data.length).toBeGreaterThan(0));
    // The first 60 kB, that mutations meet headers often.
    const tally = await expectTypedOrValid((bytes) => readTar(bytes), check, [join(open.subarray(0, 60 * 1024))], 200, 3);
    expect(Math.min(tally.refused, tally.read)).toBeGreaterThan(20);
    await expectTypedOrValid((bytes) => inflate(bytes, TGZ, { format: 'gzip', maxBytes: 1 << 26 }), (bytes) => expect(bytes.length).toBeLessThanOrEqual(1 << 26), [packed.subarray(0, 200_000)], 60, 4);
  });
});
