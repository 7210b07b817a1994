import { type Command, Option } from 'commander';
import type { Head } from '../data/head-sampler.ts';
import type { IctSampler } from '../data/ict-sampler.ts';
import type { FaceModel } from '../decoder/face-model.ts';
import type { HeadSamples } from '../decoder/head-samples.ts';
import type { PixelImage } from '../io/image.ts';
import type { TriangleMesh } from '../mesh/triangle-mesh.ts';
import { addCommonOptions, type CommandContext, type CommandResult, type CommonOptions, parseNumber, withCommand } from './context.ts';
import { labelledGrid, type LabelledGrid } from './labelled-grid.ts';
import { addMakeHumanOption } from './load-head-generator.ts';
import { loadIctSampler } from './load-head-sampler.ts';
import { addDecoderOption, loadModel } from './load-model.ts';
import { assertWritableFolder, writeOutputFiles } from './output-files.ts';

interface GalleryOptions extends CommonOptions {
  readonly decoder?: string;
  readonly makehuman: string;
  readonly registration?: string;
  readonly directions: number;
  readonly random: number;
  readonly people: number;
  readonly seed: number;
  readonly size: number;
  readonly format: 'png' | 'jpg';
  readonly output: string;
}

/** How near decoded heads come to drawn ones with one expression, millimetres, means over the people. */
interface ExpressionFigures {
  readonly name: string;
  /** Over the face, by the weights of its mask. */
  readonly error: number;
  /** From the middle of the upper lid's edge to that of the lower one's, both eyes; between the middles of the lips. */
  readonly lids: { readonly drawn: number; readonly decoded: number };
  readonly lips: { readonly drawn: number; readonly decoded: number };
}

/** Adds `retinamesh decoder gallery`: what a face model can show, as pictures. */
export function addDecoderGalleryCommand(noun: Command): void {
  const count = (max: number): ((text: string) => number) => parseNumber({ min: 1, max, whole: true });
  addDecoderOption(addCommonOptions(addMakeHumanOption(noun.command('gallery').description('pictures of a face model: its first directions, random heads and interpolations; with --registration also people with expressions, as drawn and as decoded'))
    .option('--registration <file>', 'the .safetensors that `head register` wrote, for expressions')
    .option('--directions <n>', 'of the latent, the most explained first', count(128), 10)
    .option('--random <n>', 'heads', count(400), 12)
    .option('--people <n>', 'drawn with expressions', count(20), 3)
    .option('--seed <n>', 'the same number, the same pictures', parseNumber({ min: 0, max: 2 ** 32 - 1, whole: true }), 1)
    .option('--size <pixels>', 'edge of one picture', parseNumber({ min: 32, max: 512, whole: true }), 140)
    .addOption(new Option('--format <kind>', 'of the files').choices(['png', 'jpg']).default('png'))
    .requiredOption('-o, --output <folder>', 'folder to write to')))
    .action(withCommand(galleryCommand));
}

const SIGMAS = [-2, -1, 0, 1, 2], MIX = [0, 0.2, 0.4, 0.6, 0.8, 1], COLUMNS = 6, PAIRS = 4;

