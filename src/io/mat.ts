import { FormatError, UnsupportedError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import { quoteText } from './file-faults.ts';
import { inflate } from './inflate.ts';

/** An array of numbers; booleans are 0 and 1. */
export interface MatNumbers {
  readonly kind: 'numbers';
  /** Rows, columns, ... */
  readonly shape: readonly number[];
  /** First index fastest, as MATLAB keeps it. Integers above 2^53 are rounded. */
  readonly data: Float64Array;
}

/** An array of characters: one string a row. */
export interface MatText {
  readonly kind: 'text';
  readonly rows: readonly string[];
}

/** An array of values of any kind. */
export interface MatCells {
  readonly kind: 'cells';
  readonly shape: readonly number[];
  /** First index fastest. */
  readonly cells: readonly MatValue[];
}

export type MatValue = MatNumbers | MatText | MatCells;

/** What is read of a file. */
export interface ReadMatOptions {
  /** Only these variables, each of which must be there; `null` is all of them. */
  readonly variables: readonly string[] | null;
  /** Bytes that the compressed variables may hold together. */
  readonly maxBytes: number;
}

export const READ_MAT_DEFAULTS: ReadMatOptions = { variables: null, maxBytes: 1 << 26 };

/** Bytes of a file, or of one of its compressed elements. */
interface Source {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly littleEndian: boolean;
  fail(at: number, what: string, expected: string, actual: string): never;
  /** For what is known and not read. */
  refuse(what: string): never;
}

interface Element {
  readonly type: number;
  readonly begin: number;
  readonly end: number;
  /** Where the next one begins. */
  readonly next: number;
}

const HEADER = 128, MATRIX = 14, COMPRESSED = 15, MAX_DEPTH = 16, MAX_DIMENSIONS = 32;

/** By type of element: bytes a number, and its reader. */
const NUMBERS: Readonly<Record<number, { readonly bytes: number; read(view: DataView, at: number, littleEndian: boolean): number }>> = {
  1: { bytes: 1, read: (view, at) => view.getInt8(at) }, 2: { bytes: 1, read: (view, at) => view.getUint8(at) },
  3: { bytes: 2, read: (view, at, le) => view.getInt16(at, le) }, 4: { bytes: 2, read: (view, at, le) => view.getUint16(at, le) },
  5: { bytes: 4, read: (view, at, le) => view.getInt32(at, le) }, 6: { bytes: 4, read: (view, at, le) => view.getUint32(at, le) },
  7: { bytes: 4, read: (view, at, le) => view.getFloat32(at, le) }, 9: { bytes: 8, read: (view, at, le) => view.getFloat64(at, le) },
  12: { bytes: 8, read: (view, at, le) => Number(view.getBigInt64(at, le)) }, 13: { bytes: 8, read: (view, at, le) => Number(view.getBigUint64(at, le)) },
};

/** Characters are unsigned, whatever the file calls them. */
const TEXT_AS: Readonly<Record<number, number>> = { 1: 2, 3: 4, 17: 4 };

const UTF8 = 16, CELL = 1, CHAR = 4, FIRST_NUMERIC = 6, LAST_NUMERIC = 15;
const OTHER_CLASSES: Readonly<Record<number, string>> = { 2: 'a struct', 3: 'an object', 5: 'a sparse matrix', 16: 'a function handle', 17: 'an opaque object' };

// Shared, so that a file of empty cells costs a reference each.
const EMPTY: MatNumbers = { kind: 'numbers', shape: [0, 0], data: new Float64Array(0) };

/**
 * Reads a MATLAB file of version 5 (`-v6`, or `-v7` with compressed variables), of either byte order: numbers, characters and cells.
 *
 * Nothing is believed before it is checked: sizes against the bytes that are there, inflated bytes against a limit, nesting against 16.
 * Source: "MAT-File Format", MathWorks, chapter 1 (level 5).
 *
 * @returns Variables by name, in the order of the file.
 * @throws {@link FormatError} with the byte, if the file is not what it claims or lacks a variable that `variables` names;
 *   {@link UnsupportedError} for version 7.3 (HDF5), and for structs, objects, sparse and complex arrays among the variables read.
 */
export async function readMat(bytes: Uint8Array, where = 'readMat', options: Partial<ReadMatOptions> = {}): Promise<Map<string, MatValue>> {
  const { variables, maxBytes } = resolveOptions('readMat', READ_MAT_DEFAULTS, options);
  const file = openFile(bytes, where), found = new Map<string, MatValue>();
  let inflated = 0;
  for (let at = HEADER; at < bytes.length;) {
    const element = readElement(file, at, bytes.length);
    let source = file, matrix = element;
    if (element.type === COMPRESSED) {
      const content = await inflate(bytes.subarray(element.begin, element.end), where, { maxBytes: maxBytes - inflated, offset: element.begin });
      inflated += content.length;
      source = openSource(content, where, file.littleEndian, ` of what is compressed at byte ${at}`);
      matrix = readElement(source, 0, content.length);
      if (matrix.next !== content.length) source.fail(matrix.next, 'the variable', 'no byte after it', `${content.length - matrix.next}`);
    }
    if (matrix.type !== MATRIX) source.fail(element === matrix ? at : 0, 'the variable', 'type 14, a matrix', `type ${matrix.type}`);
    const header = readMatrixHeader(source, matrix);
    if (!variables || variables.includes(header.name)) found.set(header.name, readMatrix(source, matrix, header, 0));
    at = element.next;
  }
  const missing = variables?.find((name) => !found.has(name));
  if (missing !== undefined) throw new FormatError(where, 'the variables', `one named ${missing}`, [...found.keys()].map(quoteText).join(', ') || 'none of those wanted', `byte ${HEADER}`);
  return found;
}

function openSource(bytes: Uint8Array, where: string, littleEndian: boolean, place = ''): Source {
  return {
    bytes, littleEndian, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    fail: (at, what, expected, actual) => { throw new FormatError(where, what, expected, actual, `byte ${at}${place}`); },
    refuse: (what) => { throw new UnsupportedError(where, what, 'save it as numbers, characters or cells'); },
  };
}

function openFile(bytes: Uint8Array, where: string): Source {
  const probe = openSource(bytes, where, true);
  if (bytes.length < HEADER) probe.fail(0, 'the header', `${HEADER} bytes`, `${bytes.length}`);
  const mark = String.fromCharCode(bytes[126]!, bytes[127]!);
  if (mark !== 'IM' && mark !== 'MI') probe.fail(126, 'the header', 'the mark MI or IM of a MATLAB file of version 5', JSON.stringify(mark));
  const file = openSource(bytes, where, mark === 'IM'), version = file.view.getUint16(124, file.littleEndian);
  if (version === 0x200) throw new UnsupportedError(where, 'a MATLAB file of version 7.3 (HDF5)', 'save it with -v7');
  if (version !== 0x100) file.fail(124, 'the header', 'version 0x100', `0x${version.toString(16)}`);
  return file;
}

// A tag of 8 bytes, type and size; or, for up to 4 bytes, both in the first word and the data in the second.
function readElement(source: Source, at: number, limit: number): Element {
  if (at + 8 > limit) return source.fail(at, 'the element', 'a tag of 8 bytes', `${limit - at} bytes`);
  const word = source.view.getUint32(at, source.littleEndian), small = word >>> 16;
  const type = small > 0 ? word & 0xffff : word, size = small > 0 ? small : source.view.getUint32(at + 4, source.littleEndian);
  if (small > 4) return source.fail(at, 'the small element', 'at most 4 bytes', `${small}`);
  const begin = at + (small > 0 ? 4 : 8), end = begin + size;
  if (end > limit) return source.fail(at, `the element of type ${type}`, `at most the ${limit - begin} bytes that are left`, `${size}`);
  const padded = small > 0 ? at + 8 : type === COMPRESSED ? end : begin + 8 * Math.ceil(size / 8);
  return { type, begin, end, next: Math.min(padded, limit) };
}

interface MatrixHeader {
  readonly name: string;
  readonly classId: number;
  readonly complex: boolean;
  readonly shape: readonly number[];
  /** Entries: the product of the shape. */
  readonly count: number;
  /** Where its content begins. */
  readonly content: number;
}

function readMatrixHeader(source: Source, { begin, end }: Element): MatrixHeader {
  if (begin === end) return { name: '', classId: FIRST_NUMERIC, complex: false, shape: [0, 0], count: 0, content: end };
  const flags = readElement(source, begin, end);
  if (flags.type !== 6 || flags.end - flags.begin !== 8) source.fail(begin, 'the array flags', 'type 6 and 8 bytes', `type ${flags.type} and ${flags.end - flags.begin}`);
  const dimensions = readElement(source, flags.next, end), shape = readShape(source, dimensions, flags.next);
  const name = readElement(source, dimensions.next, end);
  if (name.type !== 1 || name.end - name.begin > 63) source.fail(dimensions.next, 'the name', 'type 1 and at most 63 bytes', `type ${name.type} and ${name.end - name.begin}`);
  const word = source.view.getUint32(flags.begin, source.littleEndian);
  return {
    name: String.fromCharCode(...source.bytes.subarray(name.begin, name.end)), classId: word & 0xff, complex: (word & 0x800) !== 0,
    shape, count: shape.reduce((product, n) => product * n, 1), content: name.next,
  };
}

function readShape(source: Source, { type, begin, end }: Element, at: number): number[] {
  const count = (end - begin) / 4;
  if (type !== 5 || !Number.isInteger(count) || count < 2 || count > MAX_DIMENSIONS) source.fail(at, 'the dimensions', `type 5 and 2 to ${MAX_DIMENSIONS} numbers`, `type ${type} and ${count}`);
  const shape = Array.from({ length: count }, (_, i) => source.view.getInt32(begin + 4 * i, source.littleEndian));
  return shape.every((n) => n >= 0) ? shape : source.fail(begin, 'the dimensions', 'counts', `[${shape}]`);
}

function readMatrix(source: Source, matrix: Element, header: MatrixHeader, depth: number): MatValue {
  const { name, classId, complex, shape, count, content } = header, what = name ? `variable ${quoteText(name)}` : 'a cell';
  if (matrix.begin === matrix.end) return EMPTY;
  if (classId === CELL) return { kind: 'cells', shape, cells: readCells(source, matrix, header, depth) };
  const isText = classId === CHAR;
  if (!isText && (classId < FIRST_NUMERIC || classId > LAST_NUMERIC)) {
    return OTHER_CLASSES[classId] ? source.refuse(`${OTHER_CLASSES[classId]} as ${what}`) : source.fail(matrix.begin, what, 'a class of 1 to 17', `${classId}`);
  }
  if (complex) source.refuse(`a complex array as ${what}`);
  const element = readElement(source, content, matrix.end);
  if (element.next !== matrix.end) source.fail(element.next, what, 'no byte after its data', `${matrix.end - element.next}`);
  const data = isText && element.type === UTF8 ? utf8Units(source, element) : readNumbers(source, element, isText);
  if (data.length !== count) source.fail(content, what, `${count} entries for [${shape}]`, `${data.length}`);
  return isText ? { kind: 'text', rows: textRows(data, shape[0]!) } : { kind: 'numbers', shape, data: data as Float64Array };
}

function readCells(source: Source, { begin, end }: Element, { shape, count, content }: MatrixHeader, depth: number): MatValue[] {
  if (depth >= MAX_DEPTH) source.fail(begin, 'the cells', `at most ${MAX_DEPTH} cells in each other`, 'more');
  if (count > (end - content) / 8) source.fail(content, 'the cells', `the 8 bytes that each of ${shape.join(' x ')} takes`, `${end - content} bytes in all`);
  const cells: MatValue[] = [];
  let at = content;
  for (let i = 0; i < count; i++) {
    const element = readElement(source, at, end);
    if (element.type !== MATRIX) source.fail(at, `cell ${i}`, 'type 14, a matrix', `type ${element.type}`);
    cells.push(readMatrix(source, element, readMatrixHeader(source, element), depth + 1));
    at = element.next;
  }
  if (at !== end) source.fail(at, 'the cells', 'no byte after the last', `${end - at}`);
  return cells;
}

function readNumbers(source: Source, { type, begin, end }: Element, isText: boolean): Float64Array {
  const storage = NUMBERS[isText ? TEXT_AS[type] ?? type : type];
  if (!storage) return source.fail(begin, 'the data', `a type of ${Object.keys(NUMBERS).join(', ')}`, `${type}`);
  const { bytes, read } = storage;
  if ((end - begin) % bytes !== 0) source.fail(begin, 'the data', `whole numbers of ${bytes} bytes`, `${end - begin} bytes`);
  const data = new Float64Array((end - begin) / bytes);
  for (let i = 0; i < data.length; i++) data[i] = read(source.view, begin + i * bytes, source.littleEndian);
  return data;
}

function utf8Units(source: Source, { begin, end }: Element): Float64Array {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(source.bytes.subarray(begin, end));
    return Float64Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  } catch {
    return source.fail(begin, 'the text', 'valid UTF-8', 'other bytes');
  }
}

function textRows(units: Float64Array, rowCount: number): string[] {
  if (units.length === 0) return []; // any number of rows may be empty
  const columns = units.length / rowCount;
  return Array.from({ length: rowCount }, (_, row) => Array.from({ length: columns }, (__, column) => String.fromCharCode(units[row + rowCount * column]!)).join(''));
}
