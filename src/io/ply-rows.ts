import { parseDecimal } from './number-text.ts';
import type { PlyFail, PlyHeader, PlyType } from './ply-header.ts';

/** The values of a PLY file in the order of its tables. */
export interface PlyRows {
  /** Starts a row; `what` names it in errors, e.g. `vertex 12`. */
  begin(what: string): void;
  /** The next number, finite and, where its type is whole, within it. */
  read(type: PlyType): number;
  skip(type: PlyType, count: number): void;
  /** How many values of a type can be left at most. */
  room(type: PlyType): number;
  /** Ends a row. */
  end(): void;
  /** Ends the file: whatever is left over is a fault. */
  close(): void;
  /** Of the row, e.g. `line 14` or `byte 812`. */
  position(): string;
}

/** Opens the tables of a PLY file. */
export function openPlyRows(bytes: Uint8Array, header: PlyHeader, fail: PlyFail): PlyRows {
  return header.encoding === 'ascii' ? openText(bytes, header, fail) : openBinary(bytes, header, fail);
}

function openBinary(bytes: Uint8Array, { bodyByte, encoding }: PlyHeader, fail: PlyFail): PlyRows {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), little = encoding === 'binary_little_endian';
  let next = bodyByte, row = next, what = '';
  const readers = {
    signed: { 1: () => view.getInt8(next), 2: () => view.getInt16(next, little), 4: () => view.getInt32(next, little), 8: () => NaN },
    unsigned: { 1: () => view.getUint8(next), 2: () => view.getUint16(next, little), 4: () => view.getUint32(next, little), 8: () => NaN },
    float: { 1: () => NaN, 2: () => NaN, 4: () => view.getFloat32(next, little), 8: () => view.getFloat64(next, little) },
  };
  const need = (size: number): void => {
    if (size > bytes.length - next) fail(what, `${size} bytes`, `the end of the file after ${bytes.length - next}`, `byte ${next}`);
  };
  return {
    begin(name) {
      what = name;
      row = next;
    },
    read({ bytes: size, kind }) {
      need(size);
      const value = readers[kind][size]();
      if (!Number.isFinite(value)) fail(what, 'finite numbers', `${value}`, `byte ${next}`);
      next += size;
      return value;
    },
    skip({ bytes: size }, count) {
      need(size * count);
      next += size * count;
    },
    room: ({ bytes: size }) => Math.floor((bytes.length - next) / size),
    end() {},
    close() {
      if (next < bytes.length) fail('the file', 'no byte after the rows that its header counts', `${bytes.length - next}`, `byte ${next}`);
    },
    position: () => `byte ${row}`,
  };
}

function openText(bytes: Uint8Array, { bodyByte, bodyLine }: PlyHeader, fail: PlyFail): PlyRows {
  const decoder = new TextDecoder('latin1');
  let next = bodyByte, line = bodyLine - 1, what = '', fields: string[] = [], column = 0;
  // The next line that is not blank; false at the end.
  const advance = (): boolean => {
    fields = [];
    column = 0;
    while (fields.length === 0 && next < bytes.length) {
      const found = bytes.indexOf(10, next), end = found < 0 ? bytes.length : found, text = decoder.decode(bytes.subarray(next, end)).trim();
      next = end + 1;
      line++;
      if (text !== '') fields = text.split(/\s+/);
    }
    return fields.length > 0;
  };
  const position = (): string => `line ${line}`;
  const take = (): string => fields[column] ?? fail(what, `more than ${fields.length} values`, `${fields.length}`, position());
  return {
    begin(name) {
      what = name;
      if (!advance()) fail(what, 'a line', 'the end of the file', `line ${line + 1}`);
    },
    read({ bytes: size, kind }) {
      const text = take(), value = parseDecimal(text), top = kind === 'unsigned' ? 2 ** (8 * size) : 2 ** (8 * size - 1), bottom = kind === 'unsigned' ? 0 : -top;
      if (Number.isNaN(value)) fail(what, 'finite numbers', text.slice(0, 40), position());
      if (kind !== 'float' && !(Number.isInteger(value) && value >= bottom && value < top)) fail(what, `whole numbers in [${bottom}, ${top})`, text.slice(0, 40), position());
      column++;
      return value;
    },
    skip(_, count) {
      column += count;
      if (column > fields.length) fail(what, `at least ${column} values`, `${fields.length}`, position());
    },
    room: () => fields.length - column,
    end() {
      if (column < fields.length) fail(what, `${column} values`, `${fields.length}`, position());
    },
    close() {
      if (advance()) fail('the file', 'no line after the rows that its header counts', fields.join(' ').slice(0, 40), position());
    },
    position,
  };
}
