import { type Command, Option } from 'commander';
import type { HeadGenerator } from '../data/head-generator.ts';
import type { HeadSampler } from '../data/head-sampler.ts';
import type { IctSampler } from '../data/ict-sampler.ts';
import { advise, type CommandContext, parseNumber } from './context.ts';
import { addMakeHumanOption, loadHeadGenerator } from './load-head-generator.ts';

/** Where heads come from. */
export interface HeadSamplerOptions {
  readonly makehuman: string;
  readonly source: 'makehuman' | 'ict' | 'mixture';
  readonly registration?: string;
  readonly share: number;
  readonly makehumanScale?: number;
  readonly colors?: string;
  readonly colorShare: number;
}

/**
 * What a mixture multiplies MakeHuman's heads by: pupils then are 63.2 mm apart on average and faces as large as those of scans (62.4 mm; unscaled 58.0), as in adults: 63.4 mm in Dodgson, "Variation and
 * extrema of human interpupillary distance", 2004.
 */
const MIXTURE_SCALE = 1.09;

/** What MakeHuman's heads are multiplied by where the options do not say. */
export const makehumanScaleOf = ({ source, makehumanScale }: Pick<HeadSamplerOptions, 'source' | 'makehumanScale'>): number => makehumanScale ?? (source === 'mixture' ? MIXTURE_SCALE : 1);

/** Adds `--makehuman`, `--source`, `--registration`, `--share`, `--makehuman-scale`, `--colors` and `--color-share`. */
export const addHeadSamplerOptions = (command: Command): Command => addMakeHumanOption(command)
  .addOption(new Option('--source <shapes>', 'whose shapes: MakeHuman\'s morphs, ICT-FaceKit\'s scans, or both; colours are MakeHuman\'s, or those of --colors').choices(['makehuman', 'ict', 'mixture']).default('makehuman'))
  .option('--registration <file>', 'for ict and mixture: the .safetensors that `head register` wrote')
  .option('--share <x>', 'for mixture: how many have the shapes of scans', parseNumber({ min: 0, max: 1 }), 0.5)
  .option('--makehuman-scale <x>', `what MakeHuman's heads are multiplied by (default: ${MIXTURE_SCALE} in a mixture, which makes both sources' as large as adults', 1 otherwise)`, parseNumber({ min: 0.5, max: 2 }))
  .option('--colors <file>', 'colours of photographs: the .safetensors that `head colors` wrote')
  .option('--color-share <x>', 'how many heads have them; the others are painted', parseNumber({ min: 0, max: 1 }), 0.7);

/** What draws heads, and what a file made from them must say. */
export interface LoadedSampler {
  readonly sampler: HeadSampler;
  /** The notice of the scans that take part; `null` without any. */
  readonly notice: string | null;
}

/**
 * What draws the heads that the options ask for.
 *
 * @param heldOut - With the skins that training never sees, instead of the others.
 * @throws `ArgumentError` if a file is missing; `FormatError` if one is broken. Ends with misuse where --registration is missing or has no use.
 */
export async function loadHeadSampler(context: CommandContext, options: HeadSamplerOptions, heldOut: boolean): Promise<LoadedSampler> {
  const loaded = await loadShapes(context, options, heldOut), { colors, colorShare } = options;
  if (colors === undefined) return loaded;
  const [{ readFileBytes }, { readSafetensors }, { colorFromPortraits, portraitColorsFromTensors }] = await Promise.all([import('../io/node.ts'), import('../io/safetensors.ts'), import('../data/portrait-colors.ts')]);
  const file = await advise('give --colors the file that `retinamesh head colors` wrote', async () => readSafetensors(await readFileBytes(colors), colors));
  return { ...loaded, sampler: colorFromPortraits(loaded.sampler, portraitColorsFromTensors(file, loaded.sampler.topology.region.length, colors), colorShare) };
}

async function loadShapes(context: CommandContext, options: HeadSamplerOptions, heldOut: boolean): Promise<LoadedSampler> {
  const { makehuman, source, registration, share } = options, scale = makehumanScaleOf(options);
  if (source === 'ict' && options.makehumanScale !== undefined) return context.misuse('--makehuman-scale says nothing to --source ict: leave it out');
  if (source === 'makehuman') return registration === undefined ? { sampler: await loadHeadGenerator(makehuman, heldOut, scale), notice: null } : context.misuse('--registration says nothing to --source makehuman: leave one out');
  if (registration === undefined) return context.misuse(`--source ${source} needs --registration, the file that \`retinamesh head register\` writes`);
  const [{ mixHeadSamplers }, { generator, scans, notice }] = await Promise.all([import('../data/mix-head-samplers.ts'), loadIctSampler(makehuman, registration, heldOut, scale)]);
  return { sampler: source === 'ict' ? scans : mixHeadSamplers(generator, scans, share), notice };
}

/**
 * What draws heads with the shapes of scans, and the generator that finishes them.
 *
 * @param scale - What the generator's own heads are multiplied by.
 * @throws `ArgumentError` if a file is missing; `FormatError` if one is broken.
 */
export async function loadIctSampler(makehuman: string, registration: string, heldOut: boolean, scale = 1): Promise<{ readonly generator: HeadGenerator; readonly scans: IctSampler; readonly notice: string | null }> {
  const [{ readFileBytes }, { readSafetensors }, { registrationFromTensors }, { createIctSampler }] = await Promise.all([import('../io/node.ts'), import('../io/safetensors.ts'),
    import('../data/registration-tensors.ts'), import('../data/ict-sampler.ts')]);
  const file = await advise('give --registration the file that `retinamesh head register` wrote', async () => readSafetensors(await readFileBytes(registration), registration)), generator = await loadHeadGenerator(makehuman, heldOut, scale);
  return { generator, scans: createIctSampler(generator, registrationFromTensors(file, generator.topology.faces, registration)), notice: file.metadata.notice ?? null };
}
