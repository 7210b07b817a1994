import { type Command, Option } from 'commander';
import type { WiderSetScore } from '../data/evaluate-wider.ts';
import type { SizeScore } from '../data/wider-by-size.ts';
import type { WiderImage, WiderSet } from '../data/wider-ground-truth.ts';
import type { WiderPredictions } from '../data/wider-predictions.ts';
import { DETECTOR_PRESET_NAMES, type DetectorPreset } from '../detector/config.ts';
import { quoteText } from '../io/file-faults.ts';
import { chartFiles } from './chart-files.ts';
import { addCommonOptions, advise, type CommandContext, type CommandResult, type CommonOptions, parseNumber, withCommand } from './context.ts';
import { assertWritableFolder, writeOutputFiles } from './output-files.ts';

interface WiderOptions extends CommonOptions {
  readonly groundTruth: string;
  readonly predictions: string;
  readonly output?: string;
  readonly protocol?: string;
  readonly bySize: boolean;
  readonly threshold: number;
  readonly preset: DetectorPreset;
}

/** Adds `retinamesh evaluate wider`: average precision by the protocol of WIDER FACE. */
export function addEvaluateWiderCommand(noun: Command): void {
  addCommonOptions(noun.command('wider').description("average precision of prediction files by WIDER FACE's protocol: easy, medium, hard")
    .requiredOption('--ground-truth <folder>', 'with wider_easy_val.mat, wider_medium_val.mat, wider_hard_val.mat')
    .requiredOption('--predictions <path>', 'folder, .tgz or .tar of text files as detect --format wider writes them: event/picture.txt')
    .option('--protocol <text>', 'how the predictions were made, printed with every figure (default: from the protocol.json beside them)')
    .option('--by-size', 'also recall and false positives by height of face and by pyramid level, on the hard set', false)
    .option('--threshold <score>', 'of --by-size', parseNumber(), 0.5)
    .addOption(new Option('--preset <name>', 'whose pyramid levels --by-size goes by').choices(DETECTOR_PRESET_NAMES).default('mobilenet0.25'))
    .option('-o, --output <folder>', 'where wider.json, precision-recall.json, .svg and .png go; without it only the figures are printed'))
    .action(withCommand(widerCommand));
}

async function widerCommand(context: CommandContext, options: WiderOptions): Promise<CommandResult> {
  const { output } = options;
  if (output) await assertWritableFolder(output);
  const [{ readWiderGroundTruth, readWiderPredictions }, { evaluateWider }, { describeProtocol }, { WIDER_SETS }] = await Promise.all([
    import('../data/wider-node.ts'), import('../data/evaluate-wider.ts'), import('../data/wider-predictions.ts'), import('../data/wider-ground-truth.ts')]);
  const began = performance.now(), stage = (done: number, note: string): void => context.progress({ label: 'evaluate WIDER FACE', done, total: 3, seconds: (performance.now() - began) / 1000, note });
  stage(0, 'ground truth');
  const images = await advise('--ground-truth wants wider_easy_val.mat, wider_medium_val.mat and wider_hard_val.mat of the benchmark', () => readWiderGroundTruth(options.groundTruth));
  stage(1, 'predictions');
  const predictions = await readWiderPredictions(options.predictions, images);
  const protocol = options.protocol ?? describeProtocol(predictions.protocol);
  stage(2, 'overlaps');
  const scores = evaluateWider(images, predictions.detections), bySize = options.bySize ? await scoreSizes(images, predictions, options) : null;
  const sets = Object.fromEntries(WIDER_SETS.map((set) => {
    const { curve: _, ...score } = scores[set];
    return [set, { ...score, protocol }];
  }));
  const { detections, missing, extra, badRows } = predictions;
  const summary = { ...sets, protocol, ...(bySize && { bySize }), pictures: images.length, detections: detections.reduce((sum, rows) => sum + rows.length / 5, 0), missing, extra, badRows };
  const files = output ? await writeOutputFiles(output, await outputFiles(scores, protocol, summary)) : [];
  const lines = WIDER_SETS.map((set) => formatSet(set, scores[set], protocol));
  return { record: { ...summary, files }, text: [...lines, ...(bySize ? formatSizes(bySize) : []), ...formatFaults(predictions), ...files].join('\n') };
}

