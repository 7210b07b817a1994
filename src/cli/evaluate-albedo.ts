import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { ArgumentError } from '../core/errors.ts';
import type { FaceModel } from '../decoder/face-model.ts';
import type { AlbedoScore, BakedLight, FittedPicture, HeadSwap, LightSwap, PhotoSwap } from '../dense/evaluate-albedo.ts';
import type { FitControl } from '../dense/fit-face.ts';
import type { Figure } from '../dense/median-figure.ts';
import type { AlbedoSummary, BakedSummary, SwapSummary } from '../dense/summarize-albedo.ts';
import { addCommonOptions, type CommandContext, type CommandResult, type CommonOptions, isTyped, parseNumber, withCommand } from './context.ts';
import { addHeadSamplerOptions, type HeadSamplerOptions, loadHeadSampler } from './load-head-sampler.ts';
import { addDecoderOption, loadModel, type LoadedModel } from './load-model.ts';
import { assertWritableFolder, writeOutputFiles } from './output-files.ts';
import { isInSplit, PORTRAIT_SPLITS, PORTRAITS, type PortraitSplit, readPortraitFolder, type ReferencedLabel, spread } from './portrait-folder.ts';
import { type KeptFit, readPortraitFits, readPortraitRecord, readPortraitRun } from './portrait-run.ts';

interface AlbedoOptions extends CommonOptions, HeadSamplerOptions {
  readonly decoder?: string;
  readonly count: number;
  readonly swaps: number;
  readonly seed: number;
  readonly portraits?: string;
  readonly run?: string;
  readonly split: PortraitSplit;
  readonly candidates: number;
  readonly photos: number;
  readonly pictures: number;
  readonly output?: string;
}

/** Counts fits and tells how far they are. */
interface FitCounter {
  readonly control: FitControl;
  done(note: string, fits?: number): void;
}

/** A row of `albedo.json` and its pictures. */
interface Swapped<T extends LightSwap> {
  readonly swap: T;
  readonly pictures: readonly FittedPicture[];
}

/** Adds `retinamesh evaluate albedo`: whether fits tell colour from light. */
export function addEvaluateAlbedoCommand(noun: Command): void {
  addHeadSamplerOptions(addDecoderOption(addCommonOptions(noun.command('albedo').description('whether fits tell colour from light: drawn heads of known albedo under random light, fitted from five points, with and without the scale of each channel (an albedo is known only up to the light); drawn heads lit from one side and then from the other; side-lit photographs and their mirror images'))))
    .option('--count <n>', 'heads under random light, with skins that training never sees', parseNumber({ min: 0, whole: true }), 40)
    .option('--swaps <n>', 'heads lit from one side and then from the other, each with its own albedo and with that made symmetric: four fits each', parseNumber({ min: 0, whole: true }), 10)
    .option('--seed <n>', 'of heads, cameras and lights', parseNumber({ whole: true }), 1)
    .option('--portraits <folder>', `side-lit photographs are looked for here, the fits made; as \`evaluate portraits\` takes it (with --run default: ${PORTRAITS})`)
    .option('--run <folder>', 'that `evaluate portraits -o` wrote with this decoder from five points: its fits say which are side-lit, instead of new ones')
    .addOption(new Option('--split <which>', 'of the photographs').choices(PORTRAIT_SPLITS).default('held-out'))
    .option('--candidates <n>', 'without --run: colour photographs that are fitted to find the side-lit among them, spread evenly', parseNumber({ min: 1, whole: true }), 60)
    .option('--photos <n>', 'mirror images that are fitted: of the most side-lit photographs, by the side light that was fitted; 0: none', parseNumber({ min: 0, whole: true }), 10)
    .option('--pictures <n>', 'of the most side-lit: photo, render, albedo under even light, 8 times its mirrored difference', parseNumber({ min: 0, max: 50, whole: true }), 8)
    .option('-o, --output <folder>', 'where albedo.json and pictures go')
    .action(withCommand(albedoCommand));
}

