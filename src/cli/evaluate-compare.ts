import type { Command } from 'commander';
import { ArgumentError } from '../core/errors.ts';
import type { PortraitScore } from '../dense/evaluate-portrait.ts';
import { PORTRAIT_FIGURES, type PortraitFigure, type PortraitSummary } from '../dense/summarize-portraits.ts';
import { chartFiles } from './chart-files.ts';
import { addCommonOptions, type CommandContext, type CommandResult, type CommonOptions, withCommand } from './context.ts';
import { assertWritableFolder, writeOutputFiles } from './output-files.ts';
import type { ModelSize } from './portrait-model.ts';
import { readPortraitRecord, readPortraitRun } from './portrait-run.ts';

interface CompareOptions extends CommonOptions {
  readonly output?: string;
}

/** One run on the photographs that all have. */
interface ComparedRun extends ModelSize {
  readonly run: string;
  readonly decoder: string;
  readonly color: ComparedGroup | null;
  readonly grey: ComparedGroup | null;
}

interface ComparedGroup extends PortraitSummary {
  /** Median over the first run's. */
  readonly ratio: Readonly<Record<PortraitFigure, number>>;
  /** By the bootstrap, the same portraits drawn for both. */
  readonly ratioInterval95: Readonly<Record<PortraitFigure, readonly [low: number, high: number]>>;
}

/** Adds `retinamesh evaluate compare`: runs of `evaluate portraits` as a table. */
export function addEvaluateCompareCommand(noun: Command): void {
  addCommonOptions(noun.command('compare').description('runs of `evaluate portraits`, finished or not, as a table on the photographs that all of them have; ratios are to the first')
    .argument('<runs...>', 'folders that `evaluate portraits -o` wrote'))
    .option('-o, --output <folder>', 'where compare.json and cumulative-error.svg and .png go')
    .action(withCommand(compareCommand));
}

async function compareCommand(_context: CommandContext, { output }: CompareOptions, folders: readonly string[]): Promise<CommandResult> {
  if (output) await assertWritableFolder(output);
  const runs = await Promise.all(folders.map(async (run) => ({ run, record: await readPortraitRecord(run), scores: await readPortraitRun(run) })));
  const common = [...runs[0]!.scores.keys()].filter((file) => runs.every(({ scores }) => scores.has(file)));
  if (common.length === 0) throw new ArgumentError('evaluate compare', folders.join(', '), 'portraits that all of them have', 'none');
  const grey = new Set(common.filter((file) => runs.some(({ scores }) => scores.get(file)!.grey))), { cumulativeErrors } = await import('../dense/summarize-portraits.ts');
  const pick = (scores: ReadonlyMap<string, PortraitScore>, wanted: boolean): PortraitScore[] => common.filter((file) => grey.has(file) === wanted).map((file) => scores.get(file)!);
  const compared = await Promise.all(runs.map(async ({ run, record, scores }): Promise<ComparedRun> => {
    const group = (wanted: boolean): Promise<ComparedGroup | null> => compareScores(pick(scores, wanted), pick(runs[0]!.scores, wanted));
    return { run, decoder: record.decoder.name, ...record.model, color: await group(false), grey: await group(true) };
  }));
  const shown = common.length > grey.size ? 'color' : 'grey', result = { portraits: common.length, grey: grey.size, runs: compared };
  const files = output ? await writeOutputFiles(output, {
    ...await chartFiles('cumulative-error', {
      title: 'Error of 68 points', subtitle: `${compared[0]![shown]!.count} ${shown === 'color' ? 'colour' : 'grey'} portraits`, legendAt: 'right',
      x: { label: 'mean distance / sqrt(w h) of the labelled box', min: 0, max: 0.1, step: 0.01 }, y: { label: 'share of portraits', min: 0, max: 1, step: 0.1 },
      series: runs.map(({ record, scores }, i) => ({ name: `${nameOf(record.model)}, median ${percent(compared[i]![shown]!.median.nme)}`, points: cumulativeErrors(pick(scores, shown === 'grey')).map(({ error, all }) => [error, all] as const) })),
    }),
    'compare.json': `${JSON.stringify(result, null, 1)}\n`,
  }) : [];
  const tables = (['color', 'grey'] as const).flatMap((group) => (compared[0]![group] ? formatTable(group, compared) : []));
  return { record: { ...result, files }, text: [...tables, ...files].join('\n') };
}

/** A run's scores beside those of the first on the same portraits; `null` where there are none. */
async function compareScores(scores: readonly PortraitScore[], first: readonly PortraitScore[]): Promise<ComparedGroup | null> {
  if (scores.length === 0) return null;
  const [{ summarizePortraits, figureOf }, { bootstrapInterval }, { quantile }] = await Promise.all([import('../dense/summarize-portraits.ts'), import('../dense/bootstrap-interval.ts'), import('../dense/portrait-protocol.ts')]);
  const ratioOf = (figure: PortraitFigure): ((members: ArrayLike<number>) => number) => {
    const [mine, theirs] = [scores, first].map((list) => Float64Array.from(list, (score) => figureOf(score, figure)));
    return (members) => quantile(Float64Array.from(members, (i) => mine![i]!), 0.5) / quantile(Float64Array.from(members, (i) => theirs![i]!), 0.5);
  };
  const all = Int32Array.from(scores.keys()), each = <T>(make: (ratio: ReturnType<typeof ratioOf>) => T): Record<PortraitFigure, T> => Object.fromEntries(PORTRAIT_FIGURES.map((figure) => [figure, make(ratioOf(figure))])) as Record<PortraitFigure, T>;
  return { ...summarizePortraits(scores), ratio: each((ratio) => ratio(all)), ratioInterval95: each((ratio) => bootstrapInterval(scores.length, ratio)) };
}

const percent = (x: number): string => `${(100 * x).toFixed(2)} %`;

const nameOf = ({ kind, latent }: ModelSize): string => (kind === 'decoder' ? 'decoder' : kind === 'mean' ? 'mean face' : `PCA of ${latent}`);

function formatTable(group: 'color' | 'grey', runs: readonly ComparedRun[]): string[] {
  const head = ['run', 'model', 'parameters', 'NME', 'without outline', 'colour difference', 'over 8 %', 'coverage', 'a fit'];
  const rows = runs.map((run) => {
    const { median, ratio, ratioInterval95, over8 } = run[group]!, times = (figure: PortraitFigure): string => (run === runs[0] ? '' : ` (x ${ratio[figure].toFixed(2)} [${ratioInterval95[figure].map((x) => x.toFixed(2)).join(', ')}])`);
    return [run.run, nameOf(run), run.parameters.toLocaleString('en-US'), `${percent(median.nme)}${times('nme')}`, `${percent(median.nmeInner)}${times('nmeInner')}`, `${median.colorDifference.toFixed(4)}${times('colorDifference')}`, percent(over8), percent(median.coverage), `${median.seconds.toFixed(1)} s`];
  });
  const widths = head.map((_, k) => Math.max(...[head, ...rows].map((row) => row[k]!.length)));
  return [`${runs[0]![group]!.count} ${group === 'color' ? 'colour' : 'grey'} portraits, medians (times the first's [95 % interval]):`, ...[head, ...rows].map((row) => `  ${row.map((cell, k) => cell.padEnd(widths[k]!)).join('  ').trimEnd()}`)];
}
