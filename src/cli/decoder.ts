import { type Command, Option } from 'commander';
import { ArgumentError } from '../core/errors.ts';
import type { DecoderReport } from '../decoder/report-decoder.ts';
import type { TrainDecoderOptions } from '../decoder/train-decoder.ts';
import { addCommonOptions, type CommandContext, type CommandResult, type CommonOptions, parseNumber, withCommand } from './context.ts';
import { addDecoderGalleryCommand } from './decoder-gallery.ts';
import { addHeadSamplerOptions, type HeadSamplerOptions, loadHeadSampler, makehumanScaleOf } from './load-head-sampler.ts';
import { addDecoderOption, loadModel } from './load-model.ts';
import { assertWritableFolder } from './output-files.ts';

interface TrainOptions extends CommonOptions, HeadSamplerOptions {
  readonly config?: string;
  readonly preset: 'fitted' | 'injected' | 'plain';
  readonly steps?: number;
  readonly samples?: number;
  readonly seed?: number;
  readonly output: string;
}

interface EvaluateOptions extends CommonOptions, HeadSamplerOptions {
  readonly decoder?: string;
  readonly heads: number;
  readonly samples?: number;
  readonly seed: number;
}

/** Adds `retinamesh decoder train`, `evaluate` and `gallery`. */
export function addDecoderCommand(program: Command): void {
  const noun = program.command('decoder').description('the mesh decoder: training on drawn heads, evaluation on heads that it never saw');
  const seed = parseNumber({ min: 0, max: 2 ** 32 - 1, whole: true }), count = parseNumber({ min: 1, max: 1e6, whole: true });
  addCommonOptions(addHeadSamplerOptions(noun.command('train').description('train a decoder: a run folder with run.json, metrics.jsonl, a checkpoint and head.safetensors; the same command goes on with a run that was stopped'))
    .option('--config <file>', 'JSON with options of trainDecoder; the options below go before it')
    .addOption(new Option('--preset <name>', 'decoder to begin from').choices(['fitted', 'injected', 'plain']).default('fitted'))
    .option('--steps <n>', 'steps of Adam after the closed form', parseNumber({ min: 0, max: 1e6, whole: true }))
    .option('--samples <n>', 'heads to draw and train on', count)
    .option('--seed <n>', 'the same number, the same bits', seed)
    .requiredOption('-o, --output <folder>', 'run folder'))
    .action(withCommand(trainCommand));
  addDecoderOption(addCommonOptions(addHeadSamplerOptions(noun.command('evaluate').description('errors on heads never seen, beside PCA, and the equivalent PCA rank: unseen combinations, and skins held out of training'))
    .option('--heads <n>', 'unseen heads of each kind', count, 100)
    .option('--samples <n>', 'heads that PCA is fitted on (default: as many as the decoder was trained on)', count)
    .option('--seed <n>', 'of the unseen heads', seed, 1000)))
    .action(withCommand(evaluateCommand));
  addDecoderGalleryCommand(noun);
}

