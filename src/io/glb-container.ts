import { FormatError } from '../core/errors.ts';

/** The two chunks of a GLB file. */
export interface GlbContainer {
  readonly json: Readonly<Record<string, unknown>>;
  /** Empty where there is no binary chunk. */
  readonly binary: Uint8Array;
}

const MAGIC = 0x46546c67, JSON_CHUNK = 0x4e4f534a, BINARY_CHUNK = 0x004e4942;

/**
 * Takes a GLB file apart, checking every length it states.
 *
 * Khronos Group, "glTF 2.0 Specification", section 4.4.
 *
 * @throws {@link FormatError} with the byte.
 */
export function readGlbContainer(bytes: Uint8Array, where: string): GlbContainer {
  const fail = (what: string, expected: string, actual: string, position: number): never => { throw new FormatError(where, what, expected, actual, `byte ${position}`); };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12) fail('the file', 'a header of 12 bytes', `${bytes.length}`, 0);
  if (view.getUint32(0, true) !== MAGIC) fail('the file', 'the letters glTF', `0x${view.getUint32(0, false).toString(16)}`, 0);
  if (view.getUint32(4, true) !== 2) fail('the version', 'value 2', `${view.getUint32(4, true)}`, 4);
  if (view.getUint32(8, true) !== bytes.length) fail('the length', `the ${bytes.length} bytes of the file`, `${view.getUint32(8, true)}`, 8);
  let next = 12, json: Uint8Array | undefined, binary: Uint8Array | undefined;
  while (next < bytes.length) {
    if (bytes.length - next < 8) fail('a chunk', 'a header of 8 bytes', `${bytes.length - next}`, next);
    const length = view.getUint32(next, true), type = view.getUint32(next + 4, true), begin = next + 8;
    if (length > bytes.length - begin) fail('a chunk', `at most the ${bytes.length - begin} bytes left`, `${length}`, next);
    if (!json && type !== JSON_CHUNK) fail('the first chunk', 'type JSON', `0x${type.toString(16)}`, next + 4);
    if (!json) json = bytes.subarray(begin, begin + length);
    else if (type === BINARY_CHUNK) binary ??= bytes.subarray(begin, begin + length);
    next = begin + length;
  }
  if (!json) return fail('the file', 'a JSON chunk', 'none', 12);
  return { json: parse(json, fail), binary: binary ?? new Uint8Array(0) };
}

function parse(bytes: Uint8Array, fail: (what: string, expected: string, actual: string, position: number) => never): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return fail('the JSON chunk', 'valid UTF-8 JSON', (error as Error).message.replace(/\s+/g, ' ').slice(0, 100), 20);
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : fail('the JSON chunk', 'an object', typeof value, 20);
}
