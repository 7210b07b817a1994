import { deflateSync } from 'node:zlib';

/** Writes the elements of MATLAB files of version 5, right or wrong, in either byte order. */
export function matWriter(littleEndian = true) {
  const word = (value: number, bytes = 4): Uint8Array => {
    const out = new Uint8Array(bytes), view = new DataView(out.buffer);
    if (bytes === 4) view.setUint32(0, value, littleEndian); else view.setUint16(0, value, littleEndian);
    return out;
  };
  const pad = (bytes: Uint8Array): Uint8Array => join(bytes, new Uint8Array((8 - (bytes.length % 8)) % 8));
  const element = (type: number, data: Uint8Array): Uint8Array => join(word(type), word(data.length), pad(data));
  /** The compact form of at most four bytes. */
  const small = (type: number, data: Uint8Array): Uint8Array => join(word((data.length << 16) | type), data, new Uint8Array(4 - data.length));
  const words = (values: readonly number[]): Uint8Array => join(...values.map((value) => word(value)));
  const matrix = (classId: number, shape: readonly number[], content: Uint8Array, name = '', flags = 0): Uint8Array =>
    element(14, join(element(6, words([classId | flags, 0])), element(5, words(shape)), element(1, ascii(name)), content));
  const compressed = (content: Uint8Array): Uint8Array => {
    const data = new Uint8Array(deflateSync(content));
    return join(word(15), word(data.length), data);
  };
  const file = (...variables: readonly Uint8Array[]): Uint8Array =>
    join(ascii('MATLAB 5.0 MAT-file, by hand'.padEnd(124)), word(0x100, 2), ascii(littleEndian ? 'IM' : 'MI'), ...variables);
  return { word, words, element, small, matrix, compressed, file };
}

export const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
