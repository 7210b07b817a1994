import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { ArgumentError } from '../core/errors.ts';
import type { FaceModel } from '../decoder/face-model.ts';
import type { Portrait, PortraitScore } from '../dense/evaluate-portrait.ts';
import type { CumulativeError, PortraitFigure, PortraitSummary } from '../dense/summarize-portraits.ts';
import { chartFiles } from './chart-files.ts';
import { addCommonOptions, type CommandContext, type CommandResult, type CommonOptions, isTyped, parseNumber, withCommand } from './context.ts';
import type { LineChart } from './line-chart.ts';
import type { HeadSamplerOptions } from './load-head-sampler.ts';
import { addDecoderOption, loadModel } from './load-model.ts';
import { assertWritableFolder, writeOutputFiles } from './output-files.ts';
import { addPortraitModelOption, modelSize, type ModelSize, type PortraitModel, standIn } from './portrait-model.ts';
import { isInSplit, PORTRAIT_SPLITS, type PortraitSplit, readPortraitFolder, spread } from './portrait-folder.ts';
import type { PortraitEntry, PortraitRun } from './portrait-run.ts';

interface PortraitOptions extends CommonOptions, HeadSamplerOptions {
  readonly decoder?: string;
  readonly model: PortraitModel;
  readonly output?: string;
  readonly split: PortraitSplit;
  readonly count?: number;
  readonly skip: number;
  readonly boxOnly: boolean;
  readonly worst: number;
}

/** Portraits fitted where no number is given. */
const USUAL_COUNT = 100;

/** Adds `retinamesh evaluate portraits`: fits of labelled photographs by the protocol of the data they come from. */
export function addEvaluatePortraitsCommand(noun: Command): void {
  addPortraitModelOption(addDecoderOption(addCommonOptions(noun.command('portraits').description('fit labelled photographs: landmark error by three lengths, colour difference, bootstrap intervals, cumulative curve, pictures of the worst; grey photographs apart')
    .argument('<folder>', 'with images/, label.txt (RetinaFace format) and landmarks68.dlib.tsv'))))
    .addOption(new Option('--split <which>', 'held-out: those that no training sees, by their name\'s SHA-256 (below 51 of 256) and two that are test photographs too; training: the others').choices(PORTRAIT_SPLITS).default('all'))
    .option('--count <n>', `photographs, spread evenly over the label file (default: ${USUAL_COUNT}; with --split held-out or training every one)`, parseNumber({ min: 1, whole: true }))
    .option('--skip <n>', 'begin the spread this far in: another number gives other photographs', parseNumber({ min: 0, whole: true }), 0)
    .option('--box-only', 'give the fit no landmarks', false)
    .option('--worst <n>', 'pictures of the worst', parseNumber({ min: 0, max: 100, whole: true }), 10)
    .option('-o, --output <folder>', 'where run.json, scores.jsonl and fits.jsonl grow, and portraits.json, the curve and pictures go in the end; the same command goes on with a run that was stopped. Without it only the summary is printed')
    .action(withCommand(portraitsCommand));
}

async function portraitsCommand(context: CommandContext, options: PortraitOptions, folder: string): Promise<CommandResult> {
  const { output, split, boxOnly } = options;
  if (output) await assertWritableFolder(output);
  const portraits = await readPortraits(folder, options), backend = await context.useBackend(), { model: loaded, ...decoder } = await loadModel(options.decoder), size = await modelSize(options.model, loaded.decoder);
  const run = output === undefined ? null : await openRun(context, output, { options, backend, decoder, model: size, portraits });
  const model = await standIn(context, loaded, size, options, output === undefined ? null : join(output, 'model.safetensors'));
  const entries = await fitPortraits(context, folder, portraits, model, run).catch((error: unknown) => {
    if (run && context.signal.aborted) throw new ArgumentError('evaluate portraits', output!, 'a finished run', 'an end by Ctrl-C; the same command goes on where it stopped');
    throw error;
  });
  const { summarizePortraits, cumulativeErrors } = await import('../dense/summarize-portraits.ts'), scores = entries.map(({ score }) => score);
  const colored = scores.filter(({ grey }) => !grey), greys = scores.filter(({ grey }) => grey), failed = scores.filter((score) => score.failed !== undefined).map(({ file }) => file);
  const apart = <T>(make: (of: readonly PortraitScore[]) => T): Record<'color' | 'grey', T | null> => ({ color: colored.length ? make(colored) : null, grey: greys.length ? make(greys) : null });
  const groups = apart(summarizePortraits), order = [...entries].sort((a, b) => b.score.nme - a.score.nme);
  const record = { decoder, model: size, backend, split, boxOnly, ...summarizePortraits(scores), ...groups, failed };
  const files = run ? [...await run.finish(entries), ...await writeOutputFiles(output!, {
    ...await pictures(folder, portraits, { 'worst.png': order.slice(0, options.worst), 'first.png': entries.slice(0, 10), 'best-median-worst.png': extremes(order) }, model),
    ...await renders(extremes(order), model),
    ...await chartFiles('cumulative-error', errorChart(apart(cumulativeErrors), groups, `${options.model === 'decoder' ? decoder.name : `${options.model} in place of ${decoder.name}`}, ${split === 'all' ? 'all' : split} portraits${boxOnly ? ', from the box alone' : ''}`)),
    'portraits.json': `${JSON.stringify({ ...record, curve: apart(cumulativeErrors) }, null, 1)}\n`,
  })] : [];
  const text = [...(['color', 'grey'] as const).flatMap((group) => (groups[group] ? formatGroup(group === 'color' ? 'colour' : group, groups[group]) : [])), `worst: ${order.slice(0, 3).map(({ score }) => score.file).join(', ')}`,
    ...(failed.length ? [`no fit, counted as 1: ${failed.join(', ')}`] : []), ...files];
  return { record: { ...record, files }, text: text.join('\n'), failed: failed.length > 0 };
}

