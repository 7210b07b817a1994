import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { FormatError, UnsupportedError } from '../../src/core/errors.ts';
import { ByteBudget } from '../../src/io/byte-budget.ts';
import { crc32 } from '../../src/io/crc32.ts';
import { FileFaults } from '../../src/io/file-faults.ts';
import { readZipDirectory, readZipEntry } from '../../src/io/zip.ts';
import { u16, u32, writeZip, type ZipOptions } from '../support/torch-writer.ts';

const faults = new FileFaults('x.zip', 'pack it again'), text = (s: string): Uint8Array => new TextEncoder().encode(s);
const long = text('0123456789'.repeat(50_000));

async function unpack(bytes: Uint8Array): Promise<Record<string, Uint8Array>> {
  const budget = new ByteBudget(bytes.length), out: Record<string, Uint8Array> = {};
  for (const entry of readZipDirectory(bytes, faults).values()) out[entry.name] = await readZipEntry(bytes, entry, budget, faults);
  return out;
}

function patch(bytes: Uint8Array, at: number, values: readonly number[]): Uint8Array {
  const out = bytes.slice();
  out.set(values, at < 0 ? out.length + at : at);
  return out;
}

it('computes the checksum that the standard gives', () => expect(crc32(text('123456789'))).toBe(0xcbf43926));

describe('zip', () => {
  it('reads entries stored and packed, and a comment', async () => {
    const bytes = writeZip([['a/ä.txt', text('hello')], ['a/long', long, { deflate: true }], ['empty', new Uint8Array(0)], ['none', new Uint8Array(0), { deflate: true }]], 'a comment');
    expect(bytes.length).toBeLessThan(20_000);
    const { 'a/long': unpacked, ...rest } = await unpack(bytes);
    expect(Buffer.compare(unpacked!, long)).toBe(0);
    expect(rest).toEqual({ 'a/ä.txt': text('hello'), empty: new Uint8Array(0), none: new Uint8Array(0) });
  });

  it('takes a checksum of 0 of a stored entry for none: PyTorch writes that when told to', async () => {
    expect(await unpack(writeZip([['a', text('hello'), { crc: 0 }]]))).toEqual({ a: text('hello') });
  });

  const small = writeZip([['a', text('hello')]]), directory = 30 + 1 + 5; // of the record, the name, the content
  it.each<[string, Uint8Array | [Uint8Array, ZipOptions], RegExp]>([
    ['nothing', new Uint8Array(0), /the zip archive at byte 0 to have a directory at its end/],
    ['an archive cut short', small.subarray(0, small.length - 1), /a directory at its end \(is the file cut short\?\), got none/],
    ['a directory that ends elsewhere', patch(small, -10, u32(99)), /the zip directory at byte 83 to have an end at byte 83, where the last record is, got 99 bytes from byte 36/],
    ['more entries than there are', patch(patch(small, -14, u16(2)), -12, u16(2)), /entry 1 of 2, got none/],
    ['fewer entries than there are', patch(patch(small, -14, u16(0)), -12, u16(0)), /no byte after its 0 entries, got 47/],
    ['a name longer than the directory', patch(small, directory + 28, u16(99)), /entry 0 of 1 before its end, got an end at byte 181/],
    ['a name twice', writeZip([['a', text('x')], ['a', text('y')]]), /names that occur once, got a twice/],
    ['an entry that is not there', patch(small, directory + 42, u32(3)), /zip entry a at byte 36 to have a record in the archive, got none at byte 3/],
    ['an entry beyond the archive', patch(small, directory + 42, u32(0x7fffffff)), /none at byte 2147483647/],
    ['another name in its own record', [text('hello'), { localName: 'b' }], /the same name in its own record, got b/],
    ['an entry that reaches into the directory', patch(patch(small, directory + 20, u32(999)), directory + 24, u32(999)), /its end before the directory at byte 36, got byte 1030/],
    ['a stored entry of two sizes', [text('hello'), { size: 6 }], /6 bytes, as it is not compressed, got 5/],
    ['a wrong checksum', [text('hello'), { crc: 7 }], /the checksum 00000007 of the directory \(is the file damaged\?\), got 3610a686/],
    ['a wrong checksum of a packed one', [long, { crc: 7, deflate: true }], /zip entry a: expected the compressed data at byte 31 to have whole gzip data, got incorrect data check/],
    ['a packed entry longer than it says', [long, { size: 499_999, deflate: true }], /incorrect length check|at most 499999 bytes once inflated/],
    ['a packed entry shorter than it says', [long, { size: 500_001, deflate: true }], /incorrect length check/],
    ['a packed entry that is none', [text('no deflate'), { method: 8 }], /whole gzip data, got invalid block type/],
    ['an empty packed entry', [new Uint8Array(0), { method: 8, size: 3 }], /whole gzip data, got invalid/],
  ])('calls %s broken', async (_, given, message) => {
    const bytes = given instanceof Uint8Array ? given : writeZip([['a', ...given]]);
    await expect(unpack(bytes)).rejects.toThrow(FormatError);
    await expect(unpack(bytes)).rejects.toThrow(message);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['encryption', writeZip([['a', text('x'), { flags: 1 }]]), /the encrypted zip entry a at byte 32 is not supported; pack it again/],
    ['another compression', writeZip([['a', text('x'), { method: 93 }]]), /compression method 93 of zip entry a/],
    ['several parts', patch(small, -18, u16(1)), /a zip archive in several parts/],
    ['the 64-bit form', patch(small, -12, [255, 255]), /a zip archive in the 64-bit form/],
    ['an entry in the 64-bit form', patch(small, directory + 42, u32(0xffffffff)), /zip entry a in the 64-bit form/],
    ['an entry that says it is 4 GB', writeZip([['a', long, { deflate: true, size: 0xfffffffe }]]), /zip entry a of 4294967294 bytes, which makes more than 4 times the file's \d+ bytes and 64 MiB, at byte 31/],
  ])('refuses %s', async (_, bytes, message) => {
    await expect(unpack(bytes)).rejects.toThrow(UnsupportedError);
    await expect(unpack(bytes)).rejects.toThrow(message);
  });

  it('stops at the size that a bomb admits, and at the budget of all entries together', async () => {
    const zeros = new Uint8Array(1 << 25), packed = deflateRawSync(zeros), lying = writeZip([['a', packed, { method: 8, size: 1000 }]]);
    await expect(unpack(lying)).rejects.toThrow(/at most 1000 bytes once inflated, got more/);
    const many = writeZip(['a', 'b'].map((name) => [name, packed, { method: 8, size: zeros.length, crc: crc32(zeros) }]));
    expect(many.length).toBeLessThan(200_000);
    await expect(unpack(many)).rejects.toThrow(/zip entry b of 33554432 bytes, which makes more than 4 times/);
  });
});
