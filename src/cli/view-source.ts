import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ArgumentError, FormatError } from '../core/errors.ts';
import type { SceneRecord } from '../dense/scene-record.ts';
import { readInside } from '../viewer/server/open-inside-node.ts';
import { advise, type CommandContext } from './context.ts';
import { liveFitOf } from './live-fit.ts';
import { type ModelFile, readModelFile } from './load-model.ts';
import { faceTitle, pageFace, type PageInput } from './page-input.ts';
import { fieldsIn, parse } from './parse-kept-fit.ts';
import { photoOfScene, portraitPhotos } from './view-photos.ts';
import { portraitFaces } from './view-portraits.ts';
import { assertSameModel } from './scene-image.ts';
import { dense, fits, type FollowedRun, portraits, training, weights } from './view-follow.ts';

/** Options that say what is looked at. */
export interface ViewSourceOptions {
  readonly decoder?: string;
  readonly photo?: string;
  readonly portraits?: string;
}

/** What is looked at: its page as it is now, and what of it is followed. */
export interface ViewSource {
  readonly kind: 'model' | 'scene' | 'reconstruct' | 'portraits' | 'training' | 'dense';
  readonly title: string;
  readonly page: () => Promise<PageInput>;
  /** Bytes of the face model as they are now; `null`: there is none yet. */
  readonly model: () => Promise<Uint8Array | null>;
  readonly followed: FollowedRun | null;
}

const EXPECTED = 'the folder of a run (of reconstruct, evaluate portraits, decoder train or dense train-head), a scene.json or a face model (.safetensors)';

/**
 * Finds out what was named.
 *
 * @param path - `undefined`: the face model in the package.
 * @throws {@link ArgumentError}, {@link FormatError} naming what was expected, if it is none of what can be looked at.
 */
export async function openViewSource(context: CommandContext, path: string | undefined, options: ViewSourceOptions): Promise<ViewSource> {
  const found = path === undefined ? null : await stat(path).catch(() => { throw new ArgumentError('view', path, EXPECTED, 'no such file or folder'); });
  const kind = path === undefined ? 'model' : found!.isDirectory() ? await kindOfFolder(path) : await kindOfFile(path);
  const stray = (['photo', 'portraits', 'decoder'] as const).find((name) => options[name] !== undefined && !TAKES[name].includes(kind));
  if (stray) context.misuse(`--${stray} is for ${TAKES[stray].map((of) => NAMES[of]).join(', ')}: this is ${NAMES[kind]}, leave it out`);
  switch (kind) {
    case 'model': return modelSource(path);
    case 'scene': return sceneSource(context, path!, options);
    case 'reconstruct': return reconstructSource(context, path!, options);
    case 'portraits': return portraitsSource(context, path!, options);
    case 'training': return trainingSource(path!);
    case 'dense': return denseSource(path!, options);
  }
}

const NAMES: Readonly<Record<ViewSource['kind'], string>> = {
  model: 'a face model', scene: 'a scene.json', reconstruct: 'a folder of reconstruct', portraits: 'a run of evaluate portraits', training: 'a run of decoder train', dense: 'a run of dense train-head',
};

const TAKES: Readonly<Record<'photo' | 'portraits' | 'decoder', readonly ViewSource['kind'][]>> = {
  photo: ['scene', 'reconstruct'], portraits: ['portraits'], decoder: ['scene', 'reconstruct', 'portraits', 'dense'],
};

async function kindOfFile(path: string): Promise<'scene' | 'model'> {
  const { readFileBytes } = await import('../io/node.ts'), [first] = await advise(`give ${EXPECTED}`, () => readFileBytes(path));
  return first === '{'.charCodeAt(0) ? 'scene' : 'model';
}

/** What a run's `run.json` says; nothing where it is missing. */
async function readRun(folder: string): Promise<Readonly<Record<string, unknown>>> {
  const bytes = await readInside(folder, 'run.json', 1 << 22), value = bytes && parse(new TextDecoder().decode(bytes));
  if (value === undefined) throw new FormatError(join(folder, 'run.json'), 'the text', 'JSON', 'something else', 'byte 0');
  return fieldsIn(value);
}

async function kindOfFolder(folder: string): Promise<ViewSource['kind']> {
  const has = async (name: string): Promise<boolean> => stat(join(folder, name)).then(() => true, () => false);
  if (await has('scene.json') || await liveFitOf(folder)) return 'reconstruct';
  const { command } = await readRun(folder);
  if (command === 'evaluate portraits' || await has('fits.jsonl')) return 'portraits';
  if (command === 'dense train-head') return 'dense';
  if (command === 'decoder train' || await has('metrics.jsonl')) return 'training';
  throw new ArgumentError('view', folder, 'one of scene.json (reconstruct), fits.jsonl (evaluate portraits) and metrics.jsonl (decoder train, dense train-head)', 'none of them');
}

