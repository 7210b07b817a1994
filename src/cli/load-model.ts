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

/** A file that is to hold a face model. */
export interface ModelFile extends Omit<LoadedModel, 'model'> {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads the face model of `--decoder`, or the one of the package, onto the current backend.
 *
 * @throws `ArgumentError` if the file is missing; `FormatError` if it is no face model of this version.
 */
export async function loadModel(path: string | undefined): Promise<LoadedModel> {
  return openModel(await readModelFile(path));
}

const ADVICE = 'give a face model that `retinamesh decoder train` wrote as --decoder';

/**
 * The bytes of the file of `--decoder`, or of the one of the package.
 *
 * @throws `ArgumentError` if the file is missing.
 */
export async function readModelFile(given: string | undefined): Promise<ModelFile> {
  const path = given ?? SHIPPED_MODEL;
  if (given === undefined && !existsSync(path)) throw new UnsupportedError('--decoder', `a package without ${basename(path)}`, 'give a face model with --decoder, or install the package again');
  const { readFileBytes } = await import('../io/node.ts'), bytes = await advise(ADVICE, () => readFileBytes(path));
  return { path, bytes, name: basename(path), sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** The face model in a file's bytes, on the current backend. */
export async function openModel({ path, bytes, name, sha256 }: ModelFile): Promise<LoadedModel> {
  const { readFaceModel } = await import('../decoder/face-model.ts');
  return { model: await advise(ADVICE, () => readFaceModel(bytes, path)), name, sha256 };
}
