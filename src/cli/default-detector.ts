import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import { ArgumentError, FormatError, UnsupportedError } from '../core/errors.ts';
import { readFileBytes, writeFileAtomic } from '../io/node.ts';
import { advise } from './context.ts';
import { assertWritableFolder } from './output-files.ts';

/** A detector's weights as a file holds them, and what reports say of it. */
export interface DetectorFile {
  /** A safetensors file, or what --weights names. */
  readonly bytes: Uint8Array;
  /** Of the file that was given or imported, without folders. */
  readonly name: string;
  /** Of `bytes`. */
  readonly sha256: string;
}

const POINTER = 'default-detector.json', FOLDER = 'detectors', AGAIN = 'run `retinamesh import weights.pth` again';

/** An hour, in milliseconds: a temporary file that old was left by a process that was killed. */
const STALE = 3_600_000;

/** SHA-256 in hexadecimal. */
export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * Where this user's files go that can be made again: `RETINAMESH_CACHE`, or `retinamesh` in the folder that the system has for it.
 *
 * @throws {@link ArgumentError} if `RETINAMESH_CACHE` is no absolute path.
 */
export function userCacheFolder(env: Readonly<Record<string, string | undefined>> = process.env, platform: string = process.platform, home = homedir()): string {
  const own = env.RETINAMESH_CACHE, xdg = env.XDG_CACHE_HOME;
  if (own && !isAbsolute(own)) throw new ArgumentError('RETINAMESH_CACHE', 'the folder', 'an absolute path', own);
  if (own) return own;
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'retinamesh');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'retinamesh');
  return join(xdg && isAbsolute(xdg) ? xdg : join(home, '.cache'), 'retinamesh'); // the XDG specification ignores relative paths
}

/**
 * Makes a file this user's default detector: kept under its SHA-256, then named. A kill at any moment leaves the former default
 * or the new one.
 *
 * @param bytes - A safetensors file that holds a whole detector.
 * @param name - Of the file it was made from.
 * @returns Where it lies.
 */
export async function installDefaultDetector(bytes: Uint8Array, name: string, cache = userCacheFolder()): Promise<string> {
  const folder = join(cache, FOLDER), sha256 = sha256Of(bytes), path = join(folder, `${sha256}.safetensors`);
  await advise('RETINAMESH_CACHE names another folder, --no-default needs none', () => assertWritableFolder(folder, 'import'));
  await mkdir(folder, { recursive: true });
  await removeStale(cache);
  await removeStale(folder);
  await writeFileAtomic(path, bytes);
  await writeFileAtomic(join(cache, POINTER), `${JSON.stringify({ version: 1, sha256, name }, null, 2)}\n`);
  return path;
}

async function removeStale(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name), age = name.endsWith('.tmp') ? Date.now() - (await stat(path).catch(() => null) ?? { mtimeMs: Infinity }).mtimeMs : 0;
    if (age > STALE) await rm(path, { force: true });
  }
}

/**
 * This user's default detector, its content compared with its SHA-256.
 *
 * @returns `null` if none was ever installed.
 * @throws {@link FormatError} if what was installed is damaged, {@link ArgumentError} if it is gone: both say to import again.
 */
export async function readDefaultDetector(cache = userCacheFolder()): Promise<DetectorFile | null> {
  const pointer = join(cache, POINTER);
  if (!await stat(pointer).catch(() => null)) return null;
  return advise(AGAIN, async () => {
    const { sha256, name } = parsePointer(new TextDecoder().decode(await readFileBytes(pointer, { maxBytes: 1 << 16 })), pointer);
    const path = join(cache, FOLDER, `${sha256}.safetensors`), bytes = await readFileBytes(path), found = sha256Of(bytes);
    if (found !== sha256) throw new FormatError(path, 'the file', `SHA-256 ${sha256}`, found, 'byte 0');
    return { bytes, name, sha256 };
  });
}

function parsePointer(text: string, path: string): { sha256: string; name: string } {
  const fail = (): never => { throw new FormatError(path, 'the file', 'an object { version: 1, sha256, name }', JSON.stringify(text.slice(0, 40)), 'byte 0'); };
  try {
    const { version, sha256, name } = JSON.parse(text) as Record<string, unknown>;
    return version === 1 && typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256) && typeof name === 'string' ? { sha256, name } : fail();
  } catch {
    return fail();
  }
}

/**
 * The weights of `--weights`, or the default detector's.
 *
 * @param where - The verb, for the error.
 * @throws {@link UnsupportedError} if there is neither, naming `import`, `--weights` and `--box`; errors of reading.
 */
export async function readDetectorFile(where: string, weights: string | undefined): Promise<DetectorFile> {
  if (weights !== undefined) {
    const bytes = await advise('give the weights of a detector as --weights', () => readFileBytes(weights));
    return { bytes, name: basename(weights), sha256: sha256Of(bytes) };
  }
  const installed = await readDefaultDetector();
  if (!installed) throw new UnsupportedError(where, 'finding faces without a detector', NO_DETECTOR_ADVICE);
  return installed;
}

/** What to do where no detector is installed. */
export const NO_DETECTOR_ADVICE = 'install one once with `retinamesh import weights.pth`, name one with --weights file.safetensors, or tell `reconstruct` where the face is with --box x1,y1,x2,y2 (docs/weights.md)';
