import type { FloatArray } from '../sparse/csr-matrix.ts';

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The finite number that `text` is in decimal notation, otherwise NaN: no hexadecimal, no `Infinity`, nothing after it. */
export function parseDecimal(text: string | undefined): number {
  const value = text !== undefined && DECIMAL.test(text) ? Number(text) : NaN;
  return Number.isFinite(value) ? value : NaN;
}

/** The integer that `text` is, otherwise NaN. */
export function parseInteger(text: string | undefined): number {
  const value = text !== undefined && /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : NaN;
}

/** The shortest text that reads back as the same number of an array's type: nine digits are enough for float32. */
export function formatNumber(value: number, array: FloatArray): string {
  return String(array instanceof Float32Array ? Number(value.toPrecision(9)) : value);
}
