import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { ArgumentError } from '../core/errors.ts';
import type { FaceModel } from '../decoder/face-model.ts';
import type { Figure } from '../dense/median-figure.ts';
import type { BalanceSummary, ToneScore } from '../dense/summarize-balance.ts';
import { chartFiles } from './chart-files.ts';
import { addCommonOptions, advise, type CommandContext, type CommandResult, type CommonOptions, isTyped, parseNumber, withCommand } from './context.ts';
import type { LineChart } from './line-chart.ts';
import { addDecoderOption, loadModel } from './load-model.ts';
import { assertWritableFolder, writeOutputFiles } from './output-files.ts';
import { PORTRAITS } from './portrait-folder.ts';
import { type PortraitEntry, type PortraitRecord, readPortraitFits, readPortraitRecord, readPortraitRun } from './portrait-run.ts';

interface BalanceOptions extends CommonOptions {
  readonly decoder?: string;
  readonly portraits: string;
  readonly bins: number;
  readonly output?: string;
}

/** Balance of one run. */
interface RunBalance extends BalanceSummary {
  readonly run: string;
  readonly decoder: string;
  readonly kind: string;
  /** Largest ratio of {@link BalanceSummary.bins} at most the bar. */
  readonly met: boolean;
  readonly bar: number;
  /** Medians of the grey portraits, which have no skin colour; `null` without any. */
  readonly grey: { readonly count: number; readonly colorDifference: number; readonly nme: number } | null;
  /** Portraits without a fit, or whose fit shows no skin: in no bin. */
  readonly left: readonly string[];
  readonly portraits: readonly ToneScore[];
}

/** Adds `retinamesh evaluate balance`: errors of a run of `evaluate portraits` by skin tone. */
export function addEvaluateBalanceCommand(noun: Command): void {
  addDecoderOption(addCommonOptions(noun.command('balance').description('runs of `evaluate portraits` by skin tone: five bins of equal size by the individual typology angle of the fitted skin, darkest first; in each the colour difference, the same over the photograph\'s luminance, the landmark error and how far the albedo is drawn towards the model\'s mean. An albedo is known only up to the light: tones are of fits, not of people. Grey photographs apart')
    .argument('<runs...>', 'folders that `evaluate portraits -o` wrote')))
    .option('--portraits <folder>', 'whose images/ the runs fitted', PORTRAITS)
    .option('--bins <n>', 'of equal size', parseNumber({ min: 2, max: 20, whole: true }), 5)
    .option('-o, --output <folder>', 'where balance.json, tones.svg and .png and shifts.svg and .png go; numbered where there are several runs')
    .action(withCommand(balanceCommand));
}

async function balanceCommand(context: CommandContext, options: BalanceOptions, folders: readonly string[]): Promise<CommandResult> {
  const { output, decoder } = options;
  if (output) await assertWritableFolder(output);
  const records = await Promise.all(folders.map(readPortraitRecord)), runs: RunBalance[] = [], backend = await context.useBackend();
  for (const [i, run] of folders.entries()) {
    const model = await modelOfRun(run, records[i]!, decoder);
    runs.push(await balanceOfRun(context, run, records[i]!, model, options).finally(() => model.decoder.dispose()));
  }
  const charts = await Promise.all(runs.map(async (run, i) => ({ ...await chartFiles(`tones${runs.length > 1 ? `-${i + 1}` : ''}`, toneChart(run)), ...await chartFiles(`shifts${runs.length > 1 ? `-${i + 1}` : ''}`, shiftChart(run)) })));
  const files = output ? await writeOutputFiles(output, { ...Object.assign({}, ...charts) as Record<string, string | Uint8Array>, 'balance.json': `${JSON.stringify({ backend, runs }, null, 1)}\n` }) : [];
  return { record: { backend, runs: runs.map(({ portraits: _, ...run }) => run), files }, text: [...runs.flatMap(formatRun), ...files].join('\n') };
}

