import type { FileFaults } from './file-faults.ts';

/** Bytes that reading a file may take beside the file: so many times its size, and so many more. */
export const READ_BUDGET = { factor: 4, extra: 1 << 26 } as const;

/** Counts what is made while a file is read, before it is made: a small file must not become a large one. */
export class ByteBudget {
  private left: number;

  constructor(private readonly fileBytes: number) {
    this.left = READ_BUDGET.factor * fileBytes + READ_BUDGET.extra;
  }

  /** @throws UnsupportedError if `bytes` more would be too many. */
  take(bytes: number, what: string, faults: FileFaults, at: number): void {
    if (!(bytes <= this.left)) faults.refused(`${what}, which makes more than ${READ_BUDGET.factor} times the file's ${this.fileBytes} bytes and ${READ_BUDGET.extra / 2 ** 20} MiB,`, at);
    this.left -= bytes;
  }
}
