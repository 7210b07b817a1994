import { ArgumentError } from '../core/errors.ts';

/**
 * Throws if a kernel stopped at a row index out of range.
 *
 * @param stray - Position of that index, or -1.
 * @throws {@link ArgumentError} naming it.
 */
export function assertInRange(where: string, rows: number, index: Int32Array, stray: number): void {
  if (stray >= 0) throw new ArgumentError(where, `index[${stray}]`, `a row in [0, ${rows})`, `${index[stray]}`);
}
