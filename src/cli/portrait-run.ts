import { existsSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FormatError } from '../core/errors.ts';
import type { CropFrame, Point } from '../dense/crop-frame.ts';
import type { PortraitScore } from '../dense/evaluate-portrait.ts';
import type { SceneNumbers } from '../dense/scene.ts';
import { readFileBytes } from '../io/node.ts';
import { openRunDirectory } from '../training/run-directory-node.ts';
import { advise } from './context.ts';
import type { ModelSize } from './portrait-model.ts';

/** What is kept of a portrait's fit: enough to draw it again. */
export interface KeptFit {
  readonly scene: SceneNumbers;
  readonly frame: CropFrame;
  readonly landmarks68: readonly Point[];
}

/** One evaluated portrait. */
export interface PortraitEntry {
  readonly score: PortraitScore & { readonly grey: boolean; /** Why there is no fit. */ readonly failed?: string };
  /** `null`: it failed. */
  readonly fit: KeptFit | null;
}

/** A folder with `run.json`, `scores.jsonl` and `fits.jsonl`, one line a portrait, written as they come. */
export interface PortraitRun {
  /** What is there, by file; failures are not, so that they are tried again. */
  readonly entries: ReadonlyMap<string, PortraitEntry>;
  append(entry: PortraitEntry): Promise<void>;
  /** Writes both files anew, in this order; returns their paths. */
  finish(entries: readonly PortraitEntry[]): Promise<string[]>;
}

const SCORES = 'scores.jsonl', FITS = 'fits.jsonl';

/**
 * Opens the folder of an evaluation: a new one, or one that the same record was given for and that is gone on with.
 *
 * @param record - All that decides the scores.
 * @throws `ArgumentError` if the folder cannot be written or holds another run.
 */
export async function openPortraitRun(folder: string, record: Readonly<Record<string, unknown>>): Promise<PortraitRun> {
  const run = await openRunDirectory(folder, record), at = (name: string): string => join(folder, name);
  const linesOf = async (name: string): Promise<{ readonly file: string }[]> => (run.resumed && existsSync(at(name)) ? parseLines(await readFile(at(name), 'utf8')) : []);
  const fits = new Map(run.resumed && existsSync(at(FITS)) ? parseKeptFits(await readFile(at(FITS), 'utf8')) : []);
  const entries = new Map<string, PortraitEntry>();
  for (const score of await linesOf(SCORES) as PortraitEntry['score'][]) if (fits.has(score.file)) entries.set(score.file, { score, fit: fits.get(score.file) ?? null });
  const writeAll = async (list: readonly PortraitEntry[]): Promise<string[]> => {
    await run.write(FITS, list.map(fitLine).join(''));
    return [await run.write(SCORES, list.map(scoreLine).join('')), at(FITS)];
  };
  await writeAll([...entries.values()]);
  return {
    entries,
    async append(entry) {
      // The score last: it is what says that a portrait is done.
      await appendFile(at(FITS), fitLine(entry));
      await appendFile(at(SCORES), scoreLine(entry));
    },
    finish: writeAll,
  };
}

/** What `run.json` of `evaluate portraits` says, as far as others read it. */
export interface PortraitRecord {
  readonly command: string;
  readonly decoder: { readonly name: string; readonly sha256: string };
  readonly model: ModelSize;
  readonly boxOnly: boolean;
}

/**
 * What the folder's `run.json` says.
 *
 * @throws `ArgumentError` if there is none; `FormatError` if it is another command's.
 */
export async function readPortraitRecord(folder: string): Promise<PortraitRecord> {
  const path = join(folder, 'run.json'), text = new TextDecoder().decode(await advise('give a folder that `evaluate portraits -o` wrote', () => readFileBytes(path, { maxBytes: 1 << 20 })));
  try {
    const record = JSON.parse(text) as PortraitRecord;
    if (record.command === 'evaluate portraits' && record.model) return record;
  } catch { /* the same answer */ }
  throw new FormatError(path, 'the file', 'a record of `evaluate portraits`', 'another', 'its start');
}

/** The fits of a run's folder by file; without those that failed. */
export async function readPortraitFits(folder: string): Promise<ReadonlyMap<string, KeptFit>> {
  const path = join(folder, FITS), fits = existsSync(path) ? parseKeptFits(await readFile(path, 'utf8')) : [];
  return new Map(fits.flatMap(([file, fit]) => (fit ? [[file, fit] as const] : [])));
}

/** The scores of a run's folder by file, failures among them. */
export async function readPortraitRun(folder: string): Promise<ReadonlyMap<string, PortraitEntry['score']>> {
  const path = join(folder, SCORES);
  return new Map((existsSync(path) ? parseLines(await readFile(path, 'utf8')) as PortraitEntry['score'][] : []).map((score) => [score.file, score]));
}

const scoreLine = ({ score }: PortraitEntry): string => `${JSON.stringify(score)}\n`;

const fitLine = ({ score: { file }, fit }: PortraitEntry): string => (fit ? `${JSON.stringify({ file, frame: fit.frame, scene: { ...fit.scene, latent: Array.from(fit.scene.latent) }, landmarks68: fit.landmarks68 })}\n` : '');

/** The fits in the lines of a `fits.jsonl`, by file; `null` where a line says that there is none. */
export const parseKeptFits = (text: string): [string, KeptFit | null][] => parseLines(text).map((kept) => [kept.file, 'scene' in kept ? reviveFit(kept as unknown as KeptFit) : null]);

const reviveFit = ({ scene, frame, landmarks68 }: KeptFit): KeptFit => ({ scene: { ...scene, latent: Float32Array.from(scene.latent) }, frame, landmarks68 });

// A kill may have cut the last line: what it spoke of is done again.
const parseLines = (text: string): { readonly file: string }[] => text.split('\n').flatMap((line) => {
  try {
    return [JSON.parse(line) as { file: string }];
  } catch {
    return [];
  }
});