async function readPortraits(folder: string, { split, count, skip, boxOnly }: PortraitOptions): Promise<Portrait[]> {
  const labels = (await readPortraitFolder('evaluate portraits', folder)).filter(({ file }) => isInSplit(file, split));
  if (labels.length === 0) throw new ArgumentError('evaluate portraits', folder, `portraits of --split ${split}`, 'none');
  return spread(labels, count ?? (split === 'all' ? USUAL_COUNT : labels.length), skip).map(({ file, box, landmarks5, reference }) => ({ file, box, landmarks: boxOnly ? null : landmarks5, reference }));
}

async function openRun(context: CommandContext, output: string, { options: { split, boxOnly }, portraits, ...rest }: { options: PortraitOptions; backend: string; decoder: { name: string; sha256: string }; model: ModelSize; portraits: readonly Portrait[] }): Promise<PortraitRun> {
  const { readFile } = await import('node:fs/promises'), [{ openPortraitRun }, { FIT_DEFAULTS }] = await Promise.all([import('./portrait-run.ts'), import('../dense/fit-face.ts')]);
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  const run = await openPortraitRun(output, {
    command: 'evaluate portraits', retinamesh: version, ...rest, split, boxOnly, count: portraits.length, labels: createHash('sha256').update(JSON.stringify(portraits)).digest('hex'), fit: FIT_DEFAULTS,
  });
  if (run.entries.size > 0) context.note(`going on with the run in ${output}: ${run.entries.size} of ${portraits.length} portraits are there; delete the folder to fit them again`);
  return run;
}

/** Every portrait's entry, in their order: those that the run has, and the others fitted. One that cannot be fitted is noted and scored as failed. */
async function fitPortraits(context: CommandContext, folder: string, portraits: readonly Portrait[], model: FaceModel, run: PortraitRun | null): Promise<PortraitEntry[]> {
  const [{ evaluatePortrait }, { failedScore }, { isGreyImage }, { readImageFile }] = await Promise.all([import('../dense/evaluate-portrait.ts'), import('../dense/summarize-portraits.ts'), import('../io/is-grey-image.ts'), import('../io/node-image.ts')]);
  const entries = new Map(run?.entries), todo = portraits.filter(({ file }) => !entries.has(file)), began = performance.now();
  for (const [i, portrait] of todo.entries()) {
    context.signal.throwIfAborted();
    const { file } = portrait, start = performance.now();
    let grey = false;
    const entry = await (async (): Promise<PortraitEntry> => {
      const photo = await readImageFile(join(folder, 'images', file));
      grey = isGreyImage(photo);
      const { score, fit: { scene, frame, landmarks68 } } = await evaluatePortrait(photo, portrait, model, {}, { signal: context.signal });
      return { score: { ...score, grey }, fit: { scene, frame, landmarks68 } };
    })().catch((error: unknown) => {
      if (context.signal.aborted || !isTyped(error)) throw error;
      context.note(`retinamesh: ${file}: ${error.message.replace(/\p{Cc}+/gu, ' ')}; counted as failed`);
      return { score: { ...failedScore(file, (performance.now() - start) / 1000), grey, failed: error.message }, fit: null };
    });
    entries.set(file, entry);
    await run?.append(entry);
    context.progress({ label: 'fit portraits', done: i + 1, total: todo.length, seconds: (performance.now() - began) / 1000, note: `NME ${(100 * entry.score.nme).toFixed(1)} %` });
  }
  return portraits.map(({ file }) => entries.get(file)!);
}