async function trainCommand(context: CommandContext, options: TrainOptions): Promise<CommandResult> {
  await assertWritableFolder(options.output);
  const [{ readFileBytes }, { MESH_DECODER_PRESETS }, { trainDecoder, TRAIN_DECODER_DEFAULTS }, { resolveOptions }, { openRunDirectory }, { writeFaceModel }] = await Promise.all([import('../io/node.ts'),
    import('../decoder/config.ts'), import('../decoder/train-decoder.ts'), import('../core/options.ts'), import('../training/run-directory-node.ts'), import('../decoder/face-model.ts')]);
  const given = options.config === undefined ? {} : parseConfig(new TextDecoder().decode(await readFileBytes(options.config, { maxBytes: 1 << 20 })), options.config);
  const { steps, samples, seed } = options;
  const resolved = resolveOptions('decoder train', TRAIN_DECODER_DEFAULTS, {
    ...given, ...(steps !== undefined && { steps }), ...(samples !== undefined && { samples }), ...(seed !== undefined && { seed }),
    decoder: { ...MESH_DECODER_PRESETS[options.preset], ...given.decoder },
  });
  const backend = await context.useBackend(), { sampler, notice } = await loadHeadSampler(context, options, false), heads = await describeSource(options);
  const run = await openRunDirectory(options.output, { command: 'decoder train', retinamesh: await packageVersion(), backend, options: { ...resolved, ...heads } });
  if (run.resumed) context.note(`going on with the run in ${options.output}`);
  const began = performance.now(), model = await trainDecoder(sampler, resolved, run, { signal: context.signal, onProgress: context.progress }).catch((error: unknown) => {
    if (context.signal.aborted) throw new ArgumentError('decoder train', options.output, 'a finished run', 'an end by Ctrl-C; the same command goes on from its checkpoint');
    throw error;
  });
  const bytes = writeFaceModel({ ...model, metadata: { ...model.metadata, attribution: [ATTRIBUTION, ...(options.colors === undefined ? [] : [PORTRAITS]), ...(notice === null ? [] : [`${SCANS}\n${notice}`])].join(' '), ...('heads' in heads && { heads: JSON.stringify(heads.heads) }) } }), file = await run.write('head.safetensors', bytes);
  const record = { run: options.output, file, bytes: bytes.length, parameters: model.decoder.parameterCount, vertices: model.decoder.vertexCount, steps: resolved.steps, seconds: (performance.now() - began) / 1000 };
  return { record, text: `wrote ${file}: ${record.vertices} vertices, ${record.parameters} parameters, ${(bytes.length / 1e6).toFixed(2)} MB` };
}

const PORTRAITS = 'Colours also of public-domain official portraits of members of the US Congress, self-supervised from boxes, five points and pixels.';

const ATTRIBUTION = 'Learned from heads made with the base mesh, targets and skins of MakeHuman (www.makehumancommunity.org), CC0 1.0.', SCANS = 'Shapes also of ICT-FaceKit (github.com/USC-ICT/ICT-FaceKit), whose notice is:';

function parseConfig(text: string, path: string): Partial<TrainDecoderOptions> {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Partial<TrainDecoderOptions>;
  } catch { /* the same answer */ }
  throw new ArgumentError('decoder train', path, 'a JSON object with options', 'something else');
}

async function packageVersion(): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return (JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;
}

/** What of the heads' source a run must not change when it goes on; nothing for MakeHuman's alone, as it was before there were others. */
async function describeSource(options: HeadSamplerOptions): Promise<object> {
  const { source, share, registration, colors, colorShare } = options, makehumanScale = makehumanScaleOf(options), scaled = source === 'mixture' || (source === 'makehuman' && makehumanScale !== 1);
  if (source === 'makehuman' && !scaled && colors === undefined) return {};
  const [{ createHash }, { readFile }] = await Promise.all([import('node:crypto'), import('node:fs/promises')]), sha256 = async (file: string): Promise<string> => createHash('sha256').update(await readFile(file)).digest('hex');
  return {
    heads: {
      source, ...(source === 'mixture' && { share }), ...(scaled && { makehumanScale }), ...(registration !== undefined && { registration: await sha256(registration) }),
      ...(colors !== undefined && { colors: await sha256(colors), colorShare }),
    },
  };
}

async function evaluateCommand(context: CommandContext, options: EvaluateOptions): Promise<CommandResult> {
  const { decoder, heads, samples, seed } = options;
  const backend = await context.useBackend(), { model, name, sha256 } = await loadModel(decoder), { reportDecoder, formatReport } = await import('../decoder/report-decoder.ts');
  const [{ sampler }, { sampler: heldOut }] = [await loadHeadSampler(context, options, false), await loadHeadSampler(context, options, true)];
  const report: DecoderReport = await reportDecoder(model, { 'unseen combinations': sampler, 'held-out skins': heldOut }, sampler, { heads, seed, ...(samples !== undefined && { samples }) }, { signal: context.signal, onProgress: context.progress });
  return { record: { decoder: { name, sha256 }, backend, ...report }, text: formatReport(report, name) };
}
