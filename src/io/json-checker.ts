import { FormatError } from '../core/errors.ts';

export type Json = Readonly<Record<string, unknown>>;

/** Checks on parsed JSON; each ends in a FormatError that names the path of what is at fault. */
export interface JsonChecker {
  fail(what: string, expected: string, actual: string): never;
  record(value: unknown, path: string): Json;
  /** The array of objects under a key; empty where there is none. */
  list(parent: Json, key: string, path?: string): Json[];
  /** An integer in [0, limit). */
  index(value: unknown, limit: number, path: string): number;
  numbers(value: unknown, count: number, path: string): number[];
}

/** Opens the checks on the JSON chunk of a GLB file. */
export function createJsonChecker(where: string): JsonChecker {
  const fail = (what: string, expected: string, actual: string): never => { throw new FormatError(where, what, expected, actual.slice(0, 60), 'byte 20 (JSON)'); };
  const show = (value: unknown): string => JSON.stringify(value) ?? 'nothing';
  const record = (value: unknown, path: string): Json =>
    (typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Json : fail(path, 'an object', show(value)));
  return {
    fail, record,
    list: (parent, key, path = '') => {
      const value = parent[key] ?? [];
      return Array.isArray(value) ? value.map((item, i) => record(item, `${path}${key}[${i}]`)) : fail(path + key, 'an array', show(value));
    },
    index: (value, limit, path) => (Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < limit ? value as number : fail(path, `an integer in [0, ${limit})`, show(value))),
    numbers: (value, count, path) => (Array.isArray(value) && value.length === count && value.every(Number.isFinite) ? value as number[] : fail(path, `${count} finite numbers`, show(value))),
  };
}
