import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../src/core/errors.ts';
import { inflate } from '../../src/io/inflate.ts';

const content = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) & 0xff);
const broken = new Uint8Array(deflateSync(content));
broken[broken.length - 1]! ^= 1;

describe('inflate', () => {
  it.each([['deflate', deflateSync], ['deflate-raw', deflateRawSync], ['gzip', gzipSync]] as const)('undoes %s, empty and not', async (format, deflate) => {
    for (const bytes of [content, new Uint8Array(0)]) expect(Buffer.compare(await inflate(new Uint8Array(deflate(bytes)), 'x', { format }), bytes)).toBe(0);
  });

  it.each<[string, Uint8Array, Parameters<typeof inflate>[2], RegExp]>([
    ['nothing', new Uint8Array(0), {}, /a\.z: expected the compressed data at byte 0 to have whole deflate data, got unexpected end of file/],
    ['what ends early', new Uint8Array(deflateSync(content)).subarray(0, 200), { offset: 9 }, /at byte 9 to have whole deflate data, got unexpected end of file/],
    ['a wrong checksum', broken, {}, /got incorrect data check/],
    ['other bytes', content, { format: 'gzip' }, /whole gzip data, got incorrect header check/],
    ['a bomb', new Uint8Array(deflateSync(new Uint8Array(1 << 26))), { maxBytes: 1000 }, /at most 1000 bytes once inflated, got more/],
  ])('refuses %s', async (_, bytes, options, message) => {
    await expect(inflate(bytes, 'a.z', options)).rejects.toThrow(FormatError);
    await expect(inflate(bytes, 'a.z', options)).rejects.toThrow(message);
  });
});
