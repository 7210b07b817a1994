import { expect, it } from 'vitest';
import { decodeFloats, decodeInts, encodeArray } from '../../src/viewer/base64-array.ts';

it('brings arrays back, also longer than one chunk and cut from a larger buffer', () => {
  const floats = Float32Array.from({ length: 5001 }, (_, i) => Math.sin(i) * 10 ** ((i % 9) - 4));
  expect(decodeFloats(encodeArray(floats))).toEqual(floats);
  expect(decodeFloats(encodeArray(floats.subarray(7, 12)))).toEqual(floats.slice(7, 12));
  expect(decodeInts(encodeArray(Int32Array.of(-1, 0, 70_000)))).toEqual(Int32Array.of(-1, 0, 70_000));
  expect(decodeInts('')).toHaveLength(0);
});

it('refuses bytes that are no whole numbers', () => expect(() => decodeFloats(btoa('abcde'))).toThrow(/whole 4-byte numbers, got 5 bytes/));
