import { join } from 'node:path';
import type { Command } from 'commander';
import { HEAD_REGIONS, type HeadTopology } from '../data/head-topology.ts';
import type { MeshView } from '../dense/mesh-image.ts';
import type { PixelImage } from '../io/image.ts';
import type { TriangleMesh } from '../mesh/triangle-mesh.ts';
import { addCommonOptions, type CommandContext, type CommandResult, type CommonOptions, parseNumber, withCommand } from './context.ts';
import { addHeadColorsCommand } from './head-colors.ts';
import { addHeadRegisterCommand } from './head-register.ts';
import { addMakeHumanOption, loadHeadGenerator } from './load-head-generator.ts';
import { addHeadSamplerOptions, type HeadSamplerOptions, loadHeadSampler } from './load-head-sampler.ts';
import { assertWritableFolder, writeOutputFiles } from './output-files.ts';

interface SampleOptions extends CommonOptions, HeadSamplerOptions {
  readonly count: number;
  readonly seed: number;
  readonly plain: boolean;
  readonly heldOut: boolean;
  readonly size: number;
  readonly output: string;
}

const COLUMNS = 4;

/** A face that looks like a sitter's. */
const EXAMPLE_SEED = 15;

/** Adds `retinamesh head sample`: heads of the morphable model that the decoder is trained on. */
export function addHeadCommand(program: Command): void {
  const noun = program.command('head').description('the coloured morphable head that the decoder is trained on');
  addCommonOptions(addHeadSamplerOptions(noun.command('sample').description('draw random heads: a .glb each, and sheet.png with all of them, from the front and from the side; all files or, after Ctrl-C, none'))
    .option('--count <n>', 'heads to draw', parseNumber({ min: 1, max: 1000, whole: true }), 8)
    .option('--seed <n>', 'the same number, the same heads', parseNumber({ min: 0, max: 2 ** 32 - 1, whole: true }), 1)
    .option('--held-out', 'colours from the skins that training never sees, instead of the others', false)
    .option('--plain', 'one colour for all skin, to look at shapes', false)
    .option('--size <pixels>', 'edge of a picture in the sheet', parseNumber({ min: 32, max: 1024, whole: true }), 256)
    .requiredOption('-o, --output <folder>', 'folder to write to'))
    .action(withCommand(sampleCommand));
  addCommonOptions(addMakeHumanOption(noun.command('example').description('draw the example of the package: a head that no decoder was trained on, before a background, with noise; meshes/example.jpg and .json'))
    .option('--seed <n>', 'of the head', parseNumber({ min: 0, max: 2 ** 32 - 1, whole: true }), EXAMPLE_SEED)
    .requiredOption('-o, --output <folder>', 'folder to write to'))
    .action(withCommand(exampleCommand));
  addHeadRegisterCommand(noun);
  addHeadColorsCommand(noun);
}

interface ExampleOptions extends CommonOptions {
  readonly seed: number;
  readonly makehuman: string;
  readonly output: string;
}

async function exampleCommand(context: CommandContext, { seed, makehuman, output }: ExampleOptions): Promise<CommandResult> {
  await assertWritableFolder(output);
  const [{ createRandom }, { examplePicture }, { encodeJpeg }] = await Promise.all([import('../core/random.ts'),
    import('../dense/example-picture.ts'), import('../io/node-image.ts')]);
  await context.useBackend();
  const generator = await loadHeadGenerator(makehuman, true), head = generator.sample(createRandom(seed).fork('example'));
  const { photo, ...target } = examplePicture(head, generator.topology);
  const record = { about: `drawn by \`retinamesh head example --seed ${seed}\`: skins ${[...new Set(head.skins)].join(', ')}, which training never sees; MakeHuman, CC0`, photo: 'example.jpg', ...target };
  const text = `${JSON.stringify(record, null, 2).replace(/\[[-+.\deE,\s]*\]/g, (list) => `[${list.slice(1, -1).trim().replace(/\s+/g, ' ')}]`)}\n`;
  const files = await writeOutputFiles(output, { 'example.jpg': await encodeJpeg(photo, { quality: 92 }), 'example.json': text });
  return { record: { ...record, files }, text: files.join('\n') };
}

