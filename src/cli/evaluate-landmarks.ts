import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { ArgumentError } from '../core/errors.ts';
import type { LabelledFace, LandmarkReport, PhotoScore } from '../detector/score-landmarks.ts';
import { quoteText } from '../io/file-faults.ts';
import { chartFiles } from './chart-files.ts';
import { addCommonOptions, advise, type CommandContext, type CommandResult, type CommonOptions, isTyped, parseNumber, withCommand } from './context.ts';
import { addWeightsOption, loadDetector } from './load-detector.ts';
import { assertWritableFolder, writeOutputFiles } from './output-files.ts';
import { spread } from './portrait-folder.ts';

interface LandmarkOptions extends CommonOptions {
  readonly labels: string;
  readonly weights?: string;
  readonly output?: string;
  readonly threshold: number;
  readonly count?: number;
  readonly shortEdge?: number;
}

/** A photo and its labelled faces. */
interface LabelledPhoto {
  readonly file: string;
  readonly labels: readonly LabelledFace[];
}

/** Adds `retinamesh evaluate landmarks`: recall and five-point error of a detector on labelled photos. */
export function addEvaluateLandmarksCommand(noun: Command): void {
  addWeightsOption(addCommonOptions(noun.command('landmarks').description('find the faces of labelled photos: recall, error of the five points and its cumulative curve')
    .argument('<folder>', 'with the photos that the labels name, or with an images/ that has them')
    .requiredOption('--labels <file>', "RetinaFace's label.txt (box and five points a face), or dlib's .xml with 68 parts a box")))
    .option('--threshold <probability>', 'score that a face exceeds', parseNumber({ min: 0, max: 0.999999 }), 0.5)
    .option('--short-edge <pixels>', 'resize every photo to it before it is looked at (default: original size)', parseNumber({ min: 16, max: 16_384, whole: true }))
    .option('--count <n>', 'photos, spread evenly over the label file (default: all)', parseNumber({ min: 1, whole: true }))
    .option('-o, --output <folder>', 'where landmarks.json and cumulative-error.svg and .png go; without it only the figures are printed')
    .action(withCommand(landmarksCommand));
}

/** Photos that cannot be read of which every one has its line: with the wrong folder it is all of them. */
const NAMED = 5;

async function landmarksCommand(context: CommandContext, options: LandmarkOptions, folder: string): Promise<CommandResult> {
  const { output, threshold, shortEdge } = options, wanted = { threshold, shortEdges: shortEdge === undefined ? null : [shortEdge] }, resolution = shortEdge === undefined ? 'original size' : `short edge ${shortEdge}`;
  if (output) await assertWritableFolder(output);
  const labelled = await readLabels(options.labels), photos = spread(labelled, options.count ?? labelled.length), backend = await context.useBackend(), { detector, name, sha256 } = await loadDetector('evaluate landmarks', options.weights);
  const [{ detectFaces }, { scorePhotoLandmarks, summarizeLandmarks }, { readImageFile }] = await Promise.all([import('../detector/detect-faces.ts'), import('../detector/score-landmarks.ts'), import('../io/node-image.ts')]);
  const scored: (PhotoScore & LabelledPhoto)[] = [], broken: string[] = [], began = performance.now();
  for (const [i, { file, labels }] of photos.entries()) {
    context.signal.throwIfAborted();
    const image = await readImageFile(await pathOf(folder, file)).catch((error: unknown) => {
      if (!isTyped(error)) throw error;
      if (broken.length < NAMED) context.note(`retinamesh: ${error.message.replace(/\p{Cc}+/gu, ' ')}; skipped`);
      if (broken.length === NAMED) context.note('retinamesh: further photos that cannot be read are counted, and named at the end with --json');
      return null;
    });
    if (image) scored.push({ file, labels, ...scorePhotoLandmarks(labels, await detectFaces(detector, image, wanted, { signal: context.signal })) }); else broken.push(file);
    context.progress({ label: 'detect', done: i + 1, total: photos.length, seconds: (performance.now() - began) / 1000 });
  }
  if (scored.length === 0) throw new ArgumentError('evaluate landmarks', folder, `one of the ${photos.length} photos that ${options.labels} names`, 'none that can be read');
  const report = summarizeLandmarks(scored), { curve, ...figures } = report, summary = { detector: { name, sha256 }, backend, resolution, threshold, photos: scored.length, broken, ...figures };
  const faces = scored.flatMap((photo) => photo.faces.map((face) => ({ file: photo.file, ...face })));
  const files = output ? await writeOutputFiles(output, { ...await chartFiles('cumulative-error', errorChart(report, `${name}, ${resolution}`)), 'landmarks.json': `${JSON.stringify({ ...summary, curve, faces }, null, 1)}\n` }) : [];
  return { record: { ...summary, files }, text: [...formatReport(report, scored.length, `score ${threshold} and IoU 0.5, ${resolution}`), ...(broken.length ? [`${broken.length} photos could not be read: ${broken.slice(0, 5).map(quoteText).join(', ')}`] : []), ...files].join('\n'), failed: broken.length > 0 };
}

