import type { FileHandle } from 'node:fs/promises';
import { openInside } from './open-inside-node.ts';

/** What a look at a growing file found. */
export interface NewLines {
  /** Whether the file is another than at the last look, or was cut: the lines of earlier looks count no more. */
  readonly restarted: boolean;
  /** Whole lines, without their ends, that were not there at the last look, or since the restart. */
  readonly lines: readonly string[];
}

/** Bytes before the place read to that must still be there; bytes read at once; bytes without an end of line that are taken for no line. */
const TAIL = 256, CHUNK = 1 << 16, MAX_LINE = 1 << 20;

/**
 * Follows a text file that grows line by line. It may be missing yet, end in half a line, be cut, or be replaced by another: whether it is still the one that was read is told by the bytes before the place read to,
 * for inode numbers are used again.
 */
export class LineFollower {
  private offset = 0;
  /** The last bytes read, up to {@link TAIL}. */
  private tail = Buffer.alloc(0);
  /** What was read after the last end of line. */
  private rest = Buffer.alloc(0);
  private skipping = false;

  /**
   * @param folder - Which the file must not lead out of.
   * @param name - Of the file in it.
   */
  constructor(private readonly folder: string, private readonly name: string) {}

  async poll(): Promise<NewLines> {
    const file = await openInside(this.folder, this.name);
    if (!file) return this.offset === 0 ? { restarted: false, lines: [] } : this.restart([]);
    try {
      if (await this.isSame(file)) return { restarted: false, lines: await this.read(file) };
      this.reset();
      return this.restart(await this.read(file));
    } finally {
      await file.close();
    }
  }

  private restart(lines: readonly string[]): NewLines {
    if (lines.length === 0) this.reset();
    return { restarted: true, lines };
  }

  private reset(): void {
    [this.offset, this.tail, this.rest, this.skipping] = [0, Buffer.alloc(0), Buffer.alloc(0), false];
  }

  private async isSame(file: FileHandle): Promise<boolean> {
    const { length } = this.tail;
    if (length === 0) return true;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, this.offset - length);
    return bytesRead === length && buffer.equals(this.tail);
  }

  private async read(file: FileHandle): Promise<string[]> {
    const lines: string[] = [], chunk = Buffer.alloc(CHUNK);
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, CHUNK, this.offset);
      if (bytesRead === 0) return lines;
      const fresh = Buffer.from(chunk.subarray(0, bytesRead));
      this.offset += bytesRead;
      this.tail = Buffer.concat([this.tail, fresh]).subarray(-TAIL);
      this.take(fresh, lines);
    }
  }

  private take(fresh: Buffer, lines: string[]): void {
    let from = 0;
    for (let end = fresh.indexOf(10); end >= 0; end = fresh.indexOf(10, from)) {
      if (!this.skipping) lines.push(Buffer.concat([this.rest, fresh.subarray(from, end)]).toString());
      [this.rest, this.skipping, from] = [Buffer.alloc(0), false, end + 1];
    }
    this.rest = Buffer.concat([this.rest, fresh.subarray(from)]);
    if (this.rest.length > MAX_LINE) [this.rest, this.skipping] = [Buffer.alloc(0), true];
  }
}
