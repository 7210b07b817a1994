import { extname } from 'node:path';
import { type Command, Option } from 'commander';
import type { MeshView } from '../dense/mesh-image.ts';
import type { TriangleMesh } from '../mesh/triangle-mesh.ts';
import { type BackendChoice, BACKEND_CHOICES } from './backends.ts';
import { addCommonOptions, type CommandContext, type CommandResult, type CommonOptions, parseNumber, parseNumbers, withCommand } from './context.ts';
import { addDecoderOption, loadModel } from './load-model.ts';
import { assertWritableFile } from './output-files.ts';
import { assertSameModel, sceneImage } from './scene-image.ts';

interface RenderOptions extends CommonOptions, Partial<MeshView> {
  readonly output: string;
  readonly size?: number;
  readonly decoder?: string;
}

const MESH_OPTIONS = ['eye', 'lookAt', 'focalLength', 'roll', 'lightPosition', 'lightColor', 'ambientColor', 'background', 'shadingSpace'] as const;

/** Adds `retinamesh render`: a scene file, or a mesh under a camera and a light, as PNG. */
export function addRenderCommand(program: Command): void {
  const three = parseNumbers(3);
  addDecoderOption(addCommonOptions(program.command('render').description('draw a scene file or a mesh as PNG; the render.png of a scene comes out to the bit')
    .argument('<scene>', 'scene.json, .glb, .ply or .obj')
    .requiredOption('-o, --output <file>', '.png to write')
    .option('--size <pixels>', "edge of the picture (default: the scene's; 512 for a mesh)", parseNumber({ min: 1, max: 2048, whole: true }))
    .option('--eye <x,y,z>', 'of a mesh: where the camera stands (default: before it, so that all of it shows)', three)
    .option('--look-at <x,y,z>', 'of a mesh: what the centre of the picture shows (default: the middle of its box)', three)
    .option('--focal-length <f>', 'of a mesh: in half picture heights (default: 5.62, which shows all of it)', parseNumber({ min: 1e-3, max: 1e4 }))
    .option('--roll <radians>', 'of a mesh: turns the camera about its view ray, its right side up (default: 0)', parseNumber())
    .option('--light-position <x,y,z>', 'of a mesh: a point light (default: above the camera)', three)
    .option('--light-color <r,g,b>', 'of a mesh: what it adds to a surface that faces it (default: 0.5,0.5,0.5)', three)
    .option('--ambient-color <r,g,b>', 'of a mesh: light from everywhere (default: 0.5,0.5,0.5)', three)
    .option('--background <r,g,b>', 'of a mesh: sRGB in [0, 1] (default: transparent)', three)
    .addOption(new Option('--shading-space <space>', 'of a mesh: space in which light and albedo are multiplied (default: srgb)').choices(['srgb', 'linear']))))
    .action(withCommand(renderCommand));
}

async function renderCommand(context: CommandContext, options: RenderOptions, path: string): Promise<CommandResult> {
  await assertWritableFile(options.output, ['.png']);
  const isScene = extname(path).toLowerCase() === '.json';
  const stray = isScene ? MESH_OPTIONS.filter((name) => options[name] !== undefined) : [];
  if (stray.length > 0) context.misuse(`--${stray[0]!.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)} is for a mesh: the numbers of ${path} are in the file; leave it out, or render the scene's face.glb`);
  if (!isScene && options.decoder !== undefined) context.misuse(`--decoder is for a scene file, ${path} is a mesh: leave it out`);
  return isScene ? renderScene(context, options, path) : renderMeshFile(context, options, path);
}

async function renderScene(context: CommandContext, { output, size, decoder }: RenderOptions, path: string): Promise<CommandResult> {
  const [{ parseSceneRecord }, { readFileBytes }, { writePng }] = await Promise.all([import('../dense/scene-record.ts'), import('../io/node.ts'), import('../io/node-image.ts')]);
  const scene = parseSceneRecord(new TextDecoder().decode(await readFileBytes(path, { maxBytes: 1 << 24 })), path);
  const made = scene.options.backend as BackendChoice, backend = await context.useBackend(BACKEND_CHOICES.includes(made) ? made : 'auto'), loaded = await loadModel(decoder);
  assertSameModel(scene, loaded, path);
  const image = await sceneImage(scene, loaded, size);
  await writePng(output, image);
  const same = backend === made && image.width === scene.options.size;
  return { record: { scene: path, backend, size: image.width, files: [output] }, text: `wrote ${output}: ${image.width} x ${image.height}, alpha is the face mask${same ? '' : ' (another backend or size than the scene was made with)'}` };
}

async function renderMeshFile(context: CommandContext, { output, size = 512, ...options }: RenderOptions, path: string): Promise<CommandResult> {
  const [{ readMeshFile }, { writePng }, { meshImage, viewOfMesh }] = await Promise.all([import('../io/node-mesh.ts'), import('../io/node-image.ts'), import('../dense/mesh-image.ts')]);
  const mesh: TriangleMesh = await readMeshFile(path), given = Object.fromEntries(MESH_OPTIONS.map((name) => [name, options[name]]).filter(([, value]) => value !== undefined)) as Partial<MeshView>;
  const view = viewOfMesh(mesh, given), backend = await context.useBackend();
  await writePng(output, meshImage(mesh, view, size));
  return { record: { mesh: path, backend, size, view, files: [output] }, text: `wrote ${output}: ${size} x ${size}, eye ${view.eye.map((x) => Number(x.toPrecision(5)))}, look-at ${view.lookAt.map((x) => Number(x.toPrecision(5)))}, focal length ${Number(view.focalLength.toPrecision(5))}` };
}
