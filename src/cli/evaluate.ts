import { join } from 'node:path';
import { type Command, Option } from 'commander';
import type { FaceModel } from '../decoder/face-model.ts';
import type { Portrait, PortraitScore, PortraitSummary } from '../dense/evaluate-portrait.ts';
import type { SceneHint, SceneScore } from '../dense/evaluate-scene.ts';
import type { FaceFit } from '../dense/fit-face.ts';
import type { SyntheticScene } from '../dense/synthetic-scene.ts';
import type { PixelImage } from '../io/image.ts';
import { addCommonOptions, type CommandContext, type CommandResult, type CommonOptions, parseNumber, withCommand } from './context.ts';
import { addEvaluateLandmarksCommand } from './evaluate-landmarks.ts';
import { addEvaluateWiderCommand } from './evaluate-wider.ts';
import { addMakeHumanOption, loadHeadGenerator } from './load-head-generator.ts';
import { addDecoderOption, loadModel } from './load-model.ts';
import { assertWritableFolder, writeOutputFiles } from './output-files.ts';
import { readPortraitFolder, spread } from './portrait-folder.ts';

interface PortraitOptions extends CommonOptions {
  readonly decoder?: string;
  readonly output?: string;
  readonly count: number;
  readonly skip: number;
  readonly boxOnly: boolean;
  readonly worst: number;
}

interface SceneOptions extends CommonOptions {
  readonly decoder?: string;
  readonly output?: string;
  readonly count: number;
  readonly seed: number;
  readonly hint: SceneHint;
  readonly source: 'decoder' | 'generator';
  readonly makehuman: string;
}

/** Adds `retinamesh evaluate portraits | scenes | wider | landmarks`: how well fits and detections agree with labelled photographs, with scenes of which all is known and with the benchmark. */
export function addEvaluateCommand(program: Command): void {
  const noun = program.command('evaluate').description('how well fits and detections agree with what is known');
  addDecoderOption(addCommonOptions(noun.command('portraits').description('fit labelled photographs: landmark error, colour difference, pictures of the worst')
    .argument('<folder>', 'with images/, label.txt (RetinaFace format) and landmarks68.dlib.tsv')))
    .option('--count <n>', 'photographs, spread evenly over the label file', parseNumber({ min: 1, whole: true }), 100)
    .option('--skip <n>', 'begin the spread this far in: another number gives other photographs', parseNumber({ min: 0, whole: true }), 0)
    .option('--box-only', 'give the fit no landmarks', false)
    .option('--worst <n>', 'pictures of the worst', parseNumber({ min: 0, max: 100, whole: true }), 10)
    .option('-o, --output <folder>', 'where scores.jsonl and the pictures go; without it only the summary is printed')
    .action(withCommand(portraitsCommand));
  addMakeHumanOption(addDecoderOption(addCommonOptions(noun.command('scenes').description('fit drawn pictures of which all is known: how many are recovered'))))
    .option('--count <n>', 'scenes', parseNumber({ min: 1, whole: true }), 100)
    .option('--seed <n>', 'of the scenes', parseNumber({ whole: true }), 1)
    .addOption(new Option('--hint <what>', 'what the fit is told: five points moved by 2 % of the box, or the box alone with edges moved by 10 %').choices(['points', 'box']).default('points'))
    .addOption(new Option('--source <what>', 'whose faces: the decoder\'s own, or heads of the generator with skins that training never sees, 4 x 4 samples a pixel and noise').choices(['decoder', 'generator']).default('decoder'))
    .option('-o, --output <folder>', 'where scores.jsonl goes; without it only the summary is printed')
    .action(withCommand(scenesCommand));
  addEvaluateWiderCommand(noun);
  addEvaluateLandmarksCommand(noun);
}

/** Scenes by index. */
async function sceneSource({ source, seed, makehuman }: SceneOptions, model: FaceModel): Promise<(index: number) => Omit<SyntheticScene, 'scene'>> {
  const [{ createRandom }, { headScene, syntheticScene }] = await Promise.all([import('../core/random.ts'), import('../dense/synthetic-scene.ts')]), random = createRandom(seed);
  if (source === 'decoder') return (index) => syntheticScene(model, random.fork(`scene ${index}`), index);
  const generator = await loadHeadGenerator(makehuman, true);
  return (index) => headScene(generator.sample(random.fork(`head ${index}`)), generator.topology, random.fork(`scene ${index}`), index);
}

