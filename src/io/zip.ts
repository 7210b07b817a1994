import type { ByteBudget } from './byte-budget.ts';
import { crc32 } from './crc32.ts';
import { type FileFaults, quoteText } from './file-faults.ts';
import { inflate } from './inflate.ts';

/** A file in a zip archive. */
export interface ZipEntry {
  readonly name: string;
  readonly compressed: boolean;
  /** Of the content. */
  readonly crc: number;
  readonly size: number;
  /** Its bytes in the archive. */
  readonly start: number;
  readonly end: number;
}

const SIGNATURE = { local: 0x04034b50, central: 0x02014b50, end64: 0x06064b50, end: 0x06054b50 } as const;
const SIZE = { local: 30, central: 46, end64: 56 + 20, end: 22 } as const;

/**
 * Reads the directory of a zip archive: names, sizes and places, each checked against the archive; nothing is unpacked.
 *
 * Format: PKWARE, APPNOTE.TXT 4.3; without encryption, parts and the 64-bit form.
 *
 * @throws FormatError where the archive contradicts itself; UnsupportedError for what it may hold and this does not read.
 */
export function readZipDirectory(bytes: Uint8Array, faults: FileFaults): ReadonlyMap<string, ZipEntry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), record = findEnd(view, faults);
  const count = view.getUint16(record + 10, true), size = view.getUint32(record + 12, true), start = view.getUint32(record + 16, true), end = start + size;
  if (count === 0xffff || size === 0xffffffff || start === 0xffffffff) faults.refused('a zip archive in the 64-bit form', record);
  if (view.getUint32(record + 4, true) !== 0 || view.getUint16(record + 8, true) !== count) faults.refused('a zip archive in several parts', record);
  // PyTorch writes the records of the 64-bit form too, saying the same.
  const isWhole = end === record || (end + SIZE.end64 === record && view.getUint32(end, true) === SIGNATURE.end64);
  if (!isWhole) faults.broken('the zip directory', `an end at byte ${record}, where the last record is`, `${size} bytes from byte ${start}`, record);
  const entries = new Map<string, ZipEntry>();
  let at = start;
  for (let i = 0; i < count; i++) {
    if (at + SIZE.central > end || view.getUint32(at, true) !== SIGNATURE.central) faults.broken('the zip directory', `entry ${i} of ${count}`, 'none', at);
    const next = at + SIZE.central + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > end) faults.broken('the zip directory', `entry ${i} of ${count} before its end`, `an end at byte ${next}`, at);
    const entry = readEntry(bytes, view, at, start, faults);
    if (entries.has(entry.name)) faults.broken('the zip directory', 'names that occur once', `${quoteText(entry.name)} twice`, at);
    entries.set(entry.name, entry);
    at = next;
  }
  if (at !== end) faults.broken('the zip directory', `no byte after its ${count} entries`, `${end - at}`, at);
  return entries;
}

// It is the last record; a comment of up to 65,535 bytes may follow.
function findEnd(view: DataView, faults: FileFaults): number {
  for (let at = view.byteLength - SIZE.end; at >= Math.max(0, view.byteLength - SIZE.end - 0xffff); at--) {
    if (view.getUint32(at, true) === SIGNATURE.end && at + SIZE.end + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  return faults.broken('the zip archive', 'a directory at its end (is the file cut short?)', 'none', view.byteLength);
}

function readEntry(bytes: Uint8Array, view: DataView, at: number, limit: number, faults: FileFaults): ZipEntry {
  const nameBytes = bytes.subarray(at + SIZE.central, at + SIZE.central + view.getUint16(at + 28, true)), name = new TextDecoder().decode(nameBytes);
  const what = `zip entry ${quoteText(name)}`, flags = view.getUint16(at + 8, true), method = view.getUint16(at + 10, true);
  const packed = view.getUint32(at + 20, true), size = view.getUint32(at + 24, true), local = view.getUint32(at + 42, true);
  if (flags & 0x2041) faults.refused(`the encrypted ${what}`, at);
  if (method !== 0 && method !== 8) faults.refused(`compression method ${method} of ${what}`, at);
  if (packed === 0xffffffff || size === 0xffffffff || local === 0xffffffff) faults.refused(`${what} in the 64-bit form`, at);
  if (method === 0 && packed !== size) faults.broken(what, `${size} bytes, as it is not compressed`, `${packed}`, at);
  if (local + SIZE.local > limit || view.getUint32(local, true) !== SIGNATURE.local) faults.broken(what, 'a record in the archive', `none at byte ${local}`, at);
  const nameEnd = local + SIZE.local + view.getUint16(local + 26, true), start = nameEnd + view.getUint16(local + 28, true);
  if (start + packed > limit) faults.broken(what, `its end before the directory at byte ${limit}`, `byte ${start + packed}`, local);
  const localName = bytes.subarray(local + SIZE.local, nameEnd);
  if (localName.length !== nameBytes.length || localName.some((byte, i) => byte !== nameBytes[i])) faults.broken(what, 'the same name in its own record', quoteText(new TextDecoder().decode(localName)), local);
  return { name, compressed: method === 8, crc: view.getUint32(at + 16, true), size, start, end: start + packed };
}

/**
 * The content of an entry: a view of the archive where it is stored, unpacked otherwise. It never becomes larger than the
 * directory says, nor than the budget allows. The checksum is compared; PyTorch writes 0 where it was told to write none.
 *
 * @throws FormatError for a wrong checksum or size; UnsupportedError beyond the budget.
 */
export async function readZipEntry(bytes: Uint8Array, entry: ZipEntry, budget: ByteBudget, faults: FileFaults): Promise<Uint8Array> {
  const what = `zip entry ${quoteText(entry.name)}`, content = bytes.subarray(entry.start, entry.end);
  if (entry.compressed) { // it is there twice while its parts are put together
    budget.take(2 * entry.size, `${what} of ${entry.size} bytes`, faults, entry.start);
    return inflate(asGzip(content, entry), `${faults.where}: ${what}`, { format: 'gzip', maxBytes: entry.size, offset: entry.start });
  }
  const crc = entry.crc === 0 ? 0 : crc32(content);
  if (crc !== entry.crc) faults.broken(what, `the checksum ${hex(entry.crc)} of the directory (is the file damaged?)`, hex(crc), entry.start);
  return content;
}

const hex = (crc: number): string => crc.toString(16).padStart(8, '0');

// The platform unpacks gzip, which is deflate between a header and checksum and size: both are in the directory, and so it compares them.
function asGzip(content: Uint8Array, { crc, size }: ZipEntry): Uint8Array {
  const out = new Uint8Array(10 + content.length + 8), view = new DataView(out.buffer);
  out.set([0x1f, 0x8b, 8]);
  out.set(content, 10);
  view.setUint32(10 + content.length, crc, true);
  view.setUint32(14 + content.length, size, true);
  return out;
}
