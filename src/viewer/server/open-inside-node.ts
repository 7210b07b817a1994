import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';

/**
 * Opens a file below a folder to read, wherever links within the folder lead: `null` if it is missing, no plain file, or one that a name or a link would lead out of the folder to.
 *
 * @param name - Relative to `folder`.
 */
export async function openInside(folder: string, name: string): Promise<FileHandle | null> {
  const [root, path] = await Promise.all([folder, join(folder, name)].map((at) => realpath(at).catch(() => null)));
  if (!root || !path?.startsWith(root.endsWith(sep) ? root : root + sep)) return null;
  // A pipe must not be waited for, and what was put in the file's place by now is no link.
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)).catch(() => null);
  if (file && (await file.stat()).isFile()) return file;
  await file?.close();
  return null;
}

/** The bytes of a file below a folder; `null` where {@link openInside} opens none, or one larger than `maxBytes`. */
export async function readInside(folder: string, name: string, maxBytes = 1 << 30): Promise<Uint8Array | null> {
  const file = await openInside(folder, name);
  try {
    return file && (await file.stat()).size <= maxBytes ? new Uint8Array(await file.readFile()) : null;
  } finally {
    await file?.close();
  }
}