async function albedoCommand(context: CommandContext, options: AlbedoOptions): Promise<CommandResult> {
  const { count, swaps, output, run, candidates, photos, split } = options, withPhotos = run !== undefined || options.portraits !== undefined;
  if (count + swaps === 0 && !withPhotos) return context.misuse('nothing to evaluate: give --count, --swaps, --portraits or --run');
  if (output) await assertWritableFolder(output);
  const labels = withPhotos ? (await readPortraitFolder('evaluate albedo', options.portraits ?? PORTRAITS)).filter(({ file }) => isInSplit(file, split)) : [];
  const backend = await context.useBackend(), loaded = await loadModel(options.decoder), { model, name, sha256 } = loaded;
  const fits = run === undefined ? null : await fitsOfRun(run, loaded), tried = withPhotos ? (fits ? labels.filter(({ file }) => fits.has(file)) : spread(labels, candidates)) : [];
  if (withPhotos && tried.length === 0) throw new ArgumentError('evaluate albedo', run ?? options.portraits!, `colour portraits of --split ${split}`, 'none');
  const counter = countFits(context, count + 4 * swaps + (withPhotos ? Math.min(photos, tried.length) + (fits ? 0 : tried.length) : 0));
  const drawn = count + swaps > 0 ? await drawnHeads(context, options, model, counter) : { scores: [], own: [], symmetric: [] };
  const side = withPhotos ? await sideLitPhotos(context, options, tried, fits, model, counter) : { fits: [], swapped: [] };
  const [{ summarizeAlbedos, summarizeBaked, summarizeSwaps }, { ASYMMETRY_BAR }] = await Promise.all([import('../dense/summarize-albedo.ts'), import('../dense/evaluate-albedo.ts')]), swapsOf = <T extends LightSwap>(list: readonly Swapped<T>[]): T[] => list.map(({ swap }) => swap);
  const scores = { heads: drawn.scores, symmetric: swapsOf(drawn.symmetric), own: swapsOf(drawn.own), fits: side.fits, photos: swapsOf(side.swapped) };
  const summary: Summary = { heads: summarizeAlbedos(scores.heads), symmetric: summarizeSwaps(scores.symmetric), own: summarizeSwaps(scores.own), fits: summarizeBaked(scores.fits), photos: summarizeSwaps(scores.photos) };
  const record = { decoder: { name, sha256 }, backend, source: options.source, seed: options.seed, split: withPhotos ? split : null, bar: ASYMMETRY_BAR, ...summary };
  const files = output ? await writeOutputFiles(output, {
    ...await sheets({ 'symmetric-heads.png': drawn.symmetric, 'own-heads.png': drawn.own, 'side-lit-photos.png': side.swapped }, options.pictures, model),
    'albedo.json': `${JSON.stringify({ ...record, scores }, null, 1)}\n`,
  }) : [];
  return { record: { ...record, files }, text: [...formatSummary(summary, ASYMMETRY_BAR), ...files].join('\n') };
}

/** The fits of the colour portraits of a run. */
async function fitsOfRun(run: string, { sha256, name }: LoadedModel): Promise<ReadonlyMap<string, KeptFit>> {
  const { decoder, model: { kind }, boxOnly } = await readPortraitRecord(run), [scores, fits] = await Promise.all([readPortraitRun(run), readPortraitFits(run)]);
  if (kind !== 'decoder' || sha256 !== decoder.sha256) throw new ArgumentError('evaluate albedo', run, `fits of ${name}, SHA-256 ${sha256.slice(0, 12)}...`, `those of ${kind === 'decoder' ? `${decoder.name}, ${decoder.sha256.slice(0, 12)}...` : `the model ${kind}`}`);
  if (boxOnly) throw new ArgumentError('evaluate albedo', run, 'fits from five points', 'fits from the box alone');
  return new Map([...fits].filter(([file]) => scores.get(file)?.grey === false));
}

function countFits(context: CommandContext, total: number): FitCounter {
  const began = performance.now();
  let made = 0;
  return {
    control: { signal: context.signal },
    done(note, fits = 1) {
      made += fits;
      context.progress({ label: 'fit', done: made, total, seconds: (performance.now() - began) / 1000, note });
    },
  };
}

