import { appendFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { ArgumentError } from '../core/errors.ts';
import type { Progress } from '../core/progress.ts';
import { createRandom, type Random } from '../core/random.ts';
import type { FaceModel } from '../decoder/face-model.ts';
import type { Detector } from '../detector/detector.ts';
import type { AnchorKind, HeadSample, HeadView } from '../detector/head-sample.ts';
import type { DenseHead } from '../detector/train-dense-head.ts';
import { TRAIN_DENSE_HEAD_DEFAULTS, type TrainDenseHeadOptions } from '../detector/train-dense-head-options.ts';
import type { PixelImage } from '../io/image.ts';
import { addCommonOptions, type CommandContext, type CommandResult, type CommonOptions, parseNumber, withCommand } from './context.ts';
import { addWeightsOption, loadDetector } from './load-detector.ts';
import { addDecoderOption, loadModel } from './load-model.ts';
import { assertWritableFolder, writeOutputFiles } from './output-files.ts';
import { isHeldOut, isNeverTrained, readPortraitFolder, type ReferencedLabel, spread } from './portrait-folder.ts';

/** What a head learns from: pixels without the features, pixels, pixels and five points. */
type HeadLoss = 'blind' | 'pixels' | 'points';

const HEAD_LOSSES: Readonly<Record<HeadLoss, string>> = { blind: 'pixels, blind to the features', pixels: 'pixels alone', points: 'with five points' };

interface TrainHeadOptions extends CommonOptions, TrainDenseHeadOptions {
  readonly weights?: string;
  readonly decoder?: string;
  readonly output: string;
  readonly train: number;
  readonly unseen: number;
  readonly views: number;
  readonly anchor: number;
  readonly loss: HeadLoss | 'all';
  readonly every: number;
}

/** Rows of the sheet of renders. */
const SHOWN = 6;

/** Adds `retinamesh dense train-head`. */
export function addDenseCommand(program: Command): void {
  const noun = program.command('dense').description('the dense branch on a detector'), count = parseNumber({ min: 1, max: 1e6, whole: true }), defaults = TRAIN_DENSE_HEAD_DEFAULTS;
  addDecoderOption(addWeightsOption(addCommonOptions(noun.command('train-head').description('teach a 1 x 1 convolution on the frozen features of a detector the 144 numbers, through the pixel loss; scores on portraits it never saw')
    .argument('<folder>', 'portraits: images/, label.txt (RetinaFace format), landmarks68.dlib.tsv, which only scores')
    .requiredOption('-o, --output <folder>', 'where heads, scores, curves and renders go')
    .addOption(new Option('--loss <what>', 'pixels alone; pixels and the five points of label.txt; pixels, blind to the features, which shows what they are worth; or all of them, one after the other').choices([...Object.keys(HEAD_LOSSES), 'all']).default('all'))
    .option('--train <n>', 'portraits to train on', count, 200)
    .option('--unseen <n>', 'portraits to score on, of the one in five that no training sees', count, 50)
    .option('--views <n>', 'views of each portrait: moved, scaled, rolled, mirrored by chance', count, 6)
    .option('--anchor <pixels>', 'anchor whose cell is read; portraits are scaled to it', parseNumber({ min: 1 }), 128)
    .option('--steps <n>', 'steps of Adam', count, defaults.steps)
    .option('--batch <n>', 'faces a step', count, defaults.batch)
    .option('--rate <x>', 'of Adam, at its highest', parseNumber({ min: 0 }), defaults.rate)
    .option('--prior <x>', 'weight of the normal prior on the 144 numbers', parseNumber({ min: 0 }), defaults.prior)
    .option('--landmark-weight <x>', 'of the five points', parseNumber({ min: 0 }), defaults.landmarkWeight)
    .option('--size <pixels>', 'edge of the crops that are compared', parseNumber({ min: 8, max: 512, whole: true }), defaults.size)
    .option('--every <n>', 'steps between scores', count, 100)
    .option('--seed <n>', 'the same number, the same bits', parseNumber({ min: 0, max: 2 ** 32 - 1, whole: true }), defaults.seed))))
    .action(withCommand(trainHeadCommand));
}

/** Grows while heads are trained, for `retinamesh view`. */
const METRICS = 'metrics.jsonl';

/** A point of a curve as a line of {@link METRICS}: figures of several heads go by their names. */
const metricsOf = (head: HeadLoss, { step, loss, colorDifference, nme }: CurvePoint): Readonly<Record<string, number>> =>
  ({ step, ...(loss !== null && { [`${head}: loss`]: loss }), [`${head}: colorDifference`]: colorDifference, [`${head}: nme`]: nme });

/** What one training came to: scores by step, the first before any. */
interface TrainedHead {
  readonly loss: HeadLoss;
  readonly head: DenseHead;
  readonly curve: readonly CurvePoint[];
}

interface CurvePoint {
  readonly step: number;
  /** Of the training, since the point before; `null` at the start. */
  readonly loss: number | null;
  /** Medians over the unseen portraits. */
  readonly colorDifference: number;
  readonly nme: number;
  readonly nmeInner: number;
  readonly coverage: number;
}

/** A face that scores: what the detector says of it, and its photograph. */
interface UnseenFace {
  readonly label: ReferencedLabel;
  readonly photo: PixelImage;
  readonly sample: HeadSample;
}

async function trainHeadCommand(context: CommandContext, options: TrainHeadOptions, folder: string): Promise<CommandResult> {
  const where = 'dense train-head', { output, seed, anchor } = options;
  await assertWritableFolder(output);
  const labels = await readPortraitFolder(where, folder), fresh = labels.filter(({ file }) => !isNeverTrained(file)), held = labels.filter(({ file }) => isHeldOut(file));
  if (fresh.length === 0 || held.length === 0) throw new ArgumentError(where, folder, 'portraits to train on and portraits to score on', `${fresh.length} and ${held.length}`);
  const backend = await context.useBackend(), { detector, ...weights } = await loadDetector(where, options.weights), { model, ...decoder } = await loadModel(options.decoder), { anchorKind } = await import('../detector/head-sample.ts');
  const kind = anchorKind(where, detector.config, anchor), random = createRandom(seed), began = performance.now();
  const samples = await drawSamples(context, detector, kind, folder, spread(fresh, options.train), options.views, (view) => trainingView(random.fork(view), kind));
  const unseen: UnseenFace[] = (await drawSamples(context, detector, kind, folder, spread(held, options.unseen), 1, (view) => unseenView(random.fork(view), kind))).map(({ label, photo, sample }) => ({ label, photo, sample }));
  detector.dispose();
  await mkdir(output, { recursive: true });
  await writeFile(join(output, 'run.json'), `${JSON.stringify({ command: where, weights, decoder, backend }, null, 2)}\n`);
  await writeFile(join(output, METRICS), '');
  const runs: TrainedHead[] = [];
  for (const loss of options.loss === 'all' ? (Object.keys(HEAD_LOSSES) as HeadLoss[]) : [options.loss]) runs.push(await trainOne(context, loss, samples.map(({ sample }) => sample), unseen, model, options));
  const record = {
    weights, decoder, backend, options: { ...trainingOptions(options, 0), landmarkWeight: options.landmarkWeight, train: samples.length / options.views, unseen: unseen.length, views: options.views, anchor },
    seconds: (performance.now() - began) / 1000, runs: runs.map(({ loss, curve }) => ({ loss, curve })),
  };
  const files = await writeOutputFiles(output, await outputFiles(runs, unseen, model, detector, kind, record));
  return { record: { ...record, files }, text: [...runs.map(formatRun), ...files].join('\n') };
}

const trainingOptions = ({ steps, batch, rate, prior, size, seed }: TrainHeadOptions, landmarkWeight: number): TrainDenseHeadOptions => ({ steps, batch, rate, prior, landmarkWeight, size, seed });

/** Moved by up to half a cell and a sixteenth, which cells beside the best one see too; scaled by up to a quarter. */
function trainingView(random: Random, { stride, size }: AnchorKind): HeadView {
  const reach = stride / 2 + size / 16;
  return { shift: [random.uniform(-reach, reach), random.uniform(-reach, reach)], scale: Math.exp(random.uniform(-0.22, 0.22)), roll: random.normal(0, 0.1), flip: random.uniform() < 0.5 };
}

/** As a face lies by chance on the grid of cells, at the size of the anchor. */
const unseenView = (random: Random, { stride }: AnchorKind): HeadView => ({ shift: [random.uniform(-stride / 2, stride / 2), random.uniform(-stride / 2, stride / 2)], scale: 1, roll: 0, flip: false });

async function drawSamples(
  context: CommandContext, detector: Detector, kind: AnchorKind, folder: string, labels: readonly ReferencedLabel[], views: number, viewOf: (name: string) => HeadView,
): Promise<{ label: ReferencedLabel; photo: PixelImage; sample: HeadSample }[]> {
  const [{ headSample }, { readImageFile }] = await Promise.all([import('../detector/head-sample.ts'), import('../io/node-image.ts')]), began = performance.now(), found: { label: ReferencedLabel; photo: PixelImage; sample: HeadSample }[] = [];
  for (const [i, label] of labels.entries()) {
    context.signal.throwIfAborted();
    const photo = await readImageFile(join(folder, 'images', label.file));
    for (let v = 0; v < views; v++) found.push({ label, photo, sample: headSample(detector, kind, photo, label, viewOf(`${label.file} ${v}`)) });
    context.progress({ label: 'look at portraits', done: i + 1, total: labels.length, seconds: (performance.now() - began) / 1000 });
  }
  return found;
}

async function trainOne(context: CommandContext, loss: HeadLoss, samples: readonly HeadSample[], unseen: readonly UnseenFace[], model: FaceModel, options: TrainHeadOptions): Promise<TrainedHead> {
  const [{ trainDenseHead }, { scoreHead }] = await Promise.all([import('../detector/train-dense-head.ts'), import('../detector/score-head.ts')]), curve: CurvePoint[] = [];
  const seen = loss === 'blind' ? samples.map((sample) => ({ ...sample, features: new Float32Array(sample.features.length) })) : samples, head = await trainDenseHead(seen, model, trainingOptions(options, loss === 'points' ? options.landmarkWeight : 0), {
    signal: context.signal, onProgress: (progress: Progress) => context.progress({ ...progress, label: `train on ${loss}` }),
    look: { every: options.every, at: (now, step, mean) => {
      const { colorDifference, nme, nmeInner, coverage } = scoreHead(now, unseen.map(({ label, photo, sample }) => ({ photo, sample, portrait: label })), model);
      curve.push({ step, loss: Number.isNaN(mean) ? null : mean, colorDifference, nme, nmeInner, coverage });
      context.note(formatPoint(loss, curve.at(-1)!));
      appendFileSync(join(options.output, METRICS), `${JSON.stringify(metricsOf(loss, curve.at(-1)!))}\n`);
    } },
  });
  return { loss, head, curve };
}

async function outputFiles(runs: readonly TrainedHead[], unseen: readonly UnseenFace[], model: FaceModel, { config }: Detector, kind: AnchorKind, record: unknown): Promise<Record<string, Uint8Array | string>> {
  const [{ chartFiles }, { denseHeadState }, { writeSafetensors }, { encodePng }, { tileImages }, { renderHead }] = await Promise.all([import('./chart-files.ts'), import('../detector/dense-head-state.ts'), import('../io/safetensors.ts'),
    import('../io/node-image.ts'), import('../io/image.ts'), import('../detector/score-head.ts')]);
  const heads = runs.map(({ loss, head }) => [`head-${loss}.safetensors`, writeSafetensors(Object.fromEntries(Object.entries(denseHeadState(config, kind, head)).map(([path, { shape, data }]) => [path, { dtype: 'F32' as const, shape: [...shape], data: data as Float32Array }])))] as const);
  const nothing = { weight: new Float32Array(runs[0]!.head.weight.length), bias: new Float32Array(runs[0]!.head.bias.length) };
  const renders = tileImages(unseen.slice(0, SHOWN).flatMap(({ sample }) => [nothing, ...runs.map(({ head }) => head)].map((head) => renderHead(head, sample, model))), 1 + runs.length);
  const series = (pick: (point: CurvePoint) => number): { name: string; points: [number, number][] }[] => runs.map(({ loss, curve }) => ({ name: HEAD_LOSSES[loss], points: curve.map((p) => [p.step, pick(p)]) }));
  const steps = runs[0]!.curve.at(-1)!.step, subtitle = `medians over ${unseen.length} portraits that the training never saw`, x = { label: 'steps', min: 0, max: steps, step: steps / 8 };
  const top = (pick: (point: CurvePoint) => number, step: number): number => step * Math.ceil(Math.max(...runs.flatMap(({ curve }) => curve.map(pick))) / step);
  return {
    ...Object.fromEntries(heads), 'renders.png': await encodePng(renders),
    ...await chartFiles('color', { title: 'colour difference', subtitle, x, y: { label: 'mean absolute difference, RGB in [0, 1]', min: 0, max: top((p) => p.colorDifference, 0.02), step: 0.02 }, series: series((p) => p.colorDifference) }),
    ...await chartFiles('nme', { title: 'error of 68 landmarks', subtitle, x, y: { label: 'NME, %', min: 0, max: top((p) => 100 * p.nme, 2), step: 2 }, series: series((p) => 100 * p.nme) }),
    'scores.json': `${JSON.stringify(record, null, 2)}\n`,
  };
}

const percent = (x: number): string => `${(100 * x).toFixed(2)} %`;

const formatPoint = (loss: string, { step, colorDifference, nme, nmeInner, coverage }: CurvePoint): string => `${loss}, step ${step}: NME ${percent(nme)}, without the outline ${percent(nmeInner)}, colour difference ${colorDifference.toFixed(4)}, coverage ${percent(coverage)}`;

const formatRun = ({ loss, curve }: TrainedHead): string => [curve[0]!, curve.at(-1)!].map((point) => formatPoint(loss, point)).join('\n');