async function modelSource(path: string | undefined): Promise<ViewSource> {
  const file = await readModel(path), place = await realpath(file.path), [folder, name] = [dirname(place), basename(place)];
  return { kind: 'model', title: file.name, page: async () => ({ title: file.name, faces: [] }), model: () => readInside(folder, name), followed: weights(folder, name) };
}

/** A face model's file, whose header says that it is one. */
async function readModel(path: string | undefined): Promise<ModelFile> {
  const [{ readSafetensors }, { assertFaceModelFormat }] = await Promise.all([import('../io/safetensors.ts'), import('../decoder/face-model-format.ts')]), file = await readModelFile(path);
  await advise(`give ${EXPECTED}`, () => assertFaceModelFormat(readSafetensors(file.bytes, file.path).metadata, file.path));
  return file;
}

async function readScene(bytes: Uint8Array, path: string): Promise<SceneRecord> {
  const { parseSceneRecord } = await import('../dense/scene-record.ts');
  return advise(`give ${EXPECTED}`, () => parseSceneRecord(new TextDecoder().decode(bytes), path));
}

async function scenePage(context: CommandContext, scene: SceneRecord, folder: string, model: ModelFile, photo: string | undefined): Promise<PageInput> {
  assertSameModel(scene, model, 'view');
  const title = typeof scene.options.photo === 'string' ? scene.options.photo : basename(resolve(folder)), pixels = await photoOfScene(context, scene, folder, photo), { length } = scene.faces;
  return { title, faces: scene.faces.map((face, i) => pageFace(face, { title: faceTitle(title, i, length), size: scene.options.size, photo: pixels, model: scene.model.name })) };
}

async function sceneSource(context: CommandContext, path: string, { decoder, photo }: ViewSourceOptions): Promise<ViewSource> {
  const { readFileBytes } = await import('../io/node.ts'), model = await readModel(decoder), page = await scenePage(context, await readScene(await readFileBytes(path), path), dirname(path), model, photo);
  return { kind: 'scene', title: page.title, page: async () => page, model: async () => model.bytes, followed: null };
}

async function reconstructSource(context: CommandContext, folder: string, { decoder, photo }: ViewSourceOptions): Promise<ViewSource> {
  const model = await readModel(decoder), path = join(folder, 'scene.json');
  let last: { readonly text: string; readonly page: PageInput } | null = null;
  const page = async (): Promise<PageInput> => {
    const live = await liveFitOf(folder);
    if (live) {
      assertSameModel(live, model, 'view');
      return { title: live.title, faces: [live.face] };
    }
    const bytes = await readInside(folder, 'scene.json');
    if (!bytes) throw new ArgumentError('view', path, 'a file in this folder', 'none, or a link that leads out of it');
    const text = new TextDecoder().decode(bytes);
    if (last?.text !== text) last = { text, page: await scenePage(context, await readScene(bytes, path), folder, model, photo) };
    return last.page;
  };
  const { title } = await page();
  return { kind: 'reconstruct', title, page, model: async () => model.bytes, followed: fits(folder, model.sha256) };
}

async function portraitsSource(context: CommandContext, folder: string, { decoder, portraits: from }: ViewSourceOptions): Promise<ViewSource> {
  const run = await readRun(folder), { kind } = fieldsIn(run.model), own = kind === 'pca' || kind === 'pca-small', model = await readModel(own ? decoder ?? join(folder, 'model.safetensors') : decoder);
  const { name, sha256 } = fieldsIn(run.decoder);
  if (!own && typeof name === 'string' && typeof sha256 === 'string') assertSameModel({ model: { name, sha256 } }, model, 'view');
  if (from === undefined) context.note('portraits are shown without their photographs: give the folder that was evaluated as --portraits');
  const title = basename(resolve(folder)), photos = await portraitPhotos(from), latentSize = await latentSizeOf(model);
  const page = async (): Promise<PageInput> => ({ title, faces: await portraitFaces(folder, photos, { latentSize, name: model.name }) });
  return { kind: 'portraits', title, page, model: async () => model.bytes, followed: portraits(folder) };
}

async function latentSizeOf({ bytes, path }: ModelFile): Promise<number> {
  const { readSafetensors } = await import('../io/safetensors.ts'), { latentSize } = fieldsIn(parse(readSafetensors(bytes, path).metadata.config ?? ''));
  return Number.isInteger(latentSize) ? latentSize as number : 0;
}

async function trainingSource(folder: string): Promise<ViewSource> {
  const title = basename(resolve(folder)), { steps } = fieldsIn((await readRun(folder)).options);
  return { kind: 'training', title, page: async () => ({ title, faces: [] }), model: () => readInside(folder, 'head.safetensors'), followed: training(folder, Number.isInteger(steps) ? steps as number : Infinity) };
}

async function denseSource(folder: string, { decoder }: ViewSourceOptions): Promise<ViewSource> {
  const title = basename(resolve(folder)), model = await readModel(decoder);
  return { kind: 'dense', title, page: async () => ({ title, faces: [] }), model: async () => model.bytes, followed: dense(folder) };
}
