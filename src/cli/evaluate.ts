import { type Command, Option } from 'commander';
import type { FaceModel } from '../decoder/face-model.ts';
import type { SceneHint, SceneScore } from '../dense/evaluate-scene.ts';
import type { SyntheticScene } from '../dense/synthetic-scene.ts';
import { addCommonOptions, type CommandContext, type CommandResult, type CommonOptions, parseNumber, withCommand } from './context.ts';
import { addEvaluateAlbedoCommand } from './evaluate-albedo.ts';
import { addEvaluateBalanceCommand } from './evaluate-balance.ts';
import { addEvaluateCompareCommand } from './evaluate-compare.ts';
import { addEvaluateGalleryCommand } from './evaluate-gallery.ts';
import { addEvaluateLandmarksCommand } from './evaluate-landmarks.ts';
import { addEvaluatePortraitsCommand } from './evaluate-portraits.ts';
import { addEvaluateShapeCommand } from './evaluate-shape.ts';
import { addEvaluateWiderCommand } from './evaluate-wider.ts';
import { addMakeHumanOption, loadHeadGenerator } from './load-head-generator.ts';
import { addDecoderOption, loadModel } from './load-model.ts';
import { assertWritableFolder, writeOutputFiles } from './output-files.ts';

interface SceneOptions extends CommonOptions {
  readonly decoder?: string;
  readonly output?: string;
  readonly count: number;
  readonly seed: number;
  readonly hint: SceneHint;
  readonly source: 'decoder' | 'generator';
  readonly makehuman: string;
}

/** Adds `retinamesh evaluate portraits | compare | gallery | balance | albedo | scenes | wider | landmarks | shape`: how well fits and detections agree with labelled photographs, with scenes of which all is known, with the benchmark and with scans. */
export function addEvaluateCommand(program: Command): void {
  const noun = program.command('evaluate').description('how well fits and detections agree with what is known');
  addEvaluatePortraitsCommand(noun);
  addEvaluateCompareCommand(noun);
  addEvaluateGalleryCommand(noun);
  addEvaluateBalanceCommand(noun);
  addEvaluateAlbedoCommand(noun);
  addMakeHumanOption(addDecoderOption(addCommonOptions(noun.command('scenes').description('fit drawn pictures of which all is known: how many are recovered'))))
    .option('--count <n>', 'scenes', parseNumber({ min: 1, whole: true }), 100)
    .option('--seed <n>', 'of the scenes', parseNumber({ whole: true }), 1)
    .addOption(new Option('--hint <what>', 'what the fit is told: five points moved by 2 % of the box, or the box alone with edges moved by 10 %').choices(['points', 'box']).default('points'))
    .addOption(new Option('--source <what>', 'whose faces: the decoder\'s own, or heads of the generator with skins that training never sees, 4 x 4 samples a pixel and noise').choices(['decoder', 'generator']).default('decoder'))
    .option('-o, --output <folder>', 'where scores.jsonl goes; without it only the summary is printed')
    .action(withCommand(scenesCommand));
  addEvaluateWiderCommand(noun);
  addEvaluateLandmarksCommand(noun);
  addEvaluateShapeCommand(noun);
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
