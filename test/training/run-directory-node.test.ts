import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Adam } from '../../src/training/adam.ts';
import { runTraining, type TrainingStore, type TrainingTask } from '../../src/training/loop.ts';
import { openRunDirectory } from '../../src/training/run-directory-node.ts';

const root = mkdtempSync(join(tmpdir(), 'retinamesh-run-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Three numbers that walk towards 0, 1, 2. */
function bowl(): TrainingTask & { readonly x: Float32Array } {
  const adam = new Adam(), x = Float32Array.of(5, -3, 4);
  return {
    x,
    step(step) {
      adam.update({ x }, { x: x.map((value, i) => value - i) }, 0.1 / (1 + step));
      return { loss: x.reduce((sum, value, i) => sum + (value - i) ** 2, 0) };
    },
    state: () => ({ x: { dtype: 'F32', shape: [3], data: x.slice() }, ...adam.toTensors() }),
    restore(state, step) {
      x.set(state.x!.data as Float32Array);
      adam.fromTensors(state, step);
    },
  };
}

const options = { steps: 25, checkpointEvery: 4, logEvery: 3 }, record = { seed: 3, options };

/** A store whose process dies at a step: nothing after it is kept. */
const dying = (store: TrainingStore, at: number): TrainingStore => ({
  load: () => store.load(),
  save: (step, state) => (step > at ? Promise.reject(new Error('killed')) : store.save(step, state)),
  log: (figures) => store.log(figures),
});

it('a run killed anywhere and gone on with gives the bits and the metrics of one that was not', async () => {
  const whole = bowl(), run = await openRunDirectory(join(root, 'whole'), record);
  await runTraining(whole, run, options);
  for (const at of [0, 7, 23]) {
    const folder = join(root, `killed-${at}`);
    await expect(runTraining(bowl(), dying(await openRunDirectory(folder, record), at), options)).rejects.toThrow('killed');
    const again = await openRunDirectory(folder, record), task = bowl();
    expect(again.resumed).toBe(true);
    await runTraining(task, again, options);
    expect(task.x).toEqual(whole.x);
    const metrics = (name: string): number[] => readFileSync(join(root, name, 'metrics.jsonl'), 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { step: number }).step);
    expect(metrics(`killed-${at}`).at(-1)).toBe(25);
    expect(new Set(metrics(`killed-${at}`)).size).toBe(metrics(`killed-${at}`).length);
    expect(readFileSync(join(folder, 'checkpoint.safetensors'))).toEqual(readFileSync(join(root, 'whole', 'checkpoint.safetensors')));
    expect(readdirSync(folder).sort()).toEqual(['checkpoint.safetensors', 'metrics.jsonl', 'run.json']);
  }
});

it('an abort saves the very step, and a finished run does nothing more', async () => {
  const folder = join(root, 'aborted'), controller = new AbortController(), seen: number[] = [];
  const stopping = { signal: controller.signal, onProgress: ({ done }: { done: number }): void => { seen.push(done); if (done === 6) controller.abort(new Error('enough')); } };
  await expect(runTraining(bowl(), await openRunDirectory(folder, record), options, stopping)).rejects.toThrow('enough');
  expect((await (await openRunDirectory(folder, record)).load())!.step).toBe(6);
  const task = bowl();
  await runTraining(task, await openRunDirectory(folder, record), options);
  const end = task.x.slice();
  await runTraining(task, await openRunDirectory(folder, record), options);
  expect(task.x).toEqual(end);
  expect(seen).toEqual([3, 6]);
});

it('refuses a folder of another run, saying what differs, and damaged files', async () => {
  const folder = join(root, 'other');
  await openRunDirectory(folder, record);
  await expect(openRunDirectory(folder, { ...record, seed: 4 })).rejects.toThrow(/run\.json to have the same options as now \("seed": 4,\).*got "seed": 3,/);
  writeFileSync(join(folder, 'checkpoint.safetensors'), 'rubbish');
  await expect((await openRunDirectory(folder, record)).load()).rejects.toThrow(/checkpoint\.safetensors: expected/);
  writeFileSync(join(root, 'file'), '');
  await expect(openRunDirectory(join(root, 'file', 'run'), record)).rejects.toThrow('openRunDirectory: expected');
});