/** The best four of those that were fitted, the median four and the worst four. */
function extremes(worstFirst: readonly PortraitEntry[]): PortraitEntry[] {
  const list = worstFirst.filter(({ fit }) => fit !== null).reverse(), middle = Math.max(4, Math.floor(list.length / 2) - 2);
  return [...new Set([...list.slice(0, 4), ...list.slice(middle, middle + 4), ...list.slice(-4)])];
}

/** The fits alone, without a pixel of the photographs: what may be shown to others. */
async function renders(entries: readonly PortraitEntry[], model: FaceModel): Promise<Record<string, Uint8Array>> {
  if (entries.length === 0) return {};
  const [{ fitPicture }, { tileImages }, { encodePng }] = await Promise.all([import('../dense/portrait-picture.ts'), import('../io/image.ts'), import('../io/node-image.ts')]);
  return { 'renders.png': await encodePng(tileImages(entries.map(({ fit }) => fitPicture(fit!, model)), 4)) };
}

/** Sheets of photo | mesh over photo | difference, the reference points in red and the fit's in green; what failed is left out. */
async function pictures(folder: string, portraits: readonly Portrait[], sheets: Readonly<Record<string, readonly PortraitEntry[]>>, model: FaceModel): Promise<Record<string, Uint8Array>> {
  const [{ portraitPicture }, { tileImages }, { encodePng, readImageFile }] = await Promise.all([import('../dense/portrait-picture.ts'), import('../io/image.ts'), import('../io/node-image.ts')]);
  const references = new Map(portraits.map(({ file, reference }) => [file, reference])), out: Record<string, Uint8Array> = {};
  for (const [name, entries] of Object.entries(sheets)) {
    const rows = await Promise.all(entries.flatMap(({ score: { file }, fit }) => (fit ? [readImageFile(join(folder, 'images', file)).then((photo) => portraitPicture(photo, fit, references.get(file)!, model))] : [])));
    if (rows.length > 0) out[name] = await encodePng(tileImages(rows, 2));
  }
  return out;
}

function errorChart(curves: Record<'color' | 'grey', CumulativeError[] | null>, groups: Record<'color' | 'grey', PortraitSummary | null>, made: string): LineChart {
  const group = curves.color ? 'color' : 'grey', curve = curves[group]!, { count, median } = groups[group]!, percent = (x: number): string => `${(100 * x).toFixed(2)} %`;
  return {
    title: 'Error of 68 points', subtitle: `${made}; ${count} ${group === 'color' ? 'colour' : 'grey'} portraits`, legendAt: 'right',
    x: { label: 'mean distance / sqrt(w h) of the labelled box', min: 0, max: 0.1, step: 0.01 }, y: { label: 'share of portraits', min: 0, max: 1, step: 0.1 },
    series: [
      { name: `68 points, median ${percent(median.nme)}`, points: curve.map(({ error, all }) => [error, all] as const) },
      { name: `51 without the outline, median ${percent(median.nmeInner)}`, points: curve.map(({ error, inner }) => [error, inner] as const) },
    ],
  };
}

function formatGroup(name: string, { count, median, interval95, quantile90, over8, undercovered }: PortraitSummary): string[] {
  const percent = (x: number): string => `${(100 * x).toFixed(2)} %`, plain = (x: number): string => x.toFixed(4), seconds = (x: number): string => `${x.toFixed(1)} s`;
  const figure = (of: PortraitFigure, print: (x: number) => string): string => `${print(median[of])} [${print(interval95[of][0])}, ${print(interval95[of][1])}]`;
  const row = (label: string, all: PortraitFigure, inner: PortraitFigure): string => `  NME / ${label}: ${figure(all, percent)}, without the outline ${figure(inner, percent)}`;
  return [
    `${count} ${name} portraits, median [95 % interval]:`,
    row('square root of the label\'s area', 'nme', 'nmeInner'), row('square root of the points\' tight box', 'nmeTightBox', 'nmeInnerTightBox'), row('outer eye corners', 'nmeEyes', 'nmeInnerEyes'),
    `  colour difference ${figure('colorDifference', plain)}, coverage ${figure('coverage', percent)}, ${figure('seconds', seconds)} a fit`,
    `  90 % quantiles: NME ${percent(quantile90.nme)}, without the outline ${percent(quantile90.nmeInner)}, colour difference ${plain(quantile90.colorDifference)}, ${seconds(quantile90.seconds)}`,
    `  NME over 8 %: ${percent(over8)}; mask covers less than 90 % of the points' hull on ${undercovered}, whose colour difference counts as 1`,
  ];
}
