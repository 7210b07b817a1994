// A thread that fits one portrait after another: see fit-portraits.ts.
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { FaceLabel } from '../dense/portrait-labels.ts';
import { type Backend, useBackend } from './backends.ts';
import { isTyped } from './context.ts';
import { loadModel } from './load-model.ts';
import type { KeptFit } from './portrait-run.ts';

/** What a thread is started with. */
export interface FitPortraitsWorkerData {
  /** With `images/`. */
  readonly folder: string;
  /** Face model's file; without one the package's. */
  readonly decoder: string | undefined;
  readonly backend: Backend;
}

/** What it answers to a label. */
export interface FitPortraitAnswer {
  readonly file: string;
  readonly fit: KeptFit | null;
  readonly problem: string | null;
}

const { folder, decoder, backend } = workerData as FitPortraitsWorkerData, ready = prepare();

parentPort!.on('message', (label: FaceLabel) => void answer(label).then((found) => parentPort!.postMessage(found)));

async function prepare() {
  const [{ fitFace }, { isGreyImage }, { readImageFile }] = await Promise.all([import('../dense/fit-face.ts'), import('../io/is-grey-image.ts'), import('../io/node-image.ts')]);
  await useBackend(backend);
  return { fitFace, isGreyImage, readImageFile, ...await loadModel(decoder) };
}

async function answer({ file, box, landmarks5 }: FaceLabel): Promise<FitPortraitAnswer> {
  const { model, fitFace, isGreyImage, readImageFile } = await ready;
  try {
    const photo = await readImageFile(join(folder, 'images', file));
    if (isGreyImage(photo)) return { file, fit: null, problem: null };
    const { scene, frame, landmarks68 } = await fitFace(photo, { box, landmarks: landmarks5 }, model);
    return { file, fit: { scene, frame, landmarks68 }, problem: null };
  } catch (error) {
    if (!isTyped(error)) throw error;
    return { file, fit: null, problem: error.message };
  }
}