async function drawnHeads(context: CommandContext, options: AlbedoOptions, model: FaceModel, { control, done }: FitCounter): Promise<{ scores: AlbedoScore[]; own: Swapped<HeadSwap>[]; symmetric: Swapped<HeadSwap>[] }> {
  const { count, swaps, seed } = options, { sampler } = await loadHeadSampler(context, options, true), { faces, mirror } = sampler.topology;
  const [{ createRandom }, { randomHeadView }, { evaluateAlbedo, randomSideLight, swapHeadLight }, { symmetricColors }] = await Promise.all([import('../core/random.ts'), import('../dense/synthetic-scene.ts'), import('../dense/evaluate-albedo.ts'), import('../data/albedo-symmetry.ts')]);
  if (faces.length !== model.topology.faces.length || faces.some((v, i) => v !== model.topology.faces[i])) throw new ArgumentError('evaluate albedo', '--decoder', 'the topology of the heads that are drawn', 'another, whose vertices are not comparable');
  const random = createRandom(seed), scores: AlbedoScore[] = [], own: Swapped<HeadSwap>[] = [], symmetric: Swapped<HeadSwap>[] = [];
  for (let i = 0; i < count; i++) {
    const stream = random.fork(`scene ${i}`), head = sampler.sample(random.fork(`head ${i}`));
    scores.push(await evaluateAlbedo({ head, view: randomHeadView(stream), random: stream, index: i }, model, {}, control));
    done(`albedo error ${scores.at(-1)!.plain.toFixed(3)}`);
  }
  for (let i = 0; i < swaps; i++) {
    const stream = random.fork(`swap ${i}`), head = sampler.sample(random.fork(`swapped head ${i}`)), view = { ...randomHeadView(stream), illumination: randomSideLight(stream.fork('light')) };
    for (const [list, colors] of [[symmetric, symmetricColors(head.colors, mirror)], [own, head.colors]] as const) {
      list.push(await swapHeadLight({ head: { ...head, colors }, view, random: stream, index: i }, model, {}, control));
      done(`asymmetry ${list.at(-1)!.swap.asymmetry[0].toFixed(3)}`, 2);
    }
  }
  return { scores, own, symmetric };
}

/** The photographs that are tried, fitted, and of the most side-lit the mirror images too. */
async function sideLitPhotos(context: CommandContext, { portraits = PORTRAITS, photos }: AlbedoOptions, tried: readonly ReferencedLabel[], known: ReadonlyMap<string, KeptFit> | null, model: FaceModel, { control, done }: FitCounter): Promise<{ fits: (BakedLight & { readonly file: string })[]; swapped: Swapped<PhotoSwap>[] }> {
  const [{ bakedLight, swapPhotoLight }, { fitFace }, { readImageFile }, { isGreyImage }] = await Promise.all([import('../dense/evaluate-albedo.ts'), import('../dense/fit-face.ts'), import('../io/node-image.ts'), import('../io/is-grey-image.ts')]);
  // One that cannot be read or fitted is named and left out.
  const attempt = <T>(file: string, make: () => Promise<T>): Promise<T | null> => make().catch((error: unknown) => {
    if (context.signal.aborted || !isTyped(error)) throw error;
    context.note(`retinamesh: ${file}: ${error.message}; left out`);
    return null;
  });
  const found: { readonly label: ReferencedLabel; readonly fit: Pick<KeptFit, 'scene' | 'frame'>; readonly baked: BakedLight }[] = [];
  for (const label of tried) {
    const { file, box, landmarks5: landmarks } = label, fit = known ? known.get(file)! : await attempt(file, async () => {
      const photo = await readImageFile(join(portraits, 'images', file));
      return isGreyImage(photo) ? null : fitFace(photo, { box, landmarks }, model, {}, control);
    });
    if (!known) done(file);
    if (fit) found.push({ label, fit, baked: bakedLight(fit.scene, model) });
  }
  const out: Swapped<PhotoSwap>[] = [];
  for (const { label: { file, box, landmarks5: landmarks }, fit } of [...found].sort((a, b) => Math.abs(b.baked.side) - Math.abs(a.baked.side)).slice(0, photos)) {
    const swapped = await attempt(file, async () => swapPhotoLight({ file, fit, photo: await readImageFile(join(portraits, 'images', file)), box, landmarks }, model, {}, control));
    if (swapped) out.push(swapped);
    done(swapped ? `${file}, asymmetry ${swapped.swap.asymmetry[0].toFixed(3)}` : file);
  }
  return { fits: found.map(({ label: { file }, baked }) => ({ file, ...baked })), swapped: out };
}

