import { UnsupportedError } from '../core/errors.ts';
import { parseInteger } from './number-text.ts';

/** A number type of a PLY file. */
export interface PlyType {
  readonly bytes: 1 | 2 | 4 | 8;
  readonly kind: 'signed' | 'unsigned' | 'float';
}

const INT8 = { bytes: 1, kind: 'signed' }, UINT8 = { bytes: 1, kind: 'unsigned' }, INT16 = { bytes: 2, kind: 'signed' }, UINT16 = { bytes: 2, kind: 'unsigned' },
  INT32 = { bytes: 4, kind: 'signed' }, UINT32 = { bytes: 4, kind: 'unsigned' }, FLOAT32 = { bytes: 4, kind: 'float' }, FLOAT64 = { bytes: 8, kind: 'float' };
const TYPES = {
  char: INT8, uchar: UINT8, short: INT16, ushort: UINT16, int: INT32, uint: UINT32, float: FLOAT32, double: FLOAT64,
  int8: INT8, uint8: UINT8, int16: INT16, uint16: UINT16, int32: INT32, uint32: UINT32, float32: FLOAT32, float64: FLOAT64,
} as Readonly<Record<string, PlyType>>;

/** One column of an element. */
export interface PlyProperty {
  readonly name: string;
  readonly type: PlyType;
  /** Of the number of items, in a list. */
  readonly countType?: PlyType;
}

/** A table of the file. */
export interface PlyElement {
  readonly name: string;
  readonly count: number;
  readonly properties: readonly PlyProperty[];
  /** Of the header, counted from 1. */
  readonly line: number;
}

/** What a PLY file says of itself. */
export interface PlyHeader {
  readonly encoding: PlyEncoding;
  readonly elements: readonly PlyElement[];
  /** Byte and line at which the tables begin. */
  readonly bodyByte: number;
  readonly bodyLine: number;
}

export const PLY_ENCODINGS = ['ascii', 'binary_little_endian', 'binary_big_endian'] as const;
export type PlyEncoding = (typeof PLY_ENCODINGS)[number];

/** Ends in a FormatError at a position such as `line 3`. */
export type PlyFail = (what: string, expected: string, actual: string, position: string) => never;

const MAX_HEADER_BYTES = 1 << 16;

/**
 * Reads the header of a PLY file and checks that what it announces can be in the bytes that follow: nothing of an
 * announced size is made before.
 *
 * Turk, "The PLY Polygon File Format", 1994.
 */
export function readPlyHeader(bytes: Uint8Array, where: string, fail: PlyFail): PlyHeader {
  const elements: { name: string; count: number; properties: PlyProperty[]; line: number }[] = [];
  let encoding: PlyEncoding | undefined, line = 0, next = 0;
  const readLine = (): string => {
    const newline = bytes.subarray(0, MAX_HEADER_BYTES).indexOf(10, next);
    if (newline < 0) fail('the header', `an end_header within ${MAX_HEADER_BYTES} bytes`, 'none', `line ${line + 1}`);
    const text = new TextDecoder('latin1').decode(bytes.subarray(next, newline));
    next = newline + 1;
    line++;
    return text.trimEnd();
  };
  if (readLine() !== 'ply') fail('the file', 'a first line ply', 'another', 'line 1');
  for (let text = readLine(); text !== 'end_header'; text = readLine()) {
    const [keyword, ...words] = text.trim().split(/\s+/), at = `line ${line}`;
    if (keyword === 'comment' || keyword === 'obj_info' || keyword === '') continue;
    if (keyword === 'format') {
      encoding = PLY_ENCODINGS.find((name) => name === words[0]);
      if (!encoding || words[1] !== '1.0' || words.length > 2) fail('the format', `${PLY_ENCODINGS.join(', ')} and version 1.0`, words.join(' '), at);
    } else if (keyword === 'element') {
      const count = parseInteger(words[1]), name = words[0]!;
      if (words.length !== 2 || !(count >= 0)) fail('an element', 'a name and a count', words.join(' '), at);
      if (elements.some((element) => element.name === name)) fail(`element ${name}`, 'a name that occurs once', name, at);
      elements.push({ name, count, properties: [], line });
    } else if (keyword === 'property') {
      const properties = elements.at(-1)?.properties ?? fail('a property', 'an element before it', 'none', at), property = readProperty(words);
      if (!property) return fail('a property', `type and name, or list, two types and name, the types among ${Object.keys(TYPES).join(', ')}`, words.join(' '), at);
      if (properties.some(({ name }) => name === property.name)) fail(`property ${property.name}`, 'a name that occurs once in its element', property.name, at);
      properties.push(property);
    } else fail('the header', 'a line format, element, property, comment, obj_info or end_header', text.slice(0, 60), at);
  }
  if (!encoding) return fail('the header', 'a format line', 'none', `line ${line}`);
  if (elements.some(({ name }) => name === 'tristrips')) throw new UnsupportedError(where, 'element tristrips', 'save faces as lists of vertex_indices');
  const isText = encoding === 'ascii';
  for (const { name, count, properties, line: at } of elements) {
    // A value takes a character and a space in text; a list at least its count.
    const least = properties.reduce((sum, { type, countType }) => sum + (isText ? 2 : (countType ?? type).bytes), 0), room = bytes.length - next + (isText ? 1 : 0);
    if (count * least > room) fail(`element ${name}`, `at most ${Math.floor(room / least)} rows in the ${bytes.length - next} bytes that follow`, `${count}`, `line ${at}`);
  }
  return { encoding, elements, bodyByte: next, bodyLine: line + 1 };
}

function readProperty(words: readonly string[]): PlyProperty | undefined {
  const typeOf = (word: string | undefined): PlyType | undefined => (word !== undefined && Object.hasOwn(TYPES, word) ? TYPES[word] : undefined);
  if (words[0] !== 'list') {
    const type = typeOf(words[0]);
    return type && words.length === 2 ? { name: words[1]!, type } : undefined;
  }
  const countType = typeOf(words[1]), type = typeOf(words[2]);
  return countType && countType.kind !== 'float' && type && words.length === 4 ? { name: words[3]!, type, countType } : undefined;
}
