import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { ArgumentError, UnsupportedError } from '../core/errors.ts';
import { formatSeconds, type Progress } from '../core/progress.ts';
import type { FaceModel } from '../decoder/face-model.ts';
import type { Box, Point } from '../dense/crop-frame.ts';
import type { FaceFit, FitStep } from '../dense/fit-face.ts';
import type { SceneRecord } from '../dense/scene-record.ts';
import type { DetectedFace } from '../detector/detections.ts';
import type { PixelImage } from '../io/image.ts';
import { addCommonOptions, advise, type CommandContext, type CommandResult, type CommonOptions, parseNumber, parseNumbers, withCommand } from './context.ts';
import { faceFiles, type FaceFiles } from './face-files.ts';
import { LiveFit } from './live-fit.ts';
import { addWeightsOption, loadDetector } from './load-detector.ts';
import { addDecoderOption, openModel, readModelFile } from './load-model.ts';
import { assertWritableFolder, writeOutputFiles } from './output-files.ts';

interface ReconstructOptions extends CommonOptions {
  readonly box?: readonly number[];
  readonly landmarks?: readonly number[];
  readonly silhouette?: string;
  readonly weights?: string;
  readonly threshold?: number;
  readonly maxFaces?: number;
  readonly minSize?: number;
  readonly size: number;
  readonly output: string;
  readonly decoder?: string;
}

/** Of the search for faces: a face that is none costs a whole fit, and of one smaller than this there is little to fit. */
const SEARCH_DEFAULTS = { threshold: 0.8, minSize: 32 } as const;

/** Adds `retinamesh reconstruct`, the main job: a photograph to a coloured mesh of every face and everything about it. */
export function addReconstructCommand(program: Command): void {
  addWeightsOption(addDecoderOption(addCommonOptions(program.command('reconstruct').description('fit a coloured mesh to every face of a photograph, or to the one of --box; without a photograph, to the example in the package')
    .argument('[photo]', 'JPEG, PNG, WebP, AVIF, TIFF or GIF; turned upright by its EXIF orientation')
    .option('--box <x1,y1,x2,y2>', 'the face, in pixels of the upright photograph: left, top, right, bottom', parseNumbers(4))
    .option('--landmarks <x1,y1,...>', "five points as they lie in the picture: left eye, right eye, nose tip, left and right corner of the mouth; better than the box alone", parseNumbers(10))
    .option('--silhouette <mask>', "picture of the photograph's size, white or opaque where the face is, without hair, ears and neck: the mesh's outline is held to it")
    .option('--threshold <probability>', `score that a face exceeds, without --box (default: ${SEARCH_DEFAULTS.threshold})`, parseNumber({ min: 0, max: 0.999999 }))
    .option('--max-faces <n>', 'so many, the largest, without --box (default: all)', parseNumber({ min: 1, whole: true }))
    .option('--min-size <pixels>', `longer edge of a face that is taken, without --box (default: ${SEARCH_DEFAULTS.minSize})`, parseNumber({ min: 8 }))
    .option('--size <pixels>', 'edge of crop.png and render.png', parseNumber({ min: 16, max: 2048, whole: true }), 256)
    .option('-o, --output <folder>', 'where the files go', 'out'))))
    .action(withCommand(reconstructCommand));
}

/** A face, and what is known of it. */
interface Target {
  readonly box: Box;
  readonly landmarks: readonly Point[] | null;
  readonly silhouette: PixelImage | null;
}

/** A photograph and its faces. */
interface Subject {
  readonly photo: PixelImage;
  readonly title: string;
  readonly targets: readonly Target[];
  /** How they were found, for the scene file. */
  readonly search?: Readonly<Record<string, unknown>>;
}