async function scenesCommand(context: CommandContext, options: SceneOptions): Promise<CommandResult> {
  const { count, hint, source, decoder, output } = options;
  if (output) await assertWritableFolder(output);
  const backend = await context.useBackend(), { model, name, sha256 } = await loadModel(decoder), began = performance.now();
  const [{ evaluateScene }, { quantile }, sceneAt] = await Promise.all([import('../dense/evaluate-scene.ts'), import('../dense/portrait-protocol.ts'), sceneSource(options, model)]);
  const scores: SceneScore[] = [];
  for (let index = 0; index < count; index++) {
    context.signal.throwIfAborted();
    scores.push(await evaluateScene(sceneAt(index), hint, index, model, {}, { signal: context.signal }));
    context.progress({ label: 'fit scenes', done: index + 1, total: count, seconds: (performance.now() - began) / 1000, note: `${scores.filter((s) => s.recovered).length} recovered` });
  }
  const median = { reprojection: quantile(scores.map((s) => s.reprojection), 0.5), color: quantile(scores.map((s) => s.color), 0.5), seconds: quantile(scores.map((s) => s.seconds), 0.5) };
  const recovered = scores.filter((s) => s.recovered).length, files = output ? await writeOutputFiles(output, { 'scores.jsonl': scores.map((s) => `${JSON.stringify(s)}\n`).join('') }) : [];
  const text = `${recovered} of ${count} scenes${source === 'generator' ? ' of the generator' : ''} recovered from ${hint === 'points' ? 'five points' : 'the box alone'}; median reprojection error ${median.reprojection.toFixed(2)} px at 112 x 112, colour error ${median.color.toFixed(2)} / 255, ${median.seconds.toFixed(1)} s`;
  return { record: { decoder: { name, sha256 }, backend, hint, source, count, recovered, median, files }, text: [text, ...files].join('\n') };
}

async function portraitsCommand(context: CommandContext, options: PortraitOptions, folder: string): Promise<CommandResult> {
  if (options.output) await assertWritableFolder(options.output);
  const portraits = await readPortraits(folder, options), backend = await context.useBackend(), { model, name, sha256 } = await loadModel(options.decoder);
  const [{ evaluatePortrait, summarizePortraits }, { readImageFile }] = await Promise.all([import('../dense/evaluate-portrait.ts'), import('../io/node-image.ts')]);
  const scores: PortraitScore[] = [], fits: { photo: PixelImage; portrait: Portrait; fit: FaceFit }[] = [], began = performance.now();
  for (const portrait of portraits) {
    context.signal.throwIfAborted();
    const photo = await readImageFile(join(folder, 'images', portrait.file)), { score, fit } = await evaluatePortrait(photo, portrait, model, {}, { signal: context.signal });
    scores.push(score);
    fits.push({ photo, portrait, fit });
    context.progress({ label: 'fit portraits', done: scores.length, total: portraits.length, seconds: (performance.now() - began) / 1000, note: `NME ${(100 * score.nme).toFixed(1)} %` });
  }
  const summary = summarizePortraits(scores), order = scores.map((_, i) => i).sort((a, b) => scores[b]!.nme - scores[a]!.nme);
  const files: string[] = [];
  if (options.output) {
    const sheet = async (which: readonly number[]): Promise<Uint8Array> => contactSheet(which.map((i) => fits[i]!), model);
    files.push(...await writeOutputFiles(options.output, {
      'scores.jsonl': scores.map((score) => `${JSON.stringify(score)}\n`).join(''),
      ...(options.worst > 0 && { 'worst.png': await sheet(order.slice(0, options.worst)) }), 'first.png': await sheet(scores.map((_, i) => i).slice(0, 10)),
    }));
  }
  return { record: { decoder: { name, sha256 }, backend, boxOnly: options.boxOnly, ...summary, files }, text: formatSummary(summary, order.slice(0, 3).map((i) => scores[i]!.file), files) };
}

async function readPortraits(folder: string, { count, skip, boxOnly }: PortraitOptions): Promise<Portrait[]> {
  const labels = await readPortraitFolder('evaluate portraits', folder);
  return spread(labels, count, skip).map(({ file, box, landmarks5, reference }) => ({ file, box, landmarks: boxOnly ? null : landmarks5, reference }));
}

/** Rows of photo | mesh over photo | difference, the reference points in red and the fit's in green. */
async function contactSheet(fits: readonly { photo: PixelImage; portrait: Portrait; fit: FaceFit }[], model: Awaited<ReturnType<typeof loadModel>>['model']): Promise<Uint8Array> {
  const [{ portraitPicture }, { tileImages }, { encodePng }] = await Promise.all([import('../dense/portrait-picture.ts'), import('../io/image.ts'), import('../io/node-image.ts')]);
  return encodePng(tileImages(fits.map(({ photo, portrait, fit }) => portraitPicture(photo, fit, portrait.reference, model)), 2));
}

function formatSummary({ count, median, quantile90, undercovered }: PortraitSummary, worst: readonly string[], files: readonly string[]): string {
  const percent = (x: number): string => `${(100 * x).toFixed(2)} %`;
  const line = (name: string, of: typeof median): string =>
    `${name}: NME ${percent(of.nme)}, without the outline ${percent(of.nmeInner)} (by tight box ${percent(of.nmeTightBox)}, by eye corners ${percent(of.nmeEyes)}), colour difference ${of.colorDifference.toFixed(4)}, coverage ${percent(of.coverage)}, ${of.seconds.toFixed(1)} s`;
  return [`${count} portraits`, line('median', median), line('90 % quantile', quantile90), `mask covers less than 90 % of the points' hull on ${undercovered}`, `worst: ${worst.join(', ')}`, ...files].join('\n');
}
