import { describe, expect, it } from 'vitest';
import { narrowBfloat16, narrowHalf, widenBfloat16, widenHalf } from '../../src/io/half.ts';

const EVERY = Uint16Array.from({ length: 65536 }, (_, i) => i);

describe('half', () => {
  it('widens known patterns', () => {
    const bits = Uint16Array.of(0x0000, 0x8000, 0x3c00, 0xc000, 0x7bff, 0x0001, 0x03ff, 0x0400, 0x7c00, 0xfc00, 0x3555);
    expect([...widenHalf(bits)]).toEqual([0, -0, 1, -2, 65504, 2 ** -24, 1023 * 2 ** -24, 2 ** -14, Infinity, -Infinity, 0.333251953125]);
  });

  it('returns every pattern but the NaNs, which become one', () => {
    const values = widenHalf(EVERY), back = narrowHalf(values);
    expect(EVERY.filter((i) => !Number.isNaN(values[i]) && back[i] !== i)).toHaveLength(0);
    expect([...values].filter(Number.isNaN)).toHaveLength(2 * 1023);
    expect(narrowHalf(Float32Array.of(NaN))[0]).toBe(0x7e00);
  });

  it('rounds to nearest, ties to even, between every two neighbours', () => {
    const values = widenHalf(EVERY.slice(0, 0x7c00));
    for (let i = 0; i + 1 < values.length; i++) {
      const middle = (values[i]! + values[i + 1]!) / 2, quarter = (values[i]! - middle) / 2;
      const [low, tie, high] = narrowHalf(Float32Array.of(middle + quarter, middle, middle - quarter));
      expect([low, tie, high]).toEqual([i, i % 2 === 0 ? i : i + 1, i + 1]);
    }
  });

  it('overflows to infinity from 65520', () => {
    expect([...narrowHalf(Float32Array.of(65519, 65520, -1e9, Infinity))]).toEqual([0x7bff, 0x7c00, 0xfc00, 0x7c00]);
  });
});

describe('bfloat16', () => {
  it('returns every pattern but the NaNs', () => {
    const values = widenBfloat16(EVERY), back = narrowBfloat16(values);
    expect(EVERY.filter((i) => !Number.isNaN(values[i]) && back[i] !== i)).toHaveLength(0);
  });

  it('rounds to nearest even', () => {
    expect([...narrowBfloat16(Float32Array.of(1, 1 + 2 ** -8, 1 + 3 * 2 ** -8, NaN))]).toEqual([0x3f80, 0x3f80, 0x3f82, 0x7fc0]);
  });
});