interface SizeReport {
  readonly set: WiderSet;
  readonly threshold: number;
  readonly iou: number;
  readonly preset: string;
  readonly heights: readonly SizeScore[];
  readonly levels: readonly SizeScore[];
}

async function scoreSizes(images: readonly WiderImage[], { detections }: WiderPredictions, { threshold, preset }: WiderOptions): Promise<SizeReport> {
  const [{ heightClasses, scoreBySize }, { levelClasses }, { resolveDetectorConfig }] = await Promise.all([import('../data/wider-by-size.ts'), import('../detector/level-classes.ts'), import('../detector/config.ts')]);
  const options = { set: 'hard', threshold, iou: 0.5 } as const, score = (classes: ReturnType<typeof heightClasses>): SizeScore[] => scoreBySize(images, detections, classes, options);
  return { ...options, preset, heights: score(heightClasses()), levels: score(levelClasses(resolveDetectorConfig(preset).levels)) };
}

async function outputFiles(scores: Record<WiderSet, WiderSetScore>, protocol: string, summary: unknown): Promise<Record<string, Uint8Array | string>> {
  const entries = Object.entries(scores), round = (values: Float64Array): number[] => Array.from(values, (x) => Number(x.toFixed(6)));
  const curves = entries.map(([set, { ap, curve }]) => [set, { ap, threshold: round(curve.threshold), precision: round(curve.precision), recall: round(curve.recall) }]);
  const chart = {
    title: 'WIDER FACE validation, IoU 0.5', subtitle: protocol, x: { label: 'recall', min: 0, max: 1, step: 0.1 }, y: { label: 'precision', min: 0, max: 1, step: 0.1 },
    series: entries.map(([set, { ap, curve }]) => ({ name: `${set}: AP ${ap.toFixed(4)}`, points: Array.from(curve.recall, (x, i) => [x, curve.precision[i]!] as const).filter(([x, y]) => x > 0 || y > 0) })),
  };
  return { 'precision-recall.json': `${JSON.stringify({ protocol, ...Object.fromEntries(curves) })}\n`, ...await chartFiles('precision-recall', chart), 'wider.json': `${JSON.stringify(summary, null, 2)}\n` };
}

const formatSet = (set: WiderSet, { ap, map, faces, found, falsePositives }: WiderSetScore, protocol: string): string =>
  `${`${set}:`.padEnd(8)}AP ${ap.toFixed(6)} at IoU 0.5, mAP ${map.toFixed(6)} over IoU 0.5 to 0.95; ${found} of ${faces} faces among all detections, ${falsePositives} false [${protocol}]`;

function formatSizes({ set, threshold, preset, heights, levels }: SizeReport): string[] {
  const table = (head: string, rows: readonly SizeScore[]): string[] => [
    `${head.padEnd(32)}   faces  recall  false`,
    ...rows.map(({ name, faces, recall, falsePositives }) => `${`  ${name}`.padEnd(32)}${String(faces).padStart(8)}${(faces ? recall.toFixed(4) : '-').padStart(8)}${String(falsePositives).padStart(7)}`),
  ];
  return [`${set} set at score ${threshold}, IoU 0.5`, ...table('height of the face', heights), ...table(`level of ${preset}, at the size of the picture as it is`, levels)];
}

function formatFaults({ missing, extra, badRows }: WiderPredictions): string[] {
  const line = (list: readonly string[], what: string): string[] => (list.length ? [`${list.length} ${what}: ${list.slice(0, 5).map(quoteText).join(', ')}${list.length > 5 ? ', ... (--json names all)' : ''}`] : []);
  return [...line(missing, 'pictures without a prediction file, their faces missed'), ...line(extra, 'files of no picture, not used'), ...line(badRows, 'rows that are not five numbers, left out')];
}