async function galleryCommand(context: CommandContext, options: GalleryOptions): Promise<CommandResult> {
  const { directions, random: heads, seed, size, format, output, registration } = options;
  await assertWritableFolder(output);
  const [{ createRandom }, { decodeMesh }, { encodeJpeg, encodePng }] = await Promise.all([import('../core/random.ts'), import('../decoder/decode-mesh.ts'), import('../io/node-image.ts')]);
  const scans = registration === undefined ? null : (await loadIctSampler(options.makehuman, registration, false)).scans, backend = await context.useBackend(), { model, name } = await loadModel(options.decoder), L = model.decoder.config.latentSize, random = createRandom(seed), shown = Math.min(directions, L);
  const explained = JSON.parse(model.metadata.explained ?? '[]') as number[], draw = (label: string): Float32Array => { const own = random.fork(label); return Float32Array.from({ length: L }, () => own.normal()); };
  const cells = async (latents: readonly (readonly Float32Array[])[], yaw = 0): Promise<PixelImage[][]> => { const out: PixelImage[][] = []; for (const row of latents) out.push(await Promise.all(row.map((z) => picture(context, decodeMesh(model, z), size, yaw)))); return out; };
  const lines = <T>(list: readonly T[]): T[][] => Array.from({ length: Math.ceil(list.length / COLUMNS) }, (_, i) => list.slice(COLUMNS * i, COLUMNS * (i + 1)));
  const people = Array.from({ length: heads }, (_, i) => draw(`head.${i}`)), ends = Array.from({ length: PAIRS }, (_, i) => [draw(`from.${i}`), draw(`to.${i}`)] as const);
  const fronts = await cells(lines(people)), sides = await cells(lines(people), 0.7);
  const grids: Record<string, LabelledGrid> = {
    directions: {
      title: `${name}: the first ${shown} directions of the latent, in deviations from the mean`, columns: SIGMAS.map((s) => (s > 0 ? `+${s}` : `${s}`)), rows: Array.from({ length: shown }, (_, i) => `direction ${i + 1}${explained[i] === undefined ? '' : `\n${(100 * explained[i]).toFixed(1)} % of variance`}`),
      cells: await cells(Array.from({ length: shown }, (_, i) => SIGMAS.map((s) => Float32Array.from({ length: L }, (__, j) => (j === i ? s : 0))))),
    },
    random: { title: `${name}: ${heads} random heads, standard normal latents`, columns: [], rows: [], cells: fronts.flatMap((row, i) => [row, sides[i]!]) },
    interpolations: { title: `${name}: between random heads`, columns: MIX.map((t) => `${t}`), rows: [], cells: await cells(ends.map(([a, b]) => MIX.map((t) => a.map((x, i) => (1 - t) * x + t * b[i]!)))) },
  };
  const found = scans && await expressions(context, model, scans, { ...options, name });
  if (found) grids.expressions = found.grid;
  const pictures: Record<string, Uint8Array> = {};
  for (const [file, grid] of Object.entries(grids)) pictures[`${file}.${format}`] = await (format === 'jpg' ? encodeJpeg(await labelledGrid(grid), { quality: 88 }) : encodePng(await labelledGrid(grid)));
  context.signal.throwIfAborted();
  const files = await writeOutputFiles(output, pictures);
  return { record: { decoder: name, backend, seed, ...(found && { expressions: found.figures }), files }, text: [...(found ? formatFigures(found.figures) : []), ...files].join('\n') };
}

/** The mean of scans and people with each named expression: drawn, and what the decoder makes of the latent nearest to it; the mean wears the colours of the mean face. */
async function expressions(context: CommandContext, model: FaceModel, scans: IctSampler, { people, seed, size, name }: GalleryOptions & { readonly name: string }): Promise<{ grid: LabelledGrid; figures: ExpressionFigures[] }> {
  const [{ createRandom }, { NAMED_EXPRESSIONS }, { fitLatents }, { decodeHeads }, { decodeMesh }] = await Promise.all([import('../core/random.ts'), import('../data/named-expressions.ts'), import('../decoder/fit-latents.ts'),
    import('../decoder/evaluate-decoder.ts'), import('../decoder/decode-mesh.ts')]);
  const names = Object.keys(NAMED_EXPRESSIONS), E = names.length, V = model.decoder.vertexCount, size3 = 3 * V;
  const drawn = Array.from({ length: people + 1 }, (_, p) => names.map((each): Head => scans.withExpression(createRandom(seed).fork(`person.${p}`), NAMED_EXPRESSIONS[each]!, p === 0 ? 0 : 1)));
  const mean = decodeMesh(model, new Float32Array(model.decoder.config.latentSize)), heads = stack([...drawn[0]!.map((head) => ({ ...head, colors: mean.colors })), ...drawn.slice(1).flat()], V), latents = await fitLatents(model.decoder, heads, { steps: 20 }, { signal: context.signal, onProgress: context.progress }), made = decodeHeads(model.decoder, latents, heads.count);
  const { faces } = model.topology;
  const row = (from: Pick<HeadSamples, 'vertices' | 'colors'>, first: number): Promise<PixelImage[]> => Promise.all(names.map((_, e) => {
    const part = (data: Float32Array): Float32Array => data.subarray((first + e) * size3, (first + e + 1) * size3);
    return picture(context, { vertices: part(from.vertices), colors: part(from.colors), faces }, size, 0);
  }));
  const cells = [await row(made, 0)];
  for (let p = 1; p <= people; p++) cells.push(await row(heads, p * E), await row(made, p * E));
  const grid = { title: `${name}: expressions of the mean of scans, decoded, then of people as drawn from scans and as decoded from the nearest latent`, columns: names, rows: ['mean\ndecoded', ...Array.from({ length: people }, (_, p) => [`person ${p + 1}\ndrawn`, `person ${p + 1}\ndecoded`]).flat()], cells };
  return { grid, figures: names.map((each, e) => measure(model, each, Array.from({ length: people }, (_, p) => ((p + 1) * E + e) * size3), heads.vertices, made.vertices)) };
}