/** The model that a run fitted: the decoder of `--decoder` or the package, or the one that the run keeps. */
async function modelOfRun(run: string, { decoder, model: { kind } }: PortraitRecord, path: string | undefined): Promise<FaceModel> {
  if (kind === 'decoder') {
    const { model, name, sha256 } = await loadModel(path);
    if (sha256 === decoder.sha256) return model;
    model.decoder.dispose();
    throw new ArgumentError('evaluate balance', `--decoder, ${name},`, `the bytes that ${run} was fitted with (${decoder.name}, SHA-256 ${decoder.sha256.slice(0, 12)}...)`, `${sha256.slice(0, 12)}...`);
  }
  const file = join(run, 'model.safetensors'), [{ readFileBytes }, { readFaceModel }] = await Promise.all([import('../io/node.ts'), import('../decoder/face-model.ts')]);
  return advise('give runs whose model has a colour of its own: the decoder\'s or PCA\'s', async () => readFaceModel(await readFileBytes(file), file));
}

async function balanceOfRun(context: CommandContext, run: string, { decoder, model: { kind } }: PortraitRecord, model: FaceModel, { portraits, bins }: BalanceOptions): Promise<RunBalance> {
  const [{ summarizeBalance, BALANCE_BAR }, { figureOf }, { quantile }, { readSkin }, { skinColor }, { typologyAngle }, { decodeMesh }, { readImageFile }] = await Promise.all([
    import('../dense/summarize-balance.ts'), import('../dense/summarize-portraits.ts'), import('../dense/portrait-protocol.ts'), import('../dense/read-skin.ts'), import('../data/skin-color.ts'), import('../data/typology-angle.ts'),
    import('../decoder/decode-mesh.ts'), import('../io/node-image.ts')]);
  const [scores, fits] = await Promise.all([readPortraitRun(run), readPortraitFits(run)]), tones: ToneScore[] = [], grey: PortraitEntry['score'][] = [], left: string[] = [], began = performance.now();
  for (const [i, score] of [...scores.values()].entries()) {
    context.signal.throwIfAborted();
    const { file } = score, fit = fits.get(file);
    if (score.grey) grey.push(score);
    else if (!fit || score.failed !== undefined) left.push(file);
    else {
      const photo = await advise('give the folder of the portraits as --portraits', () => readImageFile(join(portraits, 'images', file)));
      try {
        tones.push({ file, angle: typologyAngle(skinColor(decodeMesh(model, fit.scene.latent).colors, model.topology)), skin: readSkin(photo, fit, model), colorDifference: figureOf(score, 'colorDifference'), nme: score.nme });
      } catch (error) {
        if (!isTyped(error)) throw error;
        left.push(file);
      }
    }
    context.progress({ label: 'read skin', done: i + 1, total: scores.size, seconds: (performance.now() - began) / 1000 });
  }
  if (tones.length < bins) throw new ArgumentError('evaluate balance', run, `fits of at least ${bins} colour portraits`, String(tones.length));
  const summary = summarizeBalance(tones, bins), median = (of: 'colorDifference' | 'nme'): number => quantile(grey.map((score) => figureOf(score, of)), 0.5);
  return {
    run, decoder: decoder.name, kind, ...summary, met: summary.bins[summary.worst]!.ratio.median <= BALANCE_BAR, bar: BALANCE_BAR,
    grey: grey.length > 0 ? { count: grey.length, colorDifference: median('colorDifference'), nme: median('nme') } : null, left, portraits: tones,
  };
}

const percent = (x: number): string => `${(100 * x).toFixed(2)} %`, signed = (x: number): string => `${x < 0 ? '' : '+'}${x.toFixed(1)}`;

const withInterval = ({ median, interval95 }: Figure, print: (x: number) => string): string => `${print(median)} [${interval95.map(print).join(', ')}]`;

