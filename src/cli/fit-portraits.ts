import { existsSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ArgumentError } from '../core/errors.ts';
import type { FaceLabel } from '../dense/portrait-labels.ts';
import type { RunDirectory } from '../training/run-directory-node.ts';
import type { CommandContext } from './context.ts';
import type { FitPortraitAnswer, FitPortraitsWorkerData } from './fit-portraits-worker.ts';
import { type KeptFit, parseKeptFits } from './portrait-run.ts';

/** Fitted portraits by file; `null`: a grey one, or one that cannot be fitted. */
export type PortraitFits = ReadonlyMap<string, KeptFit | null>;

const FITS = 'fits.jsonl';

/** Beside this file where the package is built; in `dist` when it runs from `src`. */
const WORKER = ['./fit-portraits-worker.js', '../../dist/cli/fit-portraits-worker.js'].map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url))!;

/**
 * Fits portraits from box and five points, some at a time in threads of their own; each that is done is a line of the run's `fits.jsonl`, and those that are there are not fitted again.
 *
 * @throws `ArgumentError` after Ctrl-C, saying how to go on; what a thread dies of.
 */
export async function fitPortraits(context: CommandContext, labels: readonly FaceLabel[], { folder, decoder, workers, backend }: FitPortraitsWorkerData & { readonly workers: number }, run: RunDirectory): Promise<PortraitFits> {
  const path = join(run.folder, FITS), done = new Map(existsSync(path) ? parseKeptFits(await readFile(path, 'utf8')) : []), todo = labels.filter(({ file }) => !done.has(file)), began = performance.now(), total = todo.length;
  await run.write(FITS, [...done].map(line).join('')); // a kill may have cut the last line
  let appended = Promise.resolve(), count = 0;
  const threads: Worker[] = [];
  const work = (): Promise<void> => new Promise((resolve, reject) => {
    const data: FitPortraitsWorkerData = { folder, decoder, backend }, thread = new Worker(WORKER, { workerData: data });
    threads.push(thread);
    const next = (): void => {
      const label = todo.shift();
      if (label === undefined || context.signal.aborted) resolve();
      else thread.postMessage(label);
    };
    thread.on('error', reject);
    thread.on('message', ({ file, fit, problem }: FitPortraitAnswer) => {
      if (problem !== null) context.note(`${file}: ${problem}; left out`);
      done.set(file, fit);
      appended = appended.then(() => appendFile(path, line([file, fit])));
      context.progress({ label: 'fit portraits', done: ++count, total, seconds: (performance.now() - began) / 1000 });
      next();
    });
    next();
  });
  try {
    await Promise.all(Array.from({ length: Math.min(workers, todo.length) }, work));
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
    await appended;
  }
  if (context.signal.aborted) throw new ArgumentError('fit portraits', run.folder, 'a finished run', 'an end by Ctrl-C; the same command goes on where it stopped');
  return done;
}

const line = ([file, fit]: readonly [string, KeptFit | null]): string => `${JSON.stringify(fit ? { file, frame: fit.frame, scene: { ...fit.scene, latent: Array.from(fit.scene.latent) }, landmarks68: fit.landmarks68 } : { file, fit: null })}\n`;
