import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { ArgumentError } from '../core/errors.ts';

/** A photo on a command line. */
export interface PhotoFile {
  /** As it was named, or found. */
  readonly path: string;
  /** For files about it: its path below the folder, or below what no wildcard of the pattern touches, with `/` between, without the extension. */
  readonly name: string;
}

const EXTENSIONS = new Set(['.jpg', '.jpeg', '.png', '.webp', '.avif', '.tif', '.tiff', '.gif']);

/**
 * The photos that arguments stand for, in their order: a file, a folder with everything below it, or a pattern with `*`, `?`, `[...]` and `**`, each sorted.
 * In folders and for patterns only files with the extension of an image count, and nothing hidden. A photo named twice comes once.
 *
 * @throws {@link ArgumentError} for a folder or a pattern without photos. A file that does not exist is left to its reader.
 */
export async function expandPhotos(args: readonly string[]): Promise<PhotoFile[]> {
  const found = new Map<string, PhotoFile>(), taken = new Set<string>();
  for (const arg of args) {
    for (const { path, base } of await expand(arg)) {
      if (found.has(resolve(path))) continue;
      const below = relative(base, path).split(sep).join('/'), stem = below.slice(0, below.length - extname(below).length);
      // a.jpg beside a.png, or two photos of one name out of different folders
      const names = [stem, below, ...Array.from({ length: taken.size + 1 }, (_, i) => `${below}-${i + 2}`)], name = names.find((candidate) => !taken.has(candidate.toLowerCase()))!;
      taken.add(name.toLowerCase());
      found.set(resolve(path), { path, name });
    }
  }
  return [...found.values()];
}

async function expand(arg: string): Promise<{ path: string; base: string }[]> {
  const there = await stat(arg).catch(() => null), isPattern = !there && /[*?[]/.test(arg);
  if (!there?.isDirectory() && !isPattern) return [{ path: arg, base: dirname(arg) }];
  const base = isPattern ? patternBase(arg) : arg, matches = isPattern ? globMatcher(arg) : () => true;
  const files = (await readdir(base, { recursive: true, withFileTypes: true }).catch(() => [])).filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  const photos = files.filter((path) => EXTENSIONS.has(extname(path).toLowerCase()) && !relative(base, path).split(sep).some((part) => part.startsWith('.')) && matches(path)).sort();
  if (photos.length === 0) throw new ArgumentError('detect', arg, `photos (${[...EXTENSIONS].join(', ')})`, isPattern ? 'no match' : `none among ${files.length} files`);
  return photos.map((path) => ({ path, base }));
}

/** The folders of a pattern before its first wildcard. */
function patternBase(pattern: string): string {
  let base = dirname(pattern);
  while (/[*?[]/.test(base)) base = dirname(base);
  return base;
}

/** Whether a path, as `join` writes it, fits a pattern: `*` and `?` stay within a name, `**` alone between slashes is any folders or none. */
function globMatcher(pattern: string): (path: string) => boolean {
  const parts = join(pattern).split(sep).map((part) => (part === '**' ? null : part.replace(/\[(!?)([^\]]+)\]|[*?.+^${}()|\\[\]]/g, (token: string, not: string | undefined, set: string | undefined) => {
    if (set !== undefined) return `[${not ? '^' : ''}${set.replace(/[\\^]/g, '\\$&')}]`;
    return token === '*' ? '[^/]*' : token === '?' ? '[^/]' : `\\${token}`;
  })));
  const last = parts.length - 1, source = parts.map((part, i) => (part === null ? (i === last ? '.*' : '(?:[^/]+/)*') : `${part}${i < last ? '/' : ''}`)).join('');
  const regular = new RegExp(`^${source}$`);
  return (path) => regular.test(path.split(sep).join('/'));
}

/** What a file about a photo is called, beside or below: `event/name` and an ending. */
export const namedAfter = ({ name }: PhotoFile, ending: string): { folder: string; file: string } => ({ folder: dirname(name), file: `${basename(name)}${ending}` });
