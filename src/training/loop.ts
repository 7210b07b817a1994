import { resolveOptions } from '../core/options.ts';
import type { ProgressListener } from '../core/progress.ts';
import type { SafeTensor } from '../io/safetensors.ts';

/** Something that learns step by step; what a step does must depend on its number and the state alone. */
export interface TrainingTask {
  /** Makes step `step`, the first is 0; returns figures for the metrics, e.g. `loss`. */
  step(step: number): Readonly<Record<string, number>>;
  /** All that later steps depend on. */
  state(): Record<string, SafeTensor>;
  /** Takes up a state after `step` steps. */
  restore(state: Readonly<Record<string, SafeTensor>>, step: number): void;
}

/** Where a training keeps what a kill must not lose. */
export interface TrainingStore {
  /** The last checkpoint, or `null`. */
  load(): Promise<{ readonly step: number; readonly state: Readonly<Record<string, SafeTensor>> } | null>;
  /** Keeps a checkpoint instead of the last, wholly or not at all. */
  save(step: number, state: Readonly<Record<string, SafeTensor>>): Promise<void>;
  /** Adds one record of figures. */
  log(record: Readonly<Record<string, number>>): Promise<void>;
}

/** Options of {@link runTraining}. */
export interface TrainingOptions {
  /** Steps in all, those of earlier sittings included. */
  readonly steps: number;
  /** Steps between checkpoints: what a kill may lose. */
  readonly checkpointEvery: number;
  /** Steps whose figures are averaged to one record. */
  readonly logEvery: number;
}

export const TRAINING_DEFAULTS: TrainingOptions = { steps: 1000, checkpointEvery: 200, logEvery: 20 };

/** Hooks of {@link runTraining}. */
export interface TrainingHooks {
  /** Checked between steps; the state is saved before its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
}

/**
 * Runs a task to its last step from its last checkpoint, if there is one. The steps of several sittings give the same bits as
 * those of one.
 *
 * @throws the signal's reason, after saving the state.
 */
export async function runTraining(task: TrainingTask, store: TrainingStore, options?: Partial<TrainingOptions>, { signal, onProgress }: TrainingHooks = {}): Promise<void> {
  const { steps, checkpointEvery, logEvery } = resolveOptions('runTraining', TRAINING_DEFAULTS, options);
  const last = await store.load(), first = last?.step ?? 0, start = performance.now();
  if (last) task.restore(last.state, first);
  let sums: Record<string, number> = {}, summed = 0;
  for (let step = first; step < steps; step++) {
    if (signal?.aborted) {
      await store.save(step, task.state());
      throw signal.reason;
    }
    for (const [name, value] of Object.entries(task.step(step))) sums[name] = (sums[name] ?? 0) + value;
    summed++;
    const done = step + 1, seconds = (performance.now() - start) / 1000;
    if (done % logEvery === 0 || done === steps) {
      const means = Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / summed]));
      await store.log({ step: done, ...means, seconds });
      // Time to go is that of this sitting's steps.
      onProgress?.({ label: 'train', done: done - first, total: steps - first, seconds, note: `loss ${means.loss?.toPrecision(3) ?? '?'}` });
      [sums, summed] = [{}, 0];
    }
    if (done % checkpointEvery === 0 || done === steps) await store.save(done, task.state());
    if (done % 8 === 0) await new Promise((resolve) => setTimeout(resolve)); // lets an abort in
  }
}
