import { ArgumentError } from '../core/errors.ts';

/** Bytes handed to one call of `String.fromCharCode`, whose arguments lie on the stack. */
const CHUNK = 0x2000;

/** Base64 of an array's bytes, as this machine orders them: little-endian on everything that runs JavaScript today. */
export function encodeArray(array: Float32Array | Int32Array): string {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength), parts: string[] = [];
  for (let i = 0; i < bytes.length; i += CHUNK) parts.push(String.fromCharCode(...bytes.subarray(i, i + CHUNK)));
  return btoa(parts.join(''));
}

/** What {@link encodeArray} made of a Float32Array. */
export const decodeFloats = (base64: string): Float32Array<ArrayBuffer> => new Float32Array(decodeBytes(base64));

/** What {@link encodeArray} made of an Int32Array. */
export const decodeInts = (base64: string): Int32Array<ArrayBuffer> => new Int32Array(decodeBytes(base64));

function decodeBytes(base64: string): ArrayBuffer {
  const text = atob(base64);
  if (text.length % 4 !== 0) throw new ArgumentError('decodeBytes', 'base64', 'whole 4-byte numbers', `${text.length} bytes`);
  return Uint8Array.from(text, (c) => c.charCodeAt(0)).buffer;
}
