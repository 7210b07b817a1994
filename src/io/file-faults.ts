import { FormatError, UnsupportedError } from '../core/errors.ts';

/** Text of a file in a message: one line, short, no control characters. */
export const quoteText = (text: string): string =>
  /^[\x20-\x7e]{1,80}$/.test(text) ? text : JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text).replace(/[\x7f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** What may be said against a file that a stranger made, with the byte of it. */
export class FileFaults {
  /**
   * @param where - The file's path, or the reader.
   * @param advice - What to do about content that is known and not read.
   * @param origin - Of the part that is read: its first byte within the file.
   * @param part - Its name, if bytes count from its own beginning because it lies compressed in the file.
   */
  constructor(readonly where: string, private readonly advice: string, private readonly origin = 0, private readonly part = '') {}

  /** The same for a part of the file. */
  within(origin: number, part = ''): FileFaults {
    return new FileFaults(this.where, this.advice, origin, part);
  }

  /** @throws {@link FormatError} always: the bytes contradict the format. */
  broken(what: string, expected: string, actual: string, at: number): never {
    throw new FormatError(this.where, what, expected, actual, this.place(at));
  }

  /** @throws {@link UnsupportedError} always: it is known, and not read. */
  refused(what: string, at: number): never {
    throw new UnsupportedError(this.where, `${what} at ${this.place(at)}`, this.advice);
  }

  private place(at: number): string {
    return `byte ${this.origin + at}${this.part && ` of ${quoteText(this.part)}`}`;
  }
}
