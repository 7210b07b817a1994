import { FormatError, UnsupportedError } from '../core/errors.ts';

/** A regular file of an archive. */
export interface TarEntry {
  /** As the archive names it, without `./` before it. */
  readonly path: string;
  /** A view of the archive's bytes. */
  readonly data: Uint8Array;
}

const BLOCK = 512;

/**
 * Lists the regular files of a tar archive: ustar, with the long names of GNU and of POSIX (pax). Folders and links are left out.
 * Nothing is written anywhere, so a path may be any.
 *
 * @throws {@link FormatError} with the byte, if a header's checksum is wrong or a file goes on past the end of the archive;
 *   {@link UnsupportedError} for sparse files and archives of several volumes.
 */
export function readTar(bytes: Uint8Array, where = 'readTar'): TarEntry[] {
  const entries: TarEntry[] = [];
  let longPath: string | undefined;
  for (let at = 0; at + BLOCK <= bytes.length;) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) return entries;
    checkSum(header, where, at);
    const size = readOctal(header, 124, 12, where, at, 'the size'), type = String.fromCharCode(header[156] || 0x30), begin = at + BLOCK;
    if (begin + size > bytes.length) throw new FormatError(where, 'the file', `at most the ${bytes.length - begin} bytes that are left`, `${size}`, `byte ${at}`);
    const data = bytes.subarray(begin, begin + size);
    if (type === 'L') longPath = readText(data);
    else if (type === 'x') longPath = readPaxPath(data) ?? longPath;
    else if (type === 'S' || type === 'M') throw new UnsupportedError(where, `an entry of type ${type} at byte ${at}`, 'make the archive with tar --format=ustar or pax');
    else if (type !== 'g' && type !== 'K') {
      if (type === '0' || type === '7') entries.push({ path: (longPath ?? readPath(header)).replace(/^(\.\/)+/, ''), data });
      longPath = undefined;
    }
    at = begin + BLOCK * Math.ceil(size / BLOCK);
  }
  // Some writers leave the two empty blocks out; an archive that is no archive at all has been refused by its checksum.
  if (bytes.length < BLOCK) throw new FormatError(where, 'the archive', `at least ${BLOCK} bytes`, `${bytes.length}`, 'byte 0');
  return entries;
}

function checkSum(header: Uint8Array, where: string, at: number): void {
  const stated = readOctal(header, 148, 8, where, at, 'the checksum');
  const sum = header.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 0x20 : byte), 0);
  if (sum !== stated) throw new FormatError(where, 'the header', `the checksum ${sum} of a tar archive`, `${stated}`, `byte ${at}`);
}

function readOctal(header: Uint8Array, begin: number, length: number, where: string, at: number, what: string): number {
  const text = readText(header.subarray(begin, begin + length)).trim();
  if (!/^[0-7]{1,11}$/.test(text)) throw new FormatError(where, what, 'an octal number', JSON.stringify(text.slice(0, 12)), `byte ${at + begin}`);
  return Number.parseInt(text, 8);
}

function readPath(header: Uint8Array): string {
  const name = readText(header.subarray(0, 100)), isUstar = readText(header.subarray(257, 263)).startsWith('ustar') && header[262] === 0;
  const prefix = isUstar ? readText(header.subarray(345, 500)) : '';
  return prefix ? `${prefix}/${name}` : name;
}

const readText = (bytes: Uint8Array): string => {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
};

// Records `length key=value\n`; a length that lies ends the search.
function readPaxPath(data: Uint8Array): string | undefined {
  for (let at = 0; at < data.length;) {
    const space = data.indexOf(0x20, at), length = Number(new TextDecoder('latin1').decode(data.subarray(at, Math.min(space < 0 ? at : space, at + 12))));
    if (space < 0 || !(length > 0) || at + length > data.length) return undefined;
    const record = new TextDecoder().decode(data.subarray(space + 1, at + length - 1));
    if (record.startsWith('path=')) return record.slice(5);
    at += length;
  }
  return undefined;
}
