import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { ArgumentError, UnsupportedError } from '../core/errors.ts';
import { formatSeconds } from '../core/progress.ts';
import type { Box, Point } from '../dense/crop-frame.ts';
import type { SceneRecord } from '../dense/scene-record.ts';
import type { PixelImage } from '../io/image.ts';
import { addCommonOptions, advise, type CommandContext, type CommandResult, type CommonOptions, parseNumber, parseNumbers, withCommand } from './context.ts';
import { faceFiles } from './face-files.ts';
import { addDecoderOption, loadModel } from './load-model.ts';
import { assertWritableFolder, writeOutputFiles } from './output-files.ts';

interface ReconstructOptions extends CommonOptions {
  readonly box?: readonly number[];
  readonly landmarks?: readonly number[];
  readonly silhouette?: string;
  readonly size: number;
  readonly output: string;
  readonly decoder?: string;
}

/** Adds `retinamesh reconstruct`, the main job: a photograph and a box to a coloured mesh and everything about it. */
export function addReconstructCommand(program: Command): void {
  addDecoderOption(addCommonOptions(program.command('reconstruct').description('fit a coloured face mesh to a photograph; without one, to the example in the package')
    .argument('[photo]', 'JPEG, PNG, WebP, AVIF, TIFF or GIF; turned upright by its EXIF orientation')
    .option('--box <x1,y1,x2,y2>', 'the face, in pixels of the upright photograph: left, top, right, bottom', parseNumbers(4))
    .option('--landmarks <x1,y1,...>', "five points as they lie in the picture: left eye, right eye, nose tip, left and right corner of the mouth; better than the box alone", parseNumbers(10))
    .option('--silhouette <mask>', "picture of the photograph's size, white or opaque where the face is, without hair, ears and neck: the mesh's outline is held to it")
    .option('--size <pixels>', 'edge of crop.png and render.png', parseNumber({ min: 16, max: 2048, whole: true }), 256)
    .option('-o, --output <folder>', 'where the files go', 'out')))
    .action(withCommand(reconstructCommand));
}

/** A photograph and where its face is. */
interface Target {
  readonly photo: PixelImage;
  readonly title: string;
  readonly box: Box;
  readonly landmarks: readonly Point[] | null;
  readonly silhouette: PixelImage | null;
}

async function reconstructCommand(context: CommandContext, options: ReconstructOptions, path: string | undefined): Promise<CommandResult> {
  const { output, size, decoder } = options, began = performance.now(), { signal } = context; // asked for now: Ctrl-C is heard from here on
  await assertWritableFolder(output);
  const { photo, title, box, landmarks, silhouette } = path === undefined ? await readExample(context, options) : await readTarget(context, options, path);
  const backend = await context.useBackend(), { model, name, sha256 } = await loadModel(decoder);
  const [{ fitFace }, { faceRecord }] = await Promise.all([import('../dense/fit-face.ts'), import('../dense/face-record.ts')]);
  const fit = await fitFace(photo, { box, landmarks, silhouette }, model, undefined, { signal, onProgress: context.progress });
  const scene: SceneRecord = {
    version: 1, photo: { width: photo.width, height: photo.height }, model: { name, sha256 },
    options: { photo: title, box, landmarks, ...(options.silhouette !== undefined && { silhouette: basename(options.silhouette) }), size, fitSize: fit.size, backend }, faces: [faceRecord(fit, box, size)],
  };
  const files = await faceFiles({ photo, title, scene, model });
  signal.throwIfAborted();
  const written = await writeOutputFiles(output, files), losses = Object.entries(fit.losses).map(([loss, value]) => `${loss} ${value.toPrecision(3)}`);
  const text = [`${title}: fitted in ${formatSeconds(fit.seconds)}, ${formatSeconds((performance.now() - began) / 1000)} in all (${backend}); ${losses.join(', ')}`, ...written, `open ${written.find((file) => file.endsWith('.html'))} in a browser`];
  return { record: scene, text: text.join('\n') };
}

async function readTarget(context: CommandContext, { box, landmarks, silhouette: mask }: ReconstructOptions, path: string): Promise<Target> {
  if (!box) context.misuse(`--box x1,y1,x2,y2 is missing: give the face in ${path} in pixels (left, top, right, bottom); there is no detector yet`);
  const [{ readImageFile }, { assertBox, assertLandmarks5 }] = await Promise.all([import('../io/node-image.ts'), import('../dense/crop-frame.ts')]);
  const photo = await advise('give a photo as JPEG, PNG, WebP, AVIF, TIFF or GIF', () => readImageFile(path)), points = landmarks ? [0, 2, 4, 6, 8].map((i): Point => [landmarks[i]!, landmarks[i + 1]!]) : null;
  const upright = `the upright photo has ${photo.width} x ${photo.height} pixels, left top is 0,0`;
  await advise(`give --box as x1,y1,x2,y2; ${upright}`, () => assertBox('--box', box, photo.width, photo.height));
  if (points) await advise(`give --landmarks as five points x,y in the box; ${upright}`, () => assertLandmarks5('--landmarks', points, box as unknown as Box));
  return { photo, title: basename(path), box: box as unknown as Box, landmarks: points, silhouette: mask === undefined ? null : await readSilhouette(mask, photo) };
}

async function readSilhouette(path: string, photo: PixelImage): Promise<PixelImage> {
  const [{ readImageFile }, { silhouetteMask }] = await Promise.all([import('../io/node-image.ts'), import('../dense/silhouette-mask.ts')]);
  return advise('give --silhouette a picture as large as the upright photo, white or opaque where the face is', async () => silhouetteMask(path, await readImageFile(path, { keepAlpha: true }), photo));
}

/** The picture that the package brings, and what `example.json` beside it says. */
export const EXAMPLE = { photo: fileURLToPath(new URL('../../meshes/example.jpg', import.meta.url)), target: fileURLToPath(new URL('../../meshes/example.json', import.meta.url)) } as const;

async function readExample(context: CommandContext, { box, landmarks, silhouette }: ReconstructOptions): Promise<Target> {
  const stray = Object.entries({ box, landmarks, silhouette }).find(([, value]) => value !== undefined)?.[0];
  if (stray) context.misuse(`--${stray} is for a photo: name one before it, or leave it out for the example in the package`);
  const { readImageFile } = await import('../io/node-image.ts');
  try {
    const target = JSON.parse(readFileSync(EXAMPLE.target, 'utf8')) as { box: Box; landmarks5: Point[] };
    return { photo: await readImageFile(EXAMPLE.photo), title: 'example', box: target.box, landmarks: target.landmarks5, silhouette: null };
  } catch (error) {
    if (!(error instanceof ArgumentError) && (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new UnsupportedError('reconstruct', 'a package without its example', 'name a photo and --box, or install the package again');
  }
}