/** iBUG points whose distances say how far lids and lips are open. */
const LIDS = [[37, 41], [38, 40], [43, 47], [44, 46]] as const, LIPS = [[62, 66]] as const;

function measure({ topology: { faceMask, landmarks68 } }: FaceModel, name: string, starts: readonly number[], drawn: Float32Array, decoded: Float32Array): ExpressionFigures {
  const mean = (of: (start: number) => number): number => starts.reduce((sum, start) => sum + of(start) / starts.length, 0), total = faceMask.reduce((a, b) => a + b, 0);
  const open = (from: Float32Array, pairs: typeof LIDS | typeof LIPS): number => mean((start) => pairs.reduce((sum, [a, b]) => sum + Math.hypot(...[0, 1, 2].map((k) => from[start + 3 * landmarks68[a]! + k]! - from[start + 3 * landmarks68[b]! + k]!)) / pairs.length, 0));
  const error = mean((start) => faceMask.reduce((sum, w, v) => sum + w / total * Math.hypot(...[0, 1, 2].map((k) => drawn[start + 3 * v + k]! - decoded[start + 3 * v + k]!)), 0));
  return { name, error, lids: { drawn: open(drawn, LIDS), decoded: open(decoded, LIDS) }, lips: { drawn: open(drawn, LIPS), decoded: open(decoded, LIPS) } };
}

function formatFigures(figures: readonly ExpressionFigures[]): string[] {
  return ['expression       error mm   lids apart, drawn / decoded mm   lips apart', ...figures.map(({ name, error, lids, lips }) => `${name.padEnd(16)} ${error.toFixed(2).padStart(8)}   ${`${lids.drawn.toFixed(2)} / ${lids.decoded.toFixed(2)}`.padStart(30)}   ${`${lips.drawn.toFixed(2)} / ${lips.decoded.toFixed(2)}`.padStart(13)}`)];
}

function stack(heads: readonly Head[], V: number): HeadSamples {
  const vertices = new Float32Array(heads.length * 3 * V), colors = new Float32Array(heads.length * 3 * V);
  heads.forEach((head, i) => {
    vertices.set(head.vertices, i * 3 * V);
    colors.set(head.colors, i * 3 * V);
  });
  return { count: heads.length, vertexCount: V, vertices, colors };
}

/** A head from the front or, `yaw` radians, from the side. */
async function picture({ signal }: CommandContext, mesh: TriangleMesh, size: number, yaw: number): Promise<PixelImage> {
  await new Promise((resolve) => setTimeout(resolve)); // lets Ctrl-C in
  signal.throwIfAborted();
  const { meshImage, viewOfMesh } = await import('../dense/mesh-image.ts');
  return meshImage(mesh, viewOfMesh(mesh, { eye: [-1000 * Math.sin(yaw), -10, 60 + 1000 * Math.cos(yaw)], lookAt: [0, -10, 60], focalLength: 1000 / 128, background: [0.35, 0.4, 0.5], ambientColor: [0.6, 0.6, 0.6], lightColor: [0.45, 0.45, 0.45] }), size);
}
