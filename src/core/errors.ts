/** An argument whose shape, dtype or contents break a documented contract. The caller can fix it. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';

  /**
   * @param where - Public function that received the argument, e.g. `sparseMatMul`.
   * @param what - Argument name, e.g. `dense`.
   * @param expected - What the contract demands, e.g. `shape [642, N]`.
   * @param actual - What arrived, e.g. `[640, 3]`.
   */
  constructor(where: string, what: string, expected: string, actual: string) {
    super(`${where}: expected ${what} to have ${expected}, got ${actual}`);
  }
}

/** Bytes that are not what they claim to be: a count that lies, a truncated file, a NaN coordinate. */
export class FormatError extends Error {
  override readonly name = 'FormatError';

  /**
   * @param where - File path or reader, e.g. `readPly`.
   * @param what - The record at fault, e.g. `vertex 12`.
   * @param expected - What the format demands there.
   * @param actual - What was found.
   * @param position - Where: `line 14` or `byte 812`.
   */
  constructor(where: string, what: string, expected: string, actual: string, readonly position: string) {
    super(`${where}: expected ${what} at ${position} to have ${expected}, got ${actual}`);
  }
}

/** Something known that this library does not provide; the message names the alternative. */
export class UnsupportedError extends Error {
  override readonly name = 'UnsupportedError';

  constructor(where: string, what: string, alternative: string) {
    super(`${where}: ${what} is not supported; ${alternative}`);
  }
}
