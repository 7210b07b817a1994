import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { ArgumentError } from '../core/errors.ts';
import type { PortraitColors } from '../data/portrait-colors.ts';
import type { AlbedoModes } from '../dense/complete-albedos.ts';
import type { FaceLabel } from '../dense/portrait-labels.ts';
import type { PixelImage } from '../io/image.ts';
import { addCommonOptions, advise, type CommandContext, type CommandResult, type CommonOptions, parseNumber, withCommand } from './context.ts';
import type { PortraitFits } from './fit-portraits.ts';
import { addMakeHumanOption, loadHeadGenerator } from './load-head-generator.ts';
import { addDecoderOption, loadModel } from './load-model.ts';
import { assertWritableFolder, writeOutputFiles } from './output-files.ts';
import { isInSplit, spread } from './portrait-folder.ts';

interface ColorsOptions extends CommonOptions {
  readonly decoder?: string;
  readonly makehuman: string;
  readonly count?: number;
  readonly workers: number;
  readonly output: string;
}

/** Painted heads whose colours complete what no photograph shows, and how many of their modes. */
const PRIOR = { heads: 300, modes: 20, seed: 5 } as const;

/** Adds `retinamesh head colors` to the noun. */
export function addHeadColorsCommand(noun: Command): void {
  addCommonOptions(addMakeHumanOption(addDecoderOption(noun.command('colors').description('learn how faces are coloured from photographs without any label but box and five points: fits them, divides their light out, completes what is hidden; colors.safetensors for `decoder train --colors`')
    .argument('<folder>', 'portraits: images/ and label.txt (RetinaFace format); those held out for evaluation are passed over, grey ones teach nothing')))
    .option('--count <n>', 'photographs, spread evenly over the label file (default: all)', parseNumber({ min: 1, whole: true }))
    .option('--workers <n>', 'fits at a time', parseNumber({ min: 1, max: 64, whole: true }), Math.min(4, availableParallelism()))
    .requiredOption('-o, --output <folder>', 'where run.json and fits.jsonl grow, and colors.safetensors and colors.png go in the end; the same command goes on with a run that was stopped'))
    .action(withCommand(colorsCommand));
}

