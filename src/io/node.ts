import { createReadStream } from 'node:fs';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ArgumentError } from '../core/errors.ts';

/** Limits on a file before it is read. */
export interface ReadFileOptions {
  /** Bytes; a larger file is refused unread. */
  readonly maxBytes: number;
}

export const READ_FILE_DEFAULTS: ReadFileOptions = { maxBytes: 1 << 30 };

/**
 * Reads a whole file, or a pipe to its end.
 *
 * @throws {@link ArgumentError} if it is missing, a directory, a device (of which some never end), unreadable or larger than `maxBytes`.
 */
export async function readFileBytes(path: string, { maxBytes }: ReadFileOptions = READ_FILE_DEFAULTS): Promise<Uint8Array> {
  try {
    const found = await stat(path);
    if (found.isCharacterDevice() || found.isBlockDevice()) throw new ArgumentError('readFileBytes', path, 'a readable file', 'a device');
    if (found.size > maxBytes) throw new ArgumentError('readFileBytes', path, `at most ${maxBytes} bytes`, `${found.size}`);
    if (!found.isFile() && !found.isDirectory()) return await readPipe(path, maxBytes);
    return new Uint8Array(await readFile(path));
  } catch (error) {
    throw toArgumentError('readFileBytes', path, 'a readable file', error);
  }
}

// What has no size beforehand is counted as it comes.
async function readPipe(path: string, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBytes) throw new ArgumentError('readFileBytes', path, `at most ${maxBytes} bytes`, 'more');
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/**
 * Writes a file so that a reader, or a kill at any moment, finds the old content or the new, never a part: temporary
 * file beside it, fsync, rename, fsync of the directory.
 *
 * @throws {@link ArgumentError} if the folder is missing or not writable; nothing is left behind.
 */
export async function writeFileAtomic(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${path}.${process.pid}.${temporaries++}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncDirectory(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw toArgumentError('writeFileAtomic', path, 'a writable place', error);
  }
}

let temporaries = 0;

// Windows cannot open a directory; there the rename alone must do.
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r').catch(() => null);
  try {
    await directory?.sync();
  } catch (error) {
    if (process.platform !== 'win32') throw error;
  } finally {
    await directory?.close();
  }
}

const REASONS: Record<string, string> = {
  ENOENT: 'no such file or folder', EISDIR: 'a directory', EACCES: 'permission denied', EPERM: 'operation not permitted',
  ENOSPC: 'no space left on the device', ENOTDIR: 'a path through a file', EROFS: 'a read-only file system',
};

function toArgumentError(where: string, path: string, expected: string, error: unknown): unknown {
  if (error instanceof ArgumentError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  return code === undefined ? error : new ArgumentError(where, path, expected, REASONS[code] ?? code);
}
