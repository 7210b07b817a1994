import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';

/** Float32 arrays of an .npz file: a zip of .npy files, stored or deflated. */
export function readNpz(path: string): Record<string, Float32Array> {
  const bytes = readFileSync(path), arrays: Record<string, Float32Array> = {};
  for (let at = bytes.length - 22, entry = bytes.readUInt32LE(at + 16); entry < bytes.readUInt32LE(at + 16) + bytes.readUInt32LE(at + 12);) {
    const name = bytes.toString('latin1', entry + 46, entry + 46 + bytes.readUInt16LE(entry + 28)), local = bytes.readUInt32LE(entry + 42), size = bytes.readUInt32LE(entry + 20);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28), stored = bytes.subarray(start, start + size), npy = bytes.readUInt16LE(entry + 10) === 0 ? stored : inflateRawSync(stored);
    arrays[name.replace(/\.npy$/, '')] = new Float32Array(Uint8Array.prototype.slice.call(npy, 10 + npy.readUInt16LE(8)).buffer);
    entry += 46 + bytes.readUInt16LE(entry + 28) + bytes.readUInt16LE(entry + 30) + bytes.readUInt16LE(entry + 32);
  }
  return arrays;
}
