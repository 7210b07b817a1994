import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { UnsupportedError } from '../core/errors.ts';
import type { FaceModel } from '../decoder/face-model.ts';
import { advise } from './context.ts';

/** The face model that the package brings. */
export const SHIPPED_MODEL = fileURLToPath(new URL('../../meshes/head.safetensors', import.meta.url));

/** A face model and what scene files say of it. */
export interface LoadedModel {
  readonly model: FaceModel;
  /** Name of its file, without folders. */
  readonly name: string;
  /** Of the file's bytes. */
  readonly sha256: string;
}

/** Adds `--decoder`. */
export const addDecoderOption = (command: Command): Command =>
  command.option('--decoder <file>', 'face model, as `decoder train` writes it (default: the one in the package)');

/**
 * Reads the face model of `--decoder`, or the one of the package, onto the current backend.
 *
 * @throws `ArgumentError` if the file is missing; `FormatError` if it is no face model of this version.
 */
export async function loadModel(path: string | undefined): Promise<LoadedModel> {
  const file = path ?? SHIPPED_MODEL;
  if (path === undefined && !existsSync(file)) throw new UnsupportedError('--decoder', `a package without ${basename(file)}`, 'give a face model with --decoder, or install the package again');
  const [{ readFaceModel }, { readFileBytes }] = await Promise.all([import('../decoder/face-model.ts'), import('../io/node.ts')]);
  return advise('give a face model that `retinamesh decoder train` wrote as --decoder', async () => {
    const bytes = await readFileBytes(file), model = readFaceModel(bytes, file);
    return { model, name: basename(file), sha256: createHash('sha256').update(bytes).digest('hex') };
  });
}
