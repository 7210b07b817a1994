import { ArgumentError, FormatError, UnsupportedError } from '../core/errors.ts';
import { findDuplicateKey } from './json-keys.ts';
import { type SafeTensorData, type SafeTensorDtype, TENSOR_STORAGE } from './tensor-storage.ts';

export type { SafeTensorData, SafeTensorDtype } from './tensor-storage.ts';

/** One named array of a safetensors file. */
export interface SafeTensor {
  readonly dtype: SafeTensorDtype;
  /** Row-major; `[]` is a scalar. */
  readonly shape: readonly number[];
  /** Product of `shape` numbers. */
  readonly data: SafeTensorData;
}

/** What a safetensors file holds. */
export interface SafeTensors {
  readonly tensors: Record<string, SafeTensor>;
  readonly metadata: Record<string, string>;
}

/** Known to the format, not read here. */
const OTHER_DTYPES = /^(F8_|F6_|F4|C64)/;

/** Header bytes that the format's own library accepts at most. */
const MAX_HEADER = 100_000_000;

/**
 * Reads a safetensors file, checking all of it: header size, JSON, names, dtypes, and that the tensors tile the data
 * without gap or overlap. NaN is data. Every array is a copy.
 *
 * Format: https://github.com/huggingface/safetensors (README, "Format").
 *
 * @param where - Named in errors: the path, if there is one.
 * @throws {@link FormatError} with the byte position; {@link UnsupportedError} for a dtype of 8-bit floats and the like.
 */
export function readSafetensors(bytes: Uint8Array, where = 'readSafetensors'): SafeTensors {
  const fail = (what: string, expected: string, actual: string, position: number): never => {
    throw new FormatError(where, what, expected, actual, `byte ${position}`);
  };
  if (bytes.length < 8) fail('the header size', '8 bytes', `${bytes.length}`, 0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerSize = view.getBigUint64(0, true);
  const limit = Math.min(MAX_HEADER, bytes.length - 8);
  if (headerSize > BigInt(limit)) fail('the header size', `at most ${limit}`, `${headerSize}`, 0);
  const start = 8 + Number(headerSize);
  const header = parseHeader(bytes.subarray(8, start), fail);

  const metadata = header.__metadata__ === undefined ? {} : checkMetadata(header.__metadata__, fail);
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => ({ name, ...checkEntry(name, entry, where, fail) }))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  let next = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== next) fail(`tensor ${name}`, `offset ${next}, with neither gap nor overlap`, `${begin}`, start + begin);
    if (start + end > bytes.length) fail(`tensor ${name}`, `its end within the file's ${bytes.length} bytes`, `${start + end}`, start + begin);
    next = end;
  }
  if (start + next !== bytes.length) fail('the data', `no byte after the last tensor`, `${bytes.length - start - next} bytes`, start + next);

  const tensors = Object.fromEntries(entries.map(({ name, dtype, shape, begin, end }): [string, SafeTensor] => {
    // A Node Buffer's own slice would be a view of all of it.
    const data = TENSOR_STORAGE[dtype].read(Uint8Array.prototype.slice.call(bytes, start + begin, start + end).buffer as ArrayBuffer);
    const stray = dtype === 'BOOL' ? (data as Uint8Array).findIndex((x) => x > 1) : -1;
    if (stray >= 0) fail(`tensor ${name}`, 'booleans 0 or 1', `${data[stray]}`, start + begin + stray);
    return [name, { dtype, shape, data }];
  }));
  return { tensors, metadata };
}

type Fail = (what: string, expected: string, actual: string, position: number) => never;

function parseHeader(bytes: Uint8Array, fail: Fail): Record<string, unknown> {
  if (bytes[0] !== 0x7b) fail('the header', 'a JSON object that starts with {', bytes.length ? `character ${bytes[0]}` : 'nothing', 8);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const header = JSON.parse(text) as Record<string, unknown>;
    const twice = findDuplicateKey(text);
    if (twice) fail('the header', 'names that occur once', `${twice.key} twice`, 8 + new TextEncoder().encode(text.slice(0, twice.offset)).length);
    return header;
  } catch (error) {
    if (error instanceof FormatError) throw error;
    return fail('the header', 'valid UTF-8 JSON', (error as Error).message, 8);
  }
}

function checkMetadata(value: unknown, fail: Fail): Record<string, string> {
  const isText = isRecord(value) && Object.values(value).every((text) => typeof text === 'string');
  return isText ? value as Record<string, string> : fail('__metadata__', 'text values only', JSON.stringify(value).slice(0, 80), 8);
}

