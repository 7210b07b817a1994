import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { UnsupportedError } from '../core/errors.ts';
import type { DetectOptions } from '../detector/detect-faces.ts';
import type { DetectedFace } from '../detector/detections.ts';
import type { PixelImage } from '../io/image.ts';
import { addCommonOptions, type CommandContext, type CommandResult, type CommonOptions, isTyped, parseNumber, withCommand } from './context.ts';
import { comparePyramids, formatComparison, type PyramidComparison } from './compare-pyramids.ts';
import { expandPhotos, namedAfter, type PhotoFile } from './expand-photos.ts';
import { addWeightsOption, loadDetector } from './load-detector.ts';
import { assertWritableFolder, writeOutputFiles } from './output-files.ts';
import { printable } from './printable.ts';
import { widerProtocol, widerRows } from './wider-files.ts';

/** What the command line of `detect` says. */
export interface DetectCommandOptions extends CommonOptions {
  readonly weights?: string;
  readonly threshold?: number;
  readonly nms: number;
  readonly maxSide?: number;
  /** `true` for the paper's short edges. */
  readonly tta?: true | number[];
  readonly imagePyramid: boolean;
  readonly singleScale: boolean;
  readonly output: string;
  readonly format: 'json' | 'wider';
  readonly pictures: boolean;
}

/** The faces of one photo, as a program reads them. */
export interface ImageDetections {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly faces: readonly DetectedFace[];
  /** With `--image-pyramid` or `--single-scale`. */
  readonly comparison?: PyramidComparison;
}

/** Thresholds that faces for people, and predictions for a precision-recall curve, start from. */
const THRESHOLDS = { json: 0.5, wider: 0.02 } as const;

/** Adds `retinamesh detect`: photos to boxes, scores and five points. */
export function addDetectCommand(program: Command): void {
  addWeightsOption(addCommonOptions(program.command('detect').description('find the faces in photos: boxes, scores, five points, and a picture of them')
    .argument('<photos...>', 'files, folders with all below them, or patterns such as "shots/**/*.jpg"; turned upright by their EXIF orientation')))
    .option('--threshold <probability>', `score that a face exceeds (default: ${THRESHOLDS.json}; ${THRESHOLDS.wider} with --format wider)`, parseNumber({ min: 0, max: 0.999999 }))
    .option('--nms <iou>', 'overlap from which two boxes are one face', parseNumber({ min: 0, max: 1 }), 0.4)
    .option('--max-side <pixels>', 'reduce larger photos to this longest side (default: no photo is resized)', parseNumber({ min: 16, max: 65_536, whole: true }))
    .option('--tta [edges]', 'look at several sizes, mirrored too, and let the boxes vote: short edges with commas between (default of the list: 500,800,1100,1400,1700)', parseEdges)
    .option('--image-pyramid', 'look with the finest level alone at the photo and its halves, and print milliseconds; with --single-scale, compare both', false)
    .option('--single-scale', 'look once with all levels, as without the option, and print milliseconds', false)
    .option('-o, --output <folder>', 'where the files go', 'out')
    .addOption(new Option('--format <format>', 'json: detections.json and a picture a photo; wider: a text file a photo, in the layout of the folder, for `evaluate wider`').choices(['json', 'wider']).default('json'))
    .option('--no-pictures', 'write no pictures (--format wider writes none)')
    .action(withCommand(detectCommand));
}

function parseEdges(text: string): number[] {
  const edges = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (!edges.every((edge) => Number.isInteger(edge) && edge >= 16 && edge <= 16_384)) throw new InvalidArgumentError('Give whole numbers from 16 to 16384 with commas between; photos go before --tta.');
  return edges;
}

async function detectCommand(context: CommandContext, options: DetectCommandOptions, args: readonly string[]): Promise<CommandResult> {
  const { output, format, imagePyramid, singleScale, tta } = options, { signal } = context, began = performance.now();
  if (tta && (imagePyramid || singleScale)) context.misuse(`--tta is no part of the comparison of pyramids: leave out --${imagePyramid ? 'image-pyramid' : 'single-scale'}`);
  await assertWritableFolder(output);
  const photos = await withoutDrawn(context, await expandPhotos(args)), backend = await context.useBackend(), loaded = await loadDetector('detect', options.weights), { detector } = loaded;
  const [{ detectFaces }, { readImageFile }] = await Promise.all([import('../detector/detect-faces.ts'), import('../io/node-image.ts')]);
  const wanted = await detectOptions(options), images: ImageDetections[] = [], failures: string[] = [], written: string[] = [];
  try {
    for (const [index, photo] of photos.entries()) {
      signal.throwIfAborted();
      const image = await readImageFile(photo.path).catch((error: unknown) => {
        if (!isTyped(error)) throw error;
        failures.push(photo.path);
        context.note(`retinamesh: ${error.message}; skipped`);
        return null;
      });
      if (image) {
        const control = { signal, onProgress: photos.length === 1 ? context.progress : undefined };
        const comparison = imagePyramid || singleScale ? await comparePyramids(detector, image, wanted, { imagePyramid, singleScale, signal }) : undefined;
        const faces = comparison?.faces ?? await detectFaces(detector, image, wanted, control);
        images.push({ path: photo.path, width: image.width, height: image.height, faces: faces.map(roundFace), ...(comparison && { comparison: comparison.record }) });
        written.push(...await writePhotoFiles(options, photo, image, faces));
      }
      if (photos.length > 1) context.progress({ label: 'detect', done: index + 1, total: photos.length, seconds: (performance.now() - began) / 1000, note: photo.path });
    }
  } catch (error) {
    if (!signal.aborted || images.length === 0) throw error;
    throw new UnsupportedError('detect', 'going on after Ctrl-C', `${images.length} of ${photos.length} photos are done and what was written of them in ${output} is whole; name the others to go on`);
  }
  const record = { version: 1, images };
  if (images.length > 0) written.push(...await writeOutputFiles(output, format === 'wider' ? { 'protocol.json': widerProtocol(wanted, loaded, backend) } : { 'detections.json': formatDetections(record) }));
  return { record, text: formatText(images, photos.length, failures, output, written), failed: failures.length > 0 };
}

