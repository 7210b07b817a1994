import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FormatError, UnsupportedError } from '../../src/core/errors.ts';
import { readSafetensors, type SafeTensor, writeSafetensors } from '../../src/io/safetensors.ts';

const SAMPLE: Record<string, SafeTensor> = {
  odd: { dtype: 'U8', shape: [3], data: Uint8Array.of(1, 2, 255) },
  'weights/half': { dtype: 'F16', shape: [2, 2], data: Float32Array.of(1, -0.5, NaN, Infinity) },
  brain: { dtype: 'BF16', shape: [1], data: Float32Array.of(-3) },
  float: { dtype: 'F32', shape: [2, 1], data: Float32Array.of(0.1, NaN) },
  double: { dtype: 'F64', shape: [], data: Float64Array.of(Math.PI) },
  i64: { dtype: 'I64', shape: [1], data: BigInt64Array.of(-(2n ** 60n)) },
  u64: { dtype: 'U64', shape: [1], data: BigUint64Array.of(2n ** 63n) },
  i32: { dtype: 'I32', shape: [2], data: Int32Array.of(-1, 7) },
  u32: { dtype: 'U32', shape: [1], data: Uint32Array.of(4294967295) },
  i16: { dtype: 'I16', shape: [1], data: Int16Array.of(-5) },
  u16: { dtype: 'U16', shape: [1], data: Uint16Array.of(65535) },
  i8: { dtype: 'I8', shape: [1], data: Int8Array.of(-128) },
  bool: { dtype: 'BOOL', shape: [2], data: Uint8Array.of(0, 1) },
  empty: { dtype: 'F32', shape: [0, 4], data: new Float32Array(0) },
  ['__proto__']: { dtype: 'U8', shape: [1], data: Uint8Array.of(9) },
};

function file(header: string, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const json = new TextEncoder().encode(header), out = new Uint8Array(8 + json.length + data.length);
  new DataView(out.buffer).setBigUint64(0, BigInt(json.length), true);
  out.set(json, 8);
  out.set(data, 8 + json.length);
  return out;
}

const entry = (dtype: string, shape: unknown, offsets: unknown): string => `{"dtype":"${dtype}","shape":${JSON.stringify(shape)},"data_offsets":${JSON.stringify(offsets)}}`;