async function sampleCommand(context: CommandContext, options: SampleOptions): Promise<CommandResult> {
  const { count, seed, source, heldOut, plain, size, output } = options;
  const { signal } = context;
  await assertWritableFolder(output);
  const [{ createRandom }, { writeGlb }, { vertexNormals }, { encodePng }] = await Promise.all([import('../core/random.ts'),
    import('../io/glb.ts'), import('../mesh/vertex-normals.ts'), import('../io/node-image.ts')]);
  const backend = await context.useBackend(), { sampler } = await loadHeadSampler(context, options, heldOut);
  const random = createRandom(seed), files: Record<string, Uint8Array> = {}, pictures: PixelImage[] = [], began = performance.now(), { topology } = sampler, { faces } = topology;
  for (let i = 0; i < count; i++) {
    await new Promise((resolve) => setTimeout(resolve)); // lets Ctrl-C in: a part of the set is not written
    signal.throwIfAborted();
    const { vertices, colors } = sampler.sample(random), mesh = { vertices, colors: plain ? plainColors(colors, topology) : colors, faces };
    pictures.push(...await portraits(mesh, size));
    files[`head-${String(i).padStart(3, '0')}.glb`] = await writeGlb({ ...mesh, normals: vertexNormals(mesh), name: `head ${i}` });
    context.progress({ label: 'head sample', done: i + 1, total: count, seconds: (performance.now() - began) / 1000 });
  }
  files['sheet.png'] = await encodePng(tile(pictures, 2 * COLUMNS));
  signal.throwIfAborted();
  await writeOutputFiles(output, files);
  const names = Object.keys(files).map((name) => join(output, name)), V = topology.region.length;
  return { record: { seed, count, source, backend, vertices: V, faces: faces.length / 3, skins: heldOut ? 'held out' : 'training', files: names }, text: `wrote ${names.length - 1} heads of ${V} vertices and ${names.at(-1)}` };
}

const SKIN = [0.74, 0.58, 0.5];

/** Eyes and the inside of the mouth as they are, the rest of one colour. */
function plainColors(colors: Float32Array, { region }: HeadTopology): Float32Array {
  return colors.map((x, i) => (['eye', 'mouth'].includes(HEAD_REGIONS[region[Math.floor(i / 3)]!]!) ? x : SKIN[i % 3]!));
}

/** From the front and 40 degrees to the side, in the default camera of a fit. */
async function portraits(mesh: TriangleMesh, size: number): Promise<PixelImage[]> {
  const { meshImage, viewOfMesh } = await import('../dense/mesh-image.ts'), lookAt = [0, -10, 60];
  return [0, 0.7].map((yaw) => {
    const view: MeshView = viewOfMesh(mesh, { eye: [-1000 * Math.sin(yaw), -10, 60 + 1000 * Math.cos(yaw)], lookAt, focalLength: 1000 / 110, background: [0.35, 0.4, 0.5], ambientColor: [0.6, 0.6, 0.6], lightColor: [0.45, 0.45, 0.45] });
    return meshImage(mesh, view, size);
  });
}

/** Pictures of one size side by side. */
function tile(pictures: readonly PixelImage[], columns: number): PixelImage {
  const { width: size, channels } = pictures[0]!, across = Math.min(columns, pictures.length), down = Math.ceil(pictures.length / across), data = new Uint8Array(channels * size * size * across * down);
  pictures.forEach((picture, i) => {
    for (let y = 0; y < size; y++) data.set(picture.data.subarray(channels * y * size, channels * (y + 1) * size), channels * ((Math.floor(i / across) * size + y) * size * across + (i % across) * size));
  });
  return { ...pictures[0]!, width: size * across, height: size * down, data };
}
