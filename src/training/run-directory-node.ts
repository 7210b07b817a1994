import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ArgumentError, FormatError } from '../core/errors.ts';
import { readFileBytes, writeFileAtomic } from '../io/node.ts';
import { readSafetensors, writeSafetensors } from '../io/safetensors.ts';
import type { TrainingStore } from './loop.ts';

/** A folder that holds one training: `run.json`, `metrics.jsonl`, `checkpoint.safetensors`, and what the caller adds. */
export interface RunDirectory extends TrainingStore {
  readonly folder: string;
  /** Whether it was there before, with the same record. */
  readonly resumed: boolean;
  /** Writes a file of the run, wholly or not at all; returns its path. */
  write(name: string, content: Uint8Array | string): Promise<string>;
}

/**
 * Opens a run directory: a new one gets `run.json` before any work; one that is there must have been made from the same
 * record, and is gone on with. Metrics of steps after its checkpoint are dropped: those steps are made again.
 *
 * @param record - All that decides the result: resolved options, seed, versions.
 * @throws {@link ArgumentError} if the folder cannot be written or holds another run; {@link FormatError} for a damaged `run.json` or checkpoint.
 */
export async function openRunDirectory(folder: string, record: Readonly<Record<string, unknown>>): Promise<RunDirectory> {
  const path = (name: string): string => join(folder, name), text = `${JSON.stringify(record, null, 2)}\n`;
  const resumed = existsSync(path(RECORD));
  if (resumed) assertSameRecord(path(RECORD), await readFile(path(RECORD), 'utf8'), text);
  await mkdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => { throw new ArgumentError('openRunDirectory', folder, 'a place for a folder', error.code ?? error.message); });
  if (!resumed) await writeFileAtomic(path(RECORD), text);
  const run: RunDirectory = {
    folder, resumed,
    async load() {
      if (!existsSync(path(CHECKPOINT))) {
        await writeFileAtomic(path(METRICS), '');
        return null;
      }
      const { tensors: state, metadata } = readSafetensors(await readFileBytes(path(CHECKPOINT)), path(CHECKPOINT)), step = Number(metadata.step);
      if (!Number.isInteger(step) || step < 0) throw new FormatError(path(CHECKPOINT), 'the metadata field step', 'a count', metadata.step ?? 'nothing', 'the header');
      await writeFileAtomic(path(METRICS), existsSync(path(METRICS)) ? upToStep(await readFile(path(METRICS), 'utf8'), step) : '');
      return { step, state };
    },
    save: (step, state) => writeFileAtomic(path(CHECKPOINT), writeSafetensors(state, { step: `${step}` })),
    log: (figures) => appendFile(path(METRICS), `${JSON.stringify(figures)}\n`),
    async write(name, content) {
      await writeFileAtomic(path(name), content);
      return path(name);
    },
  };
  return run;
}

const RECORD = 'run.json', METRICS = 'metrics.jsonl', CHECKPOINT = 'checkpoint.safetensors';

function assertSameRecord(path: string, found: string, wanted: string): void {
  if (found === wanted) return;
  const [old, next] = [found, wanted].map((text) => new Map(text.split('\n').map((line, i) => [i, line.trim()])));
  const line = [...next!].find(([i, content]) => old!.get(i) !== content);
  throw new ArgumentError('openRunDirectory', path, `the same options as now (${line?.[1] ?? 'fewer'}); choose another folder, or delete this one`, old!.get(line?.[0] ?? 0) ?? 'nothing');
}

// A kill may have cut the last line.
const upToStep = (text: string, step: number): string => text.split('\n').filter((line) => {
  try {
    return (JSON.parse(line) as { step: number }).step <= step;
  } catch {
    return false;
  }
}).map((line) => `${line}\n`).join('');