describe('safetensors', () => {
  it('returns every dtype, with names and metadata', () => {
    const { tensors, metadata } = readSafetensors(writeSafetensors(SAMPLE, { note: 'a "b"', Ünï: 'ç' }));
    expect(Object.keys(tensors).sort()).toEqual(Object.keys(SAMPLE).sort());
    for (const [name, tensor] of Object.entries(SAMPLE)) expect(tensors[name]).toEqual(tensor);
    expect(metadata).toEqual({ note: 'a "b"', Ünï: 'ç' });
  });

  it('writes the same bytes whatever the order, tensors aligned', () => {
    const bytes = writeSafetensors(SAMPLE, { a: '1', b: '2' });
    expect(writeSafetensors(Object.fromEntries(Object.entries(SAMPLE).reverse()), { b: '2', a: '1' })).toEqual(bytes);
    const size = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(size % 8).toBe(0);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + size))) as Record<string, { data_offsets: number[] }>;
    for (const [name, { data }] of Object.entries(SAMPLE)) expect(header[name]!.data_offsets[0]! % (SAMPLE[name]!.dtype.endsWith('F16') ? 2 : data.BYTES_PER_ELEMENT)).toBe(0);
  });

  it('reads from a view into a larger buffer and shares nothing with it', () => {
    const bytes = writeSafetensors({ a: SAMPLE.float! }), padded = new Uint8Array(bytes.length + 3);
    padded.set(bytes, 3);
    const { tensors } = readSafetensors(padded.subarray(3));
    padded.fill(0);
    expect(tensors.a).toEqual(SAMPLE.float);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(0), /the header size at byte 0 to have 8 bytes, got 0/],
    ['a header larger than the file', file('{}').fill(9, 0, 1), /header size at byte 0 to have at most 2, got 9/],
    ['a header of 2^63 bytes', file('{}').fill(255, 7, 8), /at byte 0/],
    ['no object', file('[]'), /a JSON object that starts with \{, got character 91/],
    ['broken JSON', file('{"a":'), /valid UTF-8 JSON/],
    ['broken UTF-8', file('{"a":1}').fill(0xff, 10, 11), /valid UTF-8 JSON/],
    ['a name twice', file(`{"a":${entry('U8', [0], [0, 0])},"a":${entry('U8', [0], [0, 0])}}`), /names that occur once, got a twice/],
    ['a name twice, once escaped', file(`{"a":${entry('U8', [0], [0, 0])},"\\u0061"  :${entry('U8', [0], [0, 0])}}`), /got a twice/],
    ['a field twice', file(`{"a":{"dtype":"U8","dtype":"I8","shape":[0],"data_offsets":[0,0]}}`), /got dtype twice/],
    ['an unknown dtype', file(`{"a":${entry('X1', [0], [0, 0])}}`), /a dtype of F64, .* got "X1"/],
    ['a negative dimension', file(`{"a":${entry('U8', [-1], [0, 0])}}`), /a shape of counts/],
    ['a fractional dimension', file(`{"a":${entry('U8', [0.5], [0, 0])}}`), /a shape of counts/],
    ['a size that wraps around', file(`{"a":${entry('U8', [2 ** 40, 2 ** 40], [0, 0])}}`), /bytes for U8/],
    ['offsets that disagree with the shape', file(`{"a":${entry('F32', [2], [0, 4])}}`, new Uint8Array(4)), /8 bytes for F32 \[2\], got 4/],
    ['a gap', file(`{"a":${entry('U8', [1], [1, 2])}}`, new Uint8Array(2)), /offset 0, with neither gap nor overlap, got 1/],
    ['an overlap', file(`{"a":${entry('U8', [2], [0, 2])},"b":${entry('U8', [2], [1, 3])}}`, new Uint8Array(3)), /offset 2, .* got 1/],
    ['truncated data', file(`{"a":${entry('U8', [4], [0, 4])}}`, new Uint8Array(3)), /its end within the file/],
    ['bytes to spare', file(`{"a":${entry('U8', [1], [0, 1])}}`, new Uint8Array(2)), /no byte after the last tensor, got 1 bytes/],
    ['an entry that is no record', file('{"a":3}'), /an entry/],
    ['metadata that is not text', file('{"__metadata__":{"a":1}}'), /text values only/],
    ['a boolean of 2', file(`{"a":${entry('BOOL', [1], [0, 1])}}`, Uint8Array.of(2)), /booleans 0 or 1, got 2/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(FormatError);
    expect(() => readSafetensors(bytes)).toThrow(message);
  });

  it('names the alternative to 8-bit floats', () => {
    expect(() => readSafetensors(file(`{"a":${entry('F8_E4M3', [1], [0, 1])}}`, new Uint8Array(1)))).toThrow(UnsupportedError);
  });

  it('refuses to write what does not fit', () => {
    expect(() => writeSafetensors({ a: { dtype: 'F32', shape: [2], data: Float32Array.of(1) } })).toThrow('product of shape [2] numbers, got 1');
    expect(() => writeSafetensors({ a: { dtype: 'F32', shape: [1], data: Float64Array.of(1) } })).toThrow('Float32Array data for F32, got Float64Array');
    expect(() => writeSafetensors({ a: { dtype: 'F16', shape: [1], data: Float32Array.of(1e5) } })).toThrow('below 65520');
    expect(() => writeSafetensors({ __metadata__: SAMPLE.odd! })).toThrow('no tensor named');
  });

  it('answers any damage with a FormatError or UnsupportedError', () => {
    const bytes = writeSafetensors(SAMPLE, { note: 'x' });
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 4 }), fc.nat(bytes.length), (edits, length) => {
      const damaged = bytes.slice(0, length === 0 ? bytes.length : length);
      for (const [at, value] of edits) if (at < damaged.length) damaged[at] = value;
      try {
        readSafetensors(damaged);
      } catch (error) {
        if (!(error instanceof FormatError || error instanceof UnsupportedError)) throw error;
      }
    }), { numRuns: 500, seed: 1 });
  });

  const real = '../shared/data/meshes/ict/ict_face.safetensors';
  it.skipIf(!existsSync(real))('reads a file that another library wrote', () => {
    const { tensors } = readSafetensors(new Uint8Array(readFileSync(real)), real);
    expect(Object.keys(tensors).length).toBeGreaterThan(0);
    for (const { shape, data } of Object.values(tensors)) expect(data.length).toBe(shape.reduce((a, b) => a * b, 1));
  });
});