function checkEntry(name: string, value: unknown, where: string, fail: Fail): { dtype: SafeTensorDtype; shape: number[]; begin: number; end: number } {
  const what = `tensor ${name}`;
  if (!isRecord(value)) return fail(what, 'an entry { dtype, shape, data_offsets }', JSON.stringify(value).slice(0, 80), 8);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype === 'string' && OTHER_DTYPES.test(dtype)) throw new UnsupportedError(where, `dtype ${dtype} of ${what}`, 'save it as F16 or F32');
  if (typeof dtype !== 'string' || !Object.hasOwn(TENSOR_STORAGE, dtype)) return fail(what, `a dtype of ${Object.keys(TENSOR_STORAGE).join(', ')}`, JSON.stringify(dtype) ?? 'none', 8);
  if (!Array.isArray(shape) || !shape.every(isCount)) return fail(what, 'a shape of counts', JSON.stringify(shape) ?? 'none', 8);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) return fail(what, 'two data_offsets', JSON.stringify(offsets) ?? 'none', 8);
  const [begin, end] = offsets as [number, number];
  const size = shape.reduce((product, n) => product * n, TENSOR_STORAGE[dtype as SafeTensorDtype].bytes);
  if (end - begin !== size) fail(what, `${size} bytes for ${dtype} [${shape}]`, `${end - begin}`, 8);
  return { dtype: dtype as SafeTensorDtype, shape, begin, end };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/**
 * Writes a safetensors file: widest dtypes first, then by name, so that every tensor is aligned and the same input
 * gives the same bytes.
 *
 * @param tensors - `F16` and `BF16` take a `Float32Array`, rounded to nearest even.
 * @throws {@link ArgumentError} if data does not fit its dtype or shape, or a finite number overflows `F16`.
 */
export function writeSafetensors(tensors: Readonly<Record<string, SafeTensor>>, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const named = Object.entries(tensors).map(([name, tensor]) => ({ name, tensor, size: checkTensor(name, tensor) }))
    .sort((a, b) => TENSOR_STORAGE[b.tensor.dtype].bytes - TENSOR_STORAGE[a.tensor.dtype].bytes || (a.name < b.name ? -1 : 1));
  let end = 0;
  const entries = named.map(({ name, tensor: { dtype, shape }, size }): [string, unknown] =>
    [name, { dtype, shape, data_offsets: [end, end += size] }]);
  const notes = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  if (notes.length > 0) entries.unshift(['__metadata__', Object.fromEntries(notes)]);
  const json = new TextEncoder().encode(`{${entries.map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`).join(',')}}`);

  const start = 8 + Math.ceil(json.length / 8) * 8;
  const out = new Uint8Array(start + end).fill(0x20, 8, start);
  new DataView(out.buffer).setBigUint64(0, BigInt(start - 8), true);
  out.set(json, 8);
  let offset = start;
  for (const { tensor: { dtype, data }, size } of named) {
    const stored = TENSOR_STORAGE[dtype].write?.(data as Float32Array) ?? data;
    out.set(new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength), offset);
    offset += size;
  }
  return out;
}

// Returns the size in the file, in bytes.
function checkTensor(name: string, { dtype, shape, data }: SafeTensor): number {
  const where = 'writeSafetensors', what = `tensors.${name}`;
  if (name === '__metadata__') throw new ArgumentError(where, 'tensors', 'no tensor named __metadata__', name);
  if (!Object.hasOwn(TENSOR_STORAGE, dtype)) throw new ArgumentError(where, what, `a dtype of ${Object.keys(TENSOR_STORAGE).join(', ')}`, dtype);
  const { host, bytes } = TENSOR_STORAGE[dtype];
  if (!(data instanceof host)) throw new ArgumentError(where, what, `${host.name} data for ${dtype}`, (data as object).constructor.name);
  const count = shape.reduce((product, n) => product * n, 1);
  if (!shape.every(isCount) || count !== data.length) throw new ArgumentError(where, what, `product of shape [${shape}] numbers`, `${data.length}`);
  const lost = dtype === 'F16' ? (data as Float32Array).findIndex((x) => Number.isFinite(x) && Math.abs(x) >= 65520) : -1;
  if (lost >= 0) throw new ArgumentError(where, `${what}[${lost}]`, 'a size within F16, below 65520', `${data[lost]}`);
  return count * bytes;
}
