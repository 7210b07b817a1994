import { join } from 'node:path';
import type { Command } from 'commander';
import { ArgumentError } from '../core/errors.ts';
import type { FaceModel } from '../decoder/face-model.ts';
import type { Box, Point } from '../dense/crop-frame.ts';
import type { PixelImage } from '../io/image.ts';
import { addCommonOptions, advise, type CommandContext, type CommandResult, type CommonOptions, withCommand } from './context.ts';
import { GALLERY_CASES, type GalleryCase, parseGalleryCases } from './gallery-cases.ts';
import { addDecoderOption, loadModel } from './load-model.ts';
import { assertWritableFolder, writeOutputFiles } from './output-files.ts';
import { type ReferencedLabel, readPortraitFolder } from './portrait-folder.ts';

interface GalleryOptions extends CommonOptions {
  readonly decoder?: string;
  readonly cases?: string;
  readonly output: string;
}

/** What one picture of a gallery came to. */
export interface GalleryScore extends GalleryCase {
  readonly nme: number;
  readonly nmeInner: number;
  readonly colorDifference: number;
  readonly coverage: number;
  readonly grey: boolean;
  readonly seconds: number;
}

/** Adds `retinamesh evaluate gallery`: fits of photographs that are hard, each for a reason that is named. */
export function addEvaluateGalleryCommand(noun: Command): void {
  addDecoderOption(addCommonOptions(noun.command('gallery').description('fits of hard photographs as a labelled picture: photo, fit, four times the difference; glasses, beards, hair, mouths, side light, grey, small faces')
    .argument('<folder>', 'with images/, label.txt (RetinaFace format) and landmarks68.dlib.tsv')))
    .option('--cases <file>', 'lines case,file or case,file,pixels: with pixels the photograph is reduced until the longer edge of the face\'s box has as many (default: 13 of the portraits of ../shared/data)')
    .requiredOption('-o, --output <folder>', 'where gallery.png and gallery.json go')
    .action(withCommand(galleryCommand));
}

async function galleryCommand(context: CommandContext, { cases: path, output, decoder }: GalleryOptions, folder: string): Promise<CommandResult> {
  await assertWritableFolder(output);
  const cases = path === undefined ? parseGalleryCases(GALLERY_CASES, 'the usual cases') : parseGalleryCases(new TextDecoder().decode(await (await import('../io/node.ts')).readFileBytes(path)), path);
  const labels = new Map((await readPortraitFolder('evaluate gallery', folder)).map((label) => [label.file, label])), strange = cases.find(({ file }) => !labels.has(file));
  if (strange) throw new ArgumentError('evaluate gallery', path ?? 'the usual cases', 'files that the folder\'s labels name', `${strange.file}; give others by --cases`);
  const [{ captionedSheet }, { encodePng }] = await Promise.all([import('./captioned-sheet.ts'), import('../io/node-image.ts')]), backend = await context.useBackend(), { model, ...loaded } = await loadModel(decoder);
  const rows: { score: GalleryScore; picture: PixelImage }[] = [], began = performance.now();
  for (const one of cases) {
    context.signal.throwIfAborted();
    rows.push(await fitCase(context, folder, one, labels.get(one.file)!, model));
    context.progress({ label: 'fit cases', done: rows.length, total: cases.length, seconds: (performance.now() - began) / 1000, note: one.label });
  }
  const record = { decoder: loaded, backend, cases: rows.map(({ score }) => score) };
  const files = await writeOutputFiles(output, {
    'gallery.png': await encodePng(await captionedSheet(rows.map(({ score, picture }) => ({ picture, lines: caption(score) })), 2)), 'gallery.json': `${JSON.stringify(record, null, 1)}\n`,
  });
  return { record: { ...record, files }, text: [...rows.map(({ score }) => caption(score).join(': ')), ...files].join('\n') };
}

async function fitCase(context: CommandContext, folder: string, one: GalleryCase, label: ReferencedLabel, model: FaceModel): Promise<{ score: GalleryScore; picture: PixelImage }> {
  const [{ evaluatePortrait }, { portraitPicture }, { isGreyImage }, { readImageFile }, { reducePhoto }] = await Promise.all([
    import('../dense/evaluate-portrait.ts'), import('../dense/portrait-picture.ts'), import('../io/is-grey-image.ts'), import('../io/node-image.ts'), import('../dense/reduce-photo.ts'),
  ]);
  const whole = await advise('give others by --cases', () => readImageFile(join(folder, 'images', one.file))), [x1, y1, x2, y2] = label.box;
  const factor = one.pixels === null ? 1 : Math.min(1, one.pixels / Math.max(x2 - x1, y2 - y1)), photo = factor === 1 ? whole : reducePhoto(whole, factor);
  const small = (points: readonly Point[]): Point[] => points.map(([x, y]) => [factor * x, factor * y]);
  const { score, fit } = await evaluatePortrait(photo, { file: one.file, box: label.box.map((x) => factor * x) as unknown as Box, landmarks: small(label.landmarks5), reference: small(label.reference) }, model, {}, { signal: context.signal });
  const { nme, nmeInner, colorDifference, coverage, seconds } = score;
  return { score: { ...one, nme, nmeInner, colorDifference, coverage, grey: isGreyImage(photo), seconds }, picture: portraitPicture(photo, { ...fit, landmarks68: [] }, [], model) };
}

function caption({ label, file, grey, nme, nmeInner, colorDifference, seconds }: GalleryScore): string[] {
  const percent = (x: number): string => `${(100 * x).toFixed(2)} %`;
  return [`${label}, ${file}`, `NME ${percent(nme)}, without the outline ${percent(nmeInner)}, ${grey ? 'grey' : 'colour'} difference ${colorDifference.toFixed(4)}, ${seconds.toFixed(1)} s`];
}