function formatRun({ run, decoder, kind, count, overall, bins, worst, met, bar, grey, left, commonLight, spread }: RunBalance): string[] {
  const head = ['angle', 'usual name', 'portraits', 'colour difference', '/ luminance', 'x overall', 'NME', 'towards the mean, own light', 'common light', 'lighter than common light'];
  const rows = [...bins, { ...overallRow, count, figures: overall }].map((row) => [
    row.angles ? row.angles.map((x) => x.toFixed(0)).join(' .. ') : 'all', row.class, String(row.count), withInterval(row.figures.colorDifference, (x) => x.toFixed(4)), withInterval(row.figures.relativeDifference, (x) => x.toFixed(3)),
    row.ratio ? withInterval(row.ratio, (x) => x.toFixed(2)) : '', withInterval(row.figures.nme, percent), withInterval(row.figures.shiftOwnLight, signed), withInterval(row.figures.shiftCommonLight, signed), withInterval(row.figures.lighterThanCommonLight, signed),
  ]);
  const widths = head.map((_, k) => Math.max(...[head, ...rows].map((row) => row[k]!.length)));
  return [
    `${basename(run)} (${kind === 'decoder' ? decoder : `${kind} in place of ${decoder}`}): ${count} colour portraits by the typology angle of their fitted skin (least .. median .. greatest, degrees), medians [95 % interval]; albedo is known only up to the light`,
    ...[head, ...rows].map((row) => `  ${row.map((cell, k) => cell.padEnd(widths[k]!)).join('  ').trimEnd()}`),
    `  worst bin: ${bins[worst]!.ratio.median.toFixed(2)} times the overall relative difference, bar ${bar}: ${met ? 'met' : 'not met'}`,
    `  L* of the skin over the portraits: fitted with a deviation of ${spread.fitted.toFixed(1)}, photographs under one common light (${commonLight.map((x) => x.toFixed(2)).join(', ')}) with ${spread.commonLight.toFixed(1)}, correlation ${spread.correlation.toFixed(2)}`,
    ...(grey ? [`  ${grey.count} grey portraits apart: colour difference ${grey.colorDifference.toFixed(4)}, NME ${percent(grey.nme)}`] : []), ...(left.length > 0 ? [`  in no bin, for there is no fit or no skin to read: ${left.join(', ')}`] : []),
  ];
}

/** What the last row of the table has in place of a bin's. */
const overallRow = { angles: null, class: '', ratio: null } as const;

/** The axis over the bins' median angles. */
const angleAxis = ({ bins }: RunBalance): LineChart['x'] => ({ label: 'typology angle of the fitted skin, degrees, bin medians', min: 10 * Math.floor(bins[0]!.angles[1] / 10), max: Math.max(10 * Math.ceil(bins.at(-1)!.angles[1] / 10), 10 * Math.floor(bins[0]!.angles[1] / 10) + 10), step: 10 });

const subtitleOf = ({ count, decoder, kind, bins }: RunBalance): string => `${count} colour portraits in ${bins.length} bins, ${kind === 'decoder' ? decoder : `${kind} in place of ${decoder}`}; albedo is known only up to the light`;

function toneChart(run: RunBalance): LineChart {
  const { bins, overall, bar } = run, x = angleAxis(run), limit = bar * overall.relativeDifference.median, at = (pick: (figure: Figure) => number): (readonly [number, number])[] => bins.map(({ angles, figures }) => [angles[1], pick(figures.relativeDifference)] as const);
  const top = Math.max(limit, ...at(({ interval95 }) => interval95[1]).map(([, y]) => y)), max = 0.02 * Math.ceil(top / 0.02 + 0.5);
  return {
    title: 'Colour difference over the luminance of the photograph', subtitle: subtitleOf(run), x, y: { label: 'relative difference', min: 0, max, step: 0.02 * Math.ceil(max / 0.2) },
    series: [
      { name: 'median of a bin', points: at(({ median }) => median) }, { name: `${bar} x the median of all`, points: [[x.min, limit], [x.max, limit]] },
      { name: '95 %, low', points: at(({ interval95 }) => interval95[0]) }, { name: '95 %, high', points: at(({ interval95 }) => interval95[1]) },
    ],
  };
}

function shiftChart(run: RunBalance): LineChart {
  const of = (figure: 'shiftOwnLight' | 'shiftCommonLight' | 'lighterThanCommonLight'): (readonly [number, number])[] => run.bins.map(({ angles, figures }) => [angles[1], figures[figure].median] as const);
  const series = [
    { name: 'nearer to the model\'s mean, own light', points: of('shiftOwnLight') }, { name: 'nearer to the model\'s mean, one common light', points: of('shiftCommonLight') }, { name: 'lighter than under one common light', points: of('lighterThanCommonLight') },
  ], all = series.flatMap(({ points }) => points.map(([, y]) => y));
  return { title: 'Fitted skin against the photograph\'s', subtitle: subtitleOf(run), x: angleAxis(run), y: { label: 'L*, median of a bin', min: 5 * Math.floor(Math.min(0, ...all) / 5 - 0.5), max: 5 * Math.ceil(Math.max(0, ...all) / 5 + 0.5), step: 5 }, series };
}
