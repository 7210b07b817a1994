import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, extname, join, resolve } from 'node:path';
import { ArgumentError, UnsupportedError } from '../core/errors.ts';
import { writeFileAtomic } from '../io/node.ts';

const CODES: Record<string, string> = { EACCES: 'permission denied', ENOENT: 'one in which nothing can be made', EROFS: 'a read-only file system', ENOTDIR: 'a path through a file', EPERM: 'operation not permitted' };

/**
 * Checks, before any work is done, that files can be written into `folder`, which need not exist. Nothing is left behind.
 *
 * @param where - What named the folder, for the error.
 * @throws {@link ArgumentError} naming the place that stands in the way.
 */
export async function assertWritableFolder(folder: string, where = '--output'): Promise<void> {
  let at = resolve(folder);
  for (;;) {
    const found = await stat(at).catch((error: NodeJS.ErrnoException) => error);
    if (!(found instanceof Error)) {
      if (!found.isDirectory()) throw new ArgumentError(where, at, 'a folder', 'a file');
      await access(at, constants.W_OK | constants.X_OK).catch((error: NodeJS.ErrnoException) => { throw unwritable(at, error, where); });
      // Below such as /proc, where root may write but nothing can be made, Node's recursive mkdir would try for ever.
      await mkdtemp(join(at, '.retinamesh-')).then(rmdir, (error: NodeJS.ErrnoException) => { throw unwritable(at, error, where); });
      return;
    }
    if (found.code !== 'ENOENT' && found.code !== 'ENOTDIR') throw unwritable(at, found, where);
    at = dirname(at);
  }
}

/**
 * Checks, before any work is done, that one file can be written at `path`; its folder need not exist, {@link makeFolderOf} makes it. Nothing is left behind.
 *
 * @param extensions - Those that it may have, with their dot.
 * @param where - What named the file, for the error.
 * @throws {@link ArgumentError} naming what stands in the way; {@link UnsupportedError} for another extension.
 */
export async function assertWritableFile(path: string, extensions: readonly string[], where = '--output'): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (!extensions.includes(extname(path).toLowerCase())) throw new UnsupportedError(where, `the extension ${extname(path) || '(none)'} of ${path}`, `use ${extensions.join(', ')}`);
  if (found?.isDirectory()) throw new ArgumentError(where, path, 'a file', 'a folder');
  await assertWritableFolder(dirname(path), where);
}

/**
 * Makes the folder in which `path` lies, if it is missing: called when what goes there is ready, after {@link assertWritableFile}.
 *
 * @throws {@link ArgumentError} if it cannot be made.
 */
export async function makeFolderOf(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true }).catch((error: NodeJS.ErrnoException) => { throw unwritable(dirname(path), error); });
}

/**
 * Writes files into a folder, which is made if it is missing: all of them or none. Each is written whole beside its place first; only
 * when all are there do they move to their names, in the order given.
 *
 * @param files - Name to content; put the file that speaks of the others last.
 * @returns Their paths, as `folder` was given.
 * @throws {@link ArgumentError} if the folder cannot be made or written to; a folder made for it is taken away again.
 */
export async function writeOutputFiles(folder: string, files: Readonly<Record<string, Uint8Array | string>>): Promise<string[]> {
  const made = await mkdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => { throw unwritable(folder, error); });
  const stage = await mkdtemp(join(folder, '.retinamesh-')).catch((error: NodeJS.ErrnoException) => { throw unwritable(folder, error); });
  let moved = 0;
  try {
    for (const [name, content] of Object.entries(files)) {
      const found = await stat(join(folder, name)).catch(() => null);
      if (found?.isDirectory()) throw new ArgumentError('--output', join(folder, name), 'a file, or nothing', 'a folder');
      await writeFileAtomic(join(stage, name), content);
    }
    for (const name of Object.keys(files)) {
      await rename(join(stage, name), join(folder, name));
      moved++;
    }
    return Object.keys(files).map((name) => join(folder, name));
  } finally {
    await rm(stage, { recursive: true, force: true });
    if (made !== undefined && moved === 0) await removeMade(folder, made);
  }
}

// `mkdir` says which folder was the first that it made: all from there down are empty again.
async function removeMade(folder: string, first: string): Promise<void> {
  for (let at = resolve(folder); at.length >= resolve(first).length; at = dirname(at)) await rmdir(at).catch(() => {});
}

function unwritable(path: string, error: NodeJS.ErrnoException, where = '--output'): ArgumentError {
  return new ArgumentError(where, path, 'a folder that can be written to', CODES[error.code ?? ''] ?? error.code ?? error.message);
}