async function readLabels(path: string): Promise<LabelledPhoto[]> {
  const [{ readFileBytes }, { parseFaceLabels }, { fiveOf68, parseDlibFaces }] = await Promise.all([import('../io/node.ts'), import('../dense/portrait-labels.ts'), import('../detector/dlib-faces.ts')]);
  const text = new TextDecoder().decode(await advise('give a label file as --labels', () => readFileBytes(path, { maxBytes: 1 << 28 })));
  const faces = text.trimStart().startsWith('<')
    ? parseDlibFaces(text, path).map(({ file, box, parts, ignored }) => ({ file, box, ignored, landmarks5: fiveOf68(parts) }))
    : parseFaceLabels(text, path).map(({ file, box, landmarks5, flags }) => ({ file, box, ignored: false, landmarks5: landmarks5.map((point, k) => (flags[k]! < 0 ? null : point)) }));
  const photos = new Map<string, LabelledFace[]>();
  for (const { file, ...face } of faces) photos.set(file, [...photos.get(file) ?? [], face]);
  if (photos.size === 0) throw new ArgumentError('evaluate landmarks', path, 'at least one labelled face', 'none');
  return Array.from(photos, ([file, labels]) => ({ file, labels }));
}

async function pathOf(folder: string, file: string): Promise<string> {
  const direct = join(folder, file), inside = join(folder, 'images', file);
  return access(direct).then(() => direct, () => access(inside).then(() => inside, () => direct));
}

const errorChart = ({ curve, recall, nme }: LandmarkReport, made: string) => ({
  title: 'Error of the five points', subtitle: `${made}; share of all labelled faces, missed ones among them; recall ${recall.toFixed(3)}`,
  x: { label: 'mean distance / sqrt(w h) of the labelled box', min: 0, max: 0.1, step: 0.01 }, y: { label: 'share of faces', min: 0, max: 1, step: 0.1 }, legendAt: 'right' as const,
  series: [{ name: `mean of those found ${(100 * nme.mean).toFixed(2)} %`, points: curve.map((point) => [point.nme, point.share] as const) }],
});

function formatReport({ faces, found, recall, falsePositives, withPoints, nme, failureRate }: LandmarkReport, photos: number, how: string): string[] {
  const percent = (x: number): string => (Number.isNaN(x) ? '-' : `${(100 * x).toFixed(2)} %`);
  return [
    `${photos} photos: ${found} of ${faces} faces found at ${how}: recall ${recall.toFixed(4)}; ${falsePositives} detections on no labelled face`,
    `five points, NME by sqrt(w h): mean ${percent(nme.mean)}, median ${percent(nme.median)}, 90 % quantile ${percent(nme.quantile90)}; failures (above 10 %, or missed) ${percent(failureRate)} of ${withPoints}`,
  ];
}
