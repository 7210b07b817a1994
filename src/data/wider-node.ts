import { readdir, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { ArgumentError } from '../core/errors.ts';
import { inflate } from '../io/inflate.ts';
import { readFileBytes } from '../io/node.ts';
import { readTar, type TarEntry } from '../io/tar.ts';
import { parseWiderGroundTruth, WIDER_SETS, type WiderImage, type WiderSet, type WiderSetFile } from './wider-ground-truth.ts';
import { assignWiderPredictions, type WiderPredictions } from './wider-predictions.ts';

/** Bytes that all prediction files together may have. */
const MAX_BYTES = 1 << 29;

/**
 * Reads the ground truth of WIDER FACE from a folder with `wider_easy_val.mat`, `wider_medium_val.mat` and `wider_hard_val.mat`.
 *
 * @throws {@link ArgumentError} if one is missing; {@link FormatError} as `parseWiderGroundTruth`.
 */
export async function readWiderGroundTruth(folder: string): Promise<WiderImage[]> {
  const files: [WiderSet, WiderSetFile][] = [];
  for (const set of WIDER_SETS) { // one after the other, so that an error names the first that is missing
    const path = join(folder, `wider_${set}_val.mat`);
    files.push([set, { path, bytes: await readFileBytes(path) }]);
  }
  return parseWiderGroundTruth(Object.fromEntries(files) as Record<WiderSet, WiderSetFile>);
}

/**
 * Reads prediction files, a folder of them or an archive (`.tgz`, `.tar.gz`, `.tar`), and gives every picture its own.
 *
 * @throws {@link ArgumentError} if there is no such folder or archive, or no `.txt` file in it; {@link FormatError} as `assignWiderPredictions`.
 */
export async function readWiderPredictions(path: string, images: readonly WiderImage[]): Promise<WiderPredictions> {
  const found = await stat(path).catch(() => null);
  const entries = found?.isDirectory() ? await readFolder(path) : await readArchive(path);
  if (!entries.some((entry) => entry.path.endsWith('.txt'))) throw new ArgumentError('readWiderPredictions', path, 'prediction files, one .txt a picture', 'none');
  return assignWiderPredictions(images, entries, path);
}

async function readArchive(path: string): Promise<TarEntry[]> {
  const bytes = await readFileBytes(path), isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return readTar(isGzip ? await inflate(bytes, path, { format: 'gzip', maxBytes: MAX_BYTES }) : bytes, path);
}

async function readFolder(folder: string): Promise<TarEntry[]> {
  const entries: TarEntry[] = [];
  let size = 0;
  for (const file of (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())) {
    const path = join(file.parentPath ?? file.path, file.name), isNeeded = /\.(txt|json)$/.test(file.name);
    const data = isNeeded ? await readFileBytes(path, { maxBytes: MAX_BYTES - size }) : new Uint8Array(0);
    size += data.length;
    entries.push({ path: path.slice(join(folder, sep).length).replaceAll(sep, '/'), data });
  }
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}