async function reconstructCommand(context: CommandContext, options: ReconstructOptions, path: string | undefined): Promise<CommandResult> {
  const { output, size, decoder } = options, began = performance.now(), { signal } = context; // asked for now: Ctrl-C is heard from here on
  await assertWritableFolder(output);
  const { photo, title, targets, search } = path === undefined ? await readExample(context, options) : options.box ? await readTarget(context, options, path, options.box) : await searchFaces(context, options, path);
  const backend = await context.useBackend(), file = await readModelFile(decoder), { model, name, sha256 } = await openModel(file);
  const live = new LiveFit(output, { title, photo, model: { name, sha256 }, size, count: targets.length }, (error) => context.note(`retinamesh: this fit cannot be followed by \`retinamesh view\`: ${error.message}`));
  try {
    const fits = await fitFaces(context, photo, targets, model, live.tell), { faceRecord } = await import('../dense/face-record.ts'), [{ box, landmarks }] = targets as [Target];
    const given = search ? { search } : { box, landmarks, ...(options.silhouette !== undefined && { silhouette: basename(options.silhouette) }) };
    const scene: SceneRecord = {
      version: 1, photo: { width: photo.width, height: photo.height }, model: { name, sha256 },
      options: { photo: title, ...given, size, fitSize: fits[0]!.size, backend }, faces: fits.map((fit, i) => faceRecord(fit, targets[i]!.box, size)),
    };
    const { files, placements } = await faceFiles({ photo, title, scene, model, modelBytes: file.bytes });
    signal.throwIfAborted();
    const written = await writeOutputFiles(output, files), inAll = formatSeconds((performance.now() - began) / 1000);
    return { record: scene, text: describe({ title, output, fits, placements, written, names: Object.keys(files), backend, inAll }) };
  } finally {
    await live.close();
  }
}

/** What a reconstruction came to, for a person. */
function describe({ title, output, fits, placements, written, names, backend, inAll }: {
  readonly title: string; readonly output: string; readonly fits: readonly FaceFit[]; readonly placements: FaceFiles['placements']; readonly written: readonly string[]; readonly names: readonly string[]; readonly backend: string; readonly inAll: string;
}): string {
  const seconds = formatSeconds(fits.reduce((sum, fit) => sum + fit.seconds, 0));
  return [
    `${title}: ${fits.length > 1 ? `${fits.length} faces ` : ''}fitted in ${seconds}, ${inAll} in all (${backend}); ${fits.length > 1 ? groupLosses(fits) : Object.entries(fits[0]!.losses).map(([loss, value]) => `${loss} ${value.toPrecision(3)}`).join(', ')}`,
    ...(placements ? [`face.glb: ${fits.length} cameras in one, ${Math.max(...placements.map(({ rms }) => rms)).toFixed(2)} pixels off (root mean square of the worst face), ${Math.max(...placements.map(({ max }) => max)).toFixed(1)} at most; overlay.png and scene.json are exact`] : []),
    ...(written.length <= 12 ? written : [`wrote ${written.length} files into ${output}: ${names.filter((file) => !/-\d+\./.test(file)).join(', ')} and those of the other faces, numbered`]), `open ${written.find((file) => file.endsWith('.html'))} in a browser`,
  ].join('\n');
}

/** The mean over several faces of each loss. */
const groupLosses = (fits: readonly FaceFit[]): string =>
  Object.keys(fits[0]!.losses).map((loss) => `${loss} ${(fits.reduce((sum, fit) => sum + (fit.losses[loss] ?? 0), 0) / fits.length).toPrecision(3)}`).join(', ').concat(' (means)');

async function fitFaces({ signal, progress }: CommandContext, photo: PixelImage, targets: readonly Target[], model: FaceModel, onStep: (face: number, step: FitStep) => void): Promise<FaceFit[]> {
  const { fitFace } = await import('../dense/fit-face.ts'), fits: FaceFit[] = [], began = performance.now(), count = targets.length;
  for (const [i, target] of targets.entries()) {
    // Steps of all faces, so that the time to go is that of the whole.
    const onProgress = count === 1 ? progress : ({ done, total, note }: Progress): void =>
      progress({ label: 'fit', done: i * total + done, total: count * total, seconds: (performance.now() - began) / 1000, note: `face ${i + 1} of ${count}${note ? `, ${note}` : ''}` });
    fits.push(await fitFace(photo, target, model, undefined, { signal, onProgress, onStep: (step) => onStep(i, step) }));
  }
  return fits;
}

