import type { FileFaults } from './file-faults.ts';
import { PickleDict, PickleSequence, describePickle } from './pickle-values.ts';
import { readPickle } from './pickle.ts';
import { TENSOR_STORAGE } from './tensor-storage.ts';
import type { TorchFile } from './torch-file.ts';
import { createTorchDialect, type TorchStorage } from './torch-objects.ts';

/** The pickled number that the format begins with: 0x1950a86a20f9469cfc6c. */
export const TORCH_LEGACY_START = Uint8Array.of(0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e);

const PROTOCOL = 1001;

/**
 * Reads a file of PyTorch's format before zip: pickles of a magic number, the protocol, facts about the machine, the saved
 * object and the keys of its storages; then every storage, a 64-bit count before its numbers.
 *
 * Format: PyTorch, torch/serialization.py (`_legacy_save`).
 *
 * @throws FormatError, UnsupportedError as {@link readPickle}, and for storages that do not lie in the file.
 */
export function readTorchLegacy(bytes: Uint8Array, faults: FileFaults): TorchFile {
  const protocol = readPickle(bytes, faults, undefined, TORCH_LEGACY_START.length);
  if (protocol.value !== PROTOCOL) faults.broken('the protocol', `the number ${PROTOCOL}`, describePickle(protocol.value), TORCH_LEGACY_START.length);
  const machine = readPickle(bytes, faults, undefined, protocol.end);
  const littleEndian = machine.value instanceof PickleDict ? machine.value.entries.get('little_endian') : undefined;
  if (littleEndian === false) faults.refused('the byte order of a big-endian machine', protocol.end);
  if (littleEndian !== true) faults.broken('the record of the machine', 'little_endian true or false', describePickle(littleEndian), protocol.end);
  const dialect = createTorchDialect(), object = readPickle(bytes, faults, dialect, machine.end);
  const keys = readPickle(bytes, faults, undefined, object.end), places = readPlaces(bytes, faults, keys, dialect.storages);
  return {
    root: object.value,
    start: machine.end,
    storage: async ({ key }) => places.get(key) ?? faults.broken('the list of storages', 'every storage that a tensor uses', 'one less', object.end),
  };
}

function readPlaces(bytes: Uint8Array, faults: FileFaults, { value, end }: ReturnType<typeof readPickle>, storages: ReadonlyMap<string, TorchStorage>): ReadonlyMap<string, Uint8Array> {
  const keys = value instanceof PickleSequence ? value.items : faults.broken('the list of storages', 'keys in a list', describePickle(value), end - 1);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), places = new Map<string, Uint8Array>();
  let at = end;
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (!storage || places.has(storage.key)) faults.broken('the list of storages', 'keys that the object names, each once', describePickle(key), end - 1);
    const what = `a storage of ${storage.count} ${storage.dtype}`, size = storage.count * TENSOR_STORAGE[storage.dtype].bytes, left = bytes.length - at - 8;
    if (left < size) faults.broken(what, `8 bytes for its count and ${size} for its numbers in the file`, `${Math.max(0, left + 8)}`, at);
    const count = view.getBigUint64(at, true);
    if (count !== BigInt(storage.count)) faults.broken(what, 'that count before its numbers', String(count), at);
    places.set(storage.key, bytes.subarray(at + 8, at + 8 + size));
    at += 8 + size;
  }
  if (at !== bytes.length) faults.broken('the file', 'no byte after its last storage', `${bytes.length - at}`, at);
  return places;
}