/** What the pictures of faces say they were drawn by: the next look at their folder knows them. */
const SOFTWARE = 'retinamesh detect', DRAWN = '-faces.png';

/** The photos without the pictures that this command drew of some, unless there is nothing else. */
async function withoutDrawn(context: CommandContext, photos: PhotoFile[]): Promise<PhotoFile[]> {
  const suspects = photos.filter(({ path }) => path.endsWith(DRAWN));
  if (suspects.length === 0) return photos;
  const { isDrawnBy } = await import('../io/node-image.ts'), drawn = new Set<PhotoFile>();
  for (const photo of suspects) if (await isDrawnBy(photo.path, SOFTWARE)) drawn.add(photo);
  if (drawn.size === 0 || drawn.size === photos.length) return photos;
  context.note(`passed over: ${count(drawn.size, 'picture')} that detect drew, such as ${printable([...drawn][0]!.path)}`);
  return photos.filter((photo) => !drawn.has(photo));
}

/** The library's options of a command line's. */
async function detectOptions({ threshold, nms, maxSide, tta, format }: DetectCommandOptions): Promise<DetectOptions> {
  const { DETECT_DEFAULTS, TTA_OPTIONS } = await import('../detector/detect-faces.ts');
  return {
    ...DETECT_DEFAULTS, threshold: threshold ?? THRESHOLDS[format], nmsThreshold: nms, maxSide: maxSide ?? null,
    ...(tta && TTA_OPTIONS), ...(Array.isArray(tta) && { shortEdges: tta }),
  };
}

async function writePhotoFiles({ format, output, pictures }: DetectCommandOptions, photo: PhotoFile, image: PixelImage, faces: readonly DetectedFace[]): Promise<string[]> {
  if (format === 'wider') {
    const { folder, file } = namedAfter(photo, '.txt');
    return writeOutputFiles(join(output, folder), { [file]: widerRows(file.slice(0, -4), faces) });
  }
  if (!pictures) return [];
  const [{ annotateFaces }, { encodePng }] = await Promise.all([import('../detector/annotate-faces.ts'), import('../io/node-image.ts')]), { folder, file } = namedAfter(photo, DRAWN);
  return writeOutputFiles(join(output, folder), { [file]: await encodePng(annotateFaces(image, faces), SOFTWARE) });
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Thousandths of a pixel and millionths of a score: what is left out is the rounding of 32-bit floats. */
const roundFace = ({ box, score, landmarks5 }: DetectedFace): DetectedFace => ({
  box: box.map((x) => round(x, 3)) as unknown as DetectedFace['box'], score: round(score, 6), landmarks5: landmarks5.map(([x, y]) => [round(x, 3), round(y, 3)] as const),
});

/** A file of detections: a face a line. */
const formatDetections = (record: { readonly version: number; readonly images: readonly ImageDetections[] }): string =>
  `{ "version": ${record.version}, "images": [\n${record.images.map(({ faces, ...image }) => `${JSON.stringify(image).slice(0, -1)},"faces":[\n${faces.map((face) => JSON.stringify(face)).join(',\n')}\n]}`).join(',\n')}\n] }\n`;

/** Photos of which every one has its line. */
const LISTED = 50;

function formatText(images: readonly ImageDetections[], asked: number, failures: readonly string[], output: string, written: readonly string[]): string {
  const lines = images.slice(0, LISTED).flatMap(({ path, width, height, faces, comparison }) => [
    `${printable(path)}: ${count(faces.length, 'face')} in ${width} x ${height}${faces.length > 0 ? `, scores ${faces.slice(0, 8).map((face) => face.score.toFixed(3)).join(' ')}${faces.length > 8 ? ' ...' : ''}` : ''}`, ...(comparison ? formatComparison(comparison) : [])]);
  if (images.length > LISTED) lines.push(`... and ${images.length - LISTED} photos more`);
  const total = images.reduce((sum, { faces }) => sum + faces.length, 0);
  if (asked > 1 || failures.length > 0) lines.push(`${count(total, 'face')} in ${images.length} of ${count(asked, 'photo')}${failures.length > 0 ? `; not read: ${failures.slice(0, 5).map(printable).join(', ')}${failures.length > 5 ? ' ...' : ''}` : ''}`);
  lines.push(...(written.length <= 8 ? written.map(printable) : [`wrote ${written.length} files into ${printable(output)}`]));
  return lines.join('\n');
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