async function searchFaces(context: CommandContext, options: ReconstructOptions, path: string): Promise<Subject> {
  const { threshold = SEARCH_DEFAULTS.threshold, minSize = SEARCH_DEFAULTS.minSize, maxFaces = Infinity } = options, stray = (['landmarks', 'silhouette'] as const).find((name) => options[name] !== undefined);
  if (stray) context.misuse(`--${stray} is for the face of --box: give --box x1,y1,x2,y2, or leave it out`);
  await context.useBackend();
  const { detector, name, sha256 } = await loadDetector('reconstruct', options.weights), [{ readImageFile }, { assertBox, assertLandmarks5 }, { detectFaces }] = await Promise.all([
    import('../io/node-image.ts'), import('../dense/crop-frame.ts'), import('../detector/detect-faces.ts')]);
  const photo = await advise('give a photo as JPEG, PNG, WebP, AVIF, TIFF or GIF', () => readImageFile(path)), accepts = (check: () => void): boolean => {
    try {
      check();
      return true;
    } catch (error) {
      if (error instanceof ArgumentError) return false;
      throw error;
    }
  };
  const edge = ({ box: [x1, y1, x2, y2] }: DetectedFace): number => Math.max(x2 - x1, y2 - y1), found = await detectFaces(detector, photo, { threshold }, { signal: context.signal, onProgress: context.progress });
  detector.dispose();
  // The largest first: it is what the photo is of.
  const faces = found.filter((face) => edge(face) >= minSize && accepts(() => assertBox(path, face.box, photo.width, photo.height))).sort((a, b) => edge(b) - edge(a)).slice(0, maxFaces);
  if (faces.length === 0) throw new ArgumentError('reconstruct', path, `a face that scores over ${threshold} and is ${minSize} pixels large`, `${found.length === 0 ? 'none' : `${found.length}, all smaller`}; lower --threshold or --min-size, or give the face as --box x1,y1,x2,y2`);
  return {
    photo, title: basename(path), search: { weights: { name, sha256 }, threshold, minSize, ...(maxFaces < Infinity && { maxFaces }), found: found.length, scores: faces.map(({ score }) => Number(score.toFixed(6))) },
    // Points that contradict their box would lead the fit astray: then the box must do.
    targets: faces.map(({ box, landmarks5 }) => ({ box, landmarks: accepts(() => assertLandmarks5(path, landmarks5, box)) ? landmarks5 : null, silhouette: null })),
  };
}

async function readTarget(context: CommandContext, options: ReconstructOptions, path: string, box: readonly number[]): Promise<Subject> {
  const { landmarks, silhouette: mask } = options, stray = (['weights', 'threshold', 'maxFaces', 'minSize'] as const).find((name) => options[name] !== undefined);
  if (stray) context.misuse(`--${flag(stray)} is for a search, --box says where the face is: leave one of them out`);
  const [{ readImageFile }, { assertBox, assertLandmarks5 }] = await Promise.all([import('../io/node-image.ts'), import('../dense/crop-frame.ts')]);
  const photo = await advise('give a photo as JPEG, PNG, WebP, AVIF, TIFF or GIF', () => readImageFile(path)), points = landmarks ? [0, 2, 4, 6, 8].map((i): Point => [landmarks[i]!, landmarks[i + 1]!]) : null;
  const upright = `the upright photo has ${photo.width} x ${photo.height} pixels, left top is 0,0`;
  await advise(`give --box as x1,y1,x2,y2; ${upright}`, () => assertBox('--box', box, photo.width, photo.height));
  if (points) await advise(`give --landmarks as five points x,y in the box; ${upright}`, () => assertLandmarks5('--landmarks', points, box as unknown as Box));
  return { photo, title: basename(path), targets: [{ box: box as unknown as Box, landmarks: points, silhouette: mask === undefined ? null : await readSilhouette(mask, photo) }] };
}

const flag = (name: string): string => name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);

async function readSilhouette(path: string, photo: PixelImage): Promise<PixelImage> {
  const [{ readImageFile }, { silhouetteMask }] = await Promise.all([import('../io/node-image.ts'), import('../dense/silhouette-mask.ts')]);
  return advise('give --silhouette a picture as large as the upright photo, white or opaque where the face is', async () => silhouetteMask(path, await readImageFile(path, { keepAlpha: true }), photo));
}

/** The picture that the package brings, and what `example.json` beside it says. */
export const EXAMPLE = { photo: fileURLToPath(new URL('../../meshes/example.jpg', import.meta.url)), target: fileURLToPath(new URL('../../meshes/example.json', import.meta.url)) } as const;

async function readExample(context: CommandContext, { box, landmarks, silhouette, weights, threshold, maxFaces, minSize }: ReconstructOptions): Promise<Subject> {
  const stray = Object.entries({ box, landmarks, silhouette, weights, threshold, maxFaces, minSize }).find(([, value]) => value !== undefined)?.[0];
  if (stray) context.misuse(`--${flag(stray)} is for a photo: name one before it, or leave it out for the example in the package`);
  const { readImageFile } = await import('../io/node-image.ts');
  try {
    const target = JSON.parse(readFileSync(EXAMPLE.target, 'utf8')) as { box: Box; landmarks5: Point[] };
    return { photo: await readImageFile(EXAMPLE.photo), title: 'example', targets: [{ box: target.box, landmarks: target.landmarks5, silhouette: null }] };
  } catch (error) {
    if (!(error instanceof ArgumentError) && (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new UnsupportedError('reconstruct', 'a package without its example', 'name a photo and --box, or install the package again');
  }
}