/** Sheets of the most side-lit, two rows each: as it was, and with its light swapped. */
async function sheets(lists: Readonly<Record<string, readonly Swapped<LightSwap>[]>>, count: number, model: FaceModel): Promise<Record<string, Uint8Array>> {
  const [{ albedoPicture }, { tileImages }, { encodePng }] = await Promise.all([import('../dense/albedo-picture.ts'), import('../io/image.ts'), import('../io/node-image.ts')]), out: Record<string, Uint8Array> = {};
  for (const [name, list] of Object.entries(lists)) {
    const shown = [...list].sort((a, b) => Math.abs(b.swap.side) - Math.abs(a.swap.side)).slice(0, count).flatMap(({ pictures }) => pictures);
    if (shown.length > 0) out[name] = await encodePng(tileImages(shown.map((picture) => albedoPicture(picture, model)), 2));
  }
  return out;
}

/** What is printed and recorded. */
interface Summary {
  readonly heads: AlbedoSummary | null;
  readonly symmetric: SwapSummary | null;
  readonly own: SwapSummary | null;
  /** Fits of photographs as they are. */
  readonly fits: { readonly all: BakedSummary; readonly sideLit: BakedSummary } | null;
  readonly photos: SwapSummary | null;
}

function formatSummary({ heads, symmetric, own, fits, photos }: Summary, bar: number): string[] {
  const print = ({ median, interval95: [low, high] }: Figure, digits = 4): string => `${median.toFixed(digits)} [${low.toFixed(digits)}, ${high.toFixed(digits)}]`;
  const swapped = (title: string, difference: string, swap: SwapSummary | null): string[] => (swap === null ? [] : [
    `${swap.count} ${title}, side light ${print(swap.side, 2)}; medians [95 % interval] of mean |A - mirror(A)|:`,
    `  fitted albedo ${print(swap.asymmetry)}${swap.trueAsymmetry ? `, true ${print(swap.trueAsymmetry)}` : ''}, as lit ${print(swap.litAsymmetry)}; bar ${bar}: ${swap.met ? 'met' : 'not met'}, ${swap.above} of ${swap.count} above it, worst ${swap.worst.toFixed(4)}`,
    `  ${difference} ${print(swap.difference)}; on the lit side the albedo is brighter than on the other by ${print(swap.litSideExcess)}`,
  ]);
  return [
    'albedos are known only up to the light: no absolute skin colour is claimed',
    ...(heads ? [
      `${heads.count} drawn heads under random light, mean absolute error of the albedo where it is seen, median [95 % interval]: ${print(heads.plain)}`,
      `  each channel scaled: ${print(heads.scaled)}, by a factor of ${print(heads.factor, 2)}, up or down`,
      ...heads.thirds.map(({ side: [least, greatest], count, plain, scaled }) => `  side light ${least.toFixed(2)} to ${greatest.toFixed(2)}, ${count} heads: ${plain.toFixed(4)}, scaled ${scaled.toFixed(4)}`),
    ] : []),
    ...swapped('drawn heads made symmetric, lit from one side and then the other', 'albedo under the one light against under the other', symmetric), ...swapped('drawn heads as they are, lit from one side and then the other', 'albedo under the one light against under the other', own),
    ...(fits ? [
      'fits of colour photographs as they are, medians [95 % interval] of mean |A - mirror(A)|; real faces are not symmetric:',
      ...([['all', fits.all], ['the most side-lit tenth', fits.sideLit]] as const).map(([name, { count, side, asymmetry, above, litAsymmetry, litSideExcess }]) =>
        `  ${name}, ${count}, side light ${print(side, 2)}: fitted albedo ${print(asymmetry)}, as lit ${print(litAsymmetry)}; ${above} above ${bar}; on the lit side brighter by ${print(litSideExcess)}`),
    ] : []),
    ...swapped('most side-lit photographs and their mirror images', 'albedo of the one against of the other, turned back,', photos),
  ];
}