async function colorsCommand(context: CommandContext, { decoder, makehuman, count, workers, output }: ColorsOptions, folder: string): Promise<CommandResult> {
  await assertWritableFolder(output);
  const labels = await readTrainingLabels(folder, count), backend = await context.useBackend(), { model, name, sha256 } = await loadModel(decoder), generator = await loadHeadGenerator(makehuman, false);
  if (model.topology.faceMask.length !== generator.topology.faceMask.length) throw new ArgumentError('head colors', '--decoder', `a face model of the ${generator.topology.faceMask.length} vertices of heads that are drawn`, `${model.topology.faceMask.length}`);
  const [{ openRunDirectory }, { FIT_DEFAULTS }, { createRandom }, { drawHeads }, { fitPcaBaseline }, { completeAlbedos, COMPLETE_ALBEDOS_DEFAULTS }, { balanceWeights }, { typologyAngle }, { skinColor }, { portraitColorsToTensors }, { writeSafetensors }, { encodePng }, { fitPortraits }] = await Promise.all([
    import('../training/run-directory-node.ts'), import('../dense/fit-face.ts'), import('../core/random.ts'), import('../decoder/head-samples.ts'), import('../decoder/pca-baseline.ts'), import('../dense/complete-albedos.ts'), import('../data/balance-weights.ts'),
    import('../data/typology-angle.ts'), import('../data/skin-color.ts'), import('../data/portrait-colors.ts'), import('../io/safetensors.ts'), import('../io/node-image.ts'), import('./fit-portraits.ts')]);
  const run = await openRunDirectory(output, { command: 'head colors', backend, decoder: { name, sha256 }, labels: createHash('sha256').update(JSON.stringify(labels)).digest('hex'), count: labels.length, fit: FIT_DEFAULTS });
  const fits = await fitPortraits(context, labels, { folder, decoder, workers, backend }, run), faces = await readAlbedos(context, folder, labels, fits, model), hooks = { signal: context.signal, onProgress: context.progress };
  if (faces.length < 2) throw new ArgumentError('head colors', folder, 'at least two colour portraits that can be fitted', `${faces.length}`);
  const painted = await fitPcaBaseline(await drawHeads(generator, PRIOR.heads, createRandom(PRIOR.seed), hooks), PRIOR.modes, hooks), found = await completeAlbedos(faces.map(({ albedo }) => albedo), painted.colors, generator.topology.mirror, { symmetric: Math.min(COMPLETE_ALBEDOS_DEFAULTS.symmetric, faces.length - 1), opposite: Math.min(COMPLETE_ALBEDOS_DEFAULTS.opposite, faces.length - 1) }, hooks);
  const angles = faces.map((_, n) => typologyAngle(skinColor(colorsOf(found, n), generator.topology))), { weights, counts } = balanceWeights(angles);
  const colors: PortraitColors = { mean: found.mean, modes: found.modes, coefficients: found.coefficients, shares: Float32Array.from(weights), opposite: found.opposite };
  const { tensors, metadata } = portraitColorsToTensors(colors), residual = median(faces.map(({ difference }) => difference));
  const about = `colours of ${faces.length} public-domain official portraits of members of the US Congress, read off fits of ${name} (${sha256.slice(0, 12)}) with their light divided out; known only up to that light`;
  const files = await writeOutputFiles(output, { 'colors.png': await encodePng(picture(generator.reference, generator.topology.faces, found, await import('../dense/mesh-image.ts'), await import('../io/image.ts'))), 'colors.safetensors': writeSafetensors(tensors, { ...metadata, about }) });
  const record = { portraits: labels.length, faces: faces.length, decoder: { name, sha256 }, trainingDifference: residual, modes: found.opposite.length, angles: { counts, median: median(angles) }, files: files.map((file) => join(file)) };
  return { record, text: [`${faces.length} of ${labels.length} portraits gave colours (grey ones and failed fits none); their fits differ by ${residual.toFixed(4)} (median under the face mask)`, `typology angle of the skins: median ${median(angles).toFixed(0)} degrees; five bins of equal width hold ${counts.join(', ')}`, `wrote ${files.join(' and ')}`].join('\n') };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

async function readTrainingLabels(folder: string, count: number | undefined): Promise<FaceLabel[]> {
  const [{ parseFaceLabels }, { readFileBytes }] = await Promise.all([import('../dense/portrait-labels.ts'), import('../io/node.ts')]), path = join(folder, 'label.txt');
  const labels = parseFaceLabels(new TextDecoder().decode(await advise('give a folder with images/ and label.txt', () => readFileBytes(path))), path).filter(({ file }) => isInSplit(file, 'training'));
  if (labels.length === 0) throw new ArgumentError('head colors', folder, 'portraits that are not held out', 'none');
  return spread(labels, count ?? labels.length);
}

/** What each fitted portrait shows of its face's colours, and how far its fit is from it. */
async function readAlbedos(context: CommandContext, folder: string, labels: readonly FaceLabel[], fits: PortraitFits, model: Parameters<typeof import('../dense/photo-albedo.ts').photoAlbedo>[2]) {
  const [{ photoAlbedo }, { readImageFile }] = await Promise.all([import('../dense/photo-albedo.ts'), import('../io/node-image.ts')]), began = performance.now(), found = [];
  for (const [i, { file }] of labels.entries()) {
    context.signal.throwIfAborted();
    const fit = fits.get(file);
    if (fit) {
      const { difference, ...albedo } = photoAlbedo(await readImageFile(join(folder, 'images', file)), fit, model);
      found.push({ albedo, difference });
    }
    context.progress({ label: 'divide light out', done: i + 1, total: labels.length, seconds: (performance.now() - began) / 1000 });
  }
  return found;
}

/** Colours of one face by its modes. */
function colorsOf({ mean, modes, coefficients }: AlbedoModes, n: number): Float32Array {
  const D = mean.length, K = modes.length / D, out = mean.slice();
  for (let k = 0; k < K; k++) for (let i = 0; i < D; i++) out[i]! += coefficients[n * K + k]! * modes[k * D + i]!;
  return out.map((x) => Math.min(1, Math.max(0, x)));
}

/** The mean; the first six modes of each kind at -2 and 2 standard deviations; twelve faces as they were completed. */
function picture(vertices: Float64Array, faces: Int32Array, found: AlbedoModes, { meshImage, viewOfMesh }: typeof import('../dense/mesh-image.ts'), { tileImages }: typeof import('../io/image.ts')): PixelImage {
  const D = found.mean.length, K = found.modes.length / D, N = found.coefficients.length / K;
  const draw = (colors: Float32Array): PixelImage => {
    const mesh = { vertices: Float32Array.from(vertices), colors, faces };
    return meshImage(mesh, viewOfMesh(mesh, { eye: [250, -10, 1060], lookAt: [0, -10, 60], focalLength: 1000 / 110, background: [0.35, 0.4, 0.5], ambientColor: [1, 1, 1], lightColor: [0, 0, 0] }), 160);
  };
  const at = (k: number, z: number): PixelImage => draw(found.mean.map((x, i) => Math.min(1, Math.max(0, x + z * found.modes[k * D + i]!)))), some = (count: number): number[] => Array.from({ length: count }, (_, i) => Math.floor(i * N / count));
  return tileImages([draw(found.mean), ...[0, 1, 2, 3, 4, 5].flatMap((k) => [at(k, -2), at(k, 2)]), ...[0, 1, 2].flatMap((k) => [at(K - 1 - k, -2), at(K - 1 - k, 2)]), ...some(13).map((n) => draw(colorsOf(found, n)))].slice(0, 32), 8);
}
