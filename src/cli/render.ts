import { extname } from 'node:path';
import { type Command, Option } from 'commander';
import type { MeshView } from '../dense/mesh-image.ts';
import type { CameraNumbers, IlluminationNumbers } from '../dense/scene.ts';
import type { TriangleMesh } from '../mesh/triangle-mesh.ts';
import { type BackendChoice, BACKEND_CHOICES } from './backends.ts';
import { addCommonOptions, advise, type CommandContext, type CommandResult, type CommonOptions, parseNumber, parseNumbers, withCommand } from './context.ts';
import { addDecoderOption, loadModel } from './load-model.ts';
import { assertWritableFile, makeFolderOf } from './output-files.ts';
import { assertSameModel, sceneImage } from './scene-image.ts';

interface RenderOptions extends CommonOptions, Partial<MeshView> {
  readonly output: string;
  readonly size?: number;
  readonly face?: number;
  readonly decoder?: string;
}

const CAMERA_OPTIONS = ['eye', 'lookAt', 'focalLength', 'roll'] as const, LIGHT_OPTIONS = ['lightPosition', 'lightColor', 'ambientColor'] as const, MESH_OPTIONS = ['background', 'shadingSpace'] as const;

/** Adds `retinamesh render`: a scene file, or a mesh under a camera and a light, as PNG. */
export function addRenderCommand(program: Command): void {
  const three = parseNumbers(3);
  addDecoderOption(addCommonOptions(program.command('render').description('draw a scene file or a mesh as PNG; the render.png of a scene comes out to the bit')
    .argument('<scene>', 'scene.json, .glb, .ply or .obj')
    .requiredOption('-o, --output <file>', '.png to write')
    .option('--size <pixels>', "edge of the picture (default: the scene's; 512 for a mesh)", parseNumber({ min: 1, max: 2048, whole: true }))
    .option('--face <n>', 'which one of a scene of several (default: 1, the largest)', parseNumber({ min: 1, whole: true }))
    .option('--eye <x,y,z>', "where the camera stands (default: the scene's; before a mesh, so that all of it shows)", three)
    .option('--look-at <x,y,z>', "what the centre of the picture shows (default: the scene's; the middle of a mesh's box)", three)
    .option('--focal-length <f>', "in half picture heights (default: the scene's; 5.62 for a mesh, which shows all of it)", parseNumber({ min: 1e-3, max: 1e4 }))
    .option('--roll <radians>', "turns the camera about its view ray, its right side up (default: the scene's; 0)", parseNumber())
    .option('--light-position <x,y,z>', "a point light (default: the scene's; above the camera for a mesh)", three)
    .option('--light-color <r,g,b>', "what it adds to a surface that faces it (default: the scene's; 0.5,0.5,0.5)", three)
    .option('--ambient-color <r,g,b>', "light from everywhere (default: the scene's; 0.5,0.5,0.5)", three)
    .option('--background <r,g,b>', 'of a mesh: sRGB in [0, 1] (default: transparent)', three)
    .addOption(new Option('--shading-space <space>', 'of a mesh: space in which light and albedo are multiplied (default: srgb)').choices(['srgb', 'linear']))))
    .action(withCommand(renderCommand));
}

async function renderCommand(context: CommandContext, options: RenderOptions, path: string): Promise<CommandResult> {
  await assertWritableFile(options.output, ['.png']);
  const isScene = extname(path).toLowerCase() === '.json';
  const stray = isScene ? MESH_OPTIONS.filter((name) => options[name] !== undefined) : [];
  if (stray.length > 0) context.misuse(`--${stray[0]!.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)} is for a mesh: a scene comes out in sRGB with the face mask as alpha; leave it out, or render the scene's face.glb`);
  if (!isScene && options.face !== undefined) context.misuse(`--face is for a scene file, ${path} is a mesh: leave it out`);
  if (!isScene && options.decoder !== undefined) context.misuse(`--decoder is for a scene file, ${path} is a mesh: leave it out`);
  return isScene ? renderScene(context, options, path) : renderMeshFile(context, options, path);
}

const given = <K extends keyof RenderOptions>(options: RenderOptions, names: readonly K[]): Partial<Pick<RenderOptions, K>> =>
  Object.fromEntries(names.map((name) => [name, options[name]]).filter(([, value]) => value !== undefined)) as Partial<Pick<RenderOptions, K>>;

/** What can be rendered. */
const RENDERED = 'give the scene.json of a reconstruction, or a mesh as .obj, .ply or .glb';

async function renderScene(context: CommandContext, options: RenderOptions, path: string): Promise<CommandResult> {
  const { output, size, decoder, face: number = 1 } = options, camera = given(options, CAMERA_OPTIONS), light = given(options, LIGHT_OPTIONS);
  const [{ faceOfScene, parseSceneRecord }, { readFileBytes }, { writePng }] = await Promise.all([import('../dense/scene-record.ts'), import('../io/node.ts'), import('../io/node-image.ts')]);
  const scene = parseSceneRecord(new TextDecoder().decode(await advise(RENDERED, () => readFileBytes(path, { maxBytes: 1 << 24 }))), path);
  const made = scene.options.backend as BackendChoice, backend = await context.useBackend(BACKEND_CHOICES.includes(made) ? made : 'auto'), loaded = await loadModel(decoder);
  assertSameModel(scene, loaded, path);
  const face = faceOfScene(scene, number, path), seen = { ...face, camera: { ...face.camera, ...camera } as CameraNumbers, illumination: { ...face.illumination, ...light } as IlluminationNumbers };
  const image = await sceneImage({ ...scene, faces: [seen] }, loaded, size);
  await makeFolderOf(output);
  await writePng(output, image);
  const same = backend === made && image.width === scene.options.size && Object.keys({ ...camera, ...light }).length === 0;
  return { record: { scene: path, backend, size: image.width, files: [output] }, text: `wrote ${output}: ${image.width} x ${image.height}, alpha is the face mask${same ? '' : ' (another backend, size, camera or light than the scene has)'}` };
}

async function renderMeshFile(context: CommandContext, options: RenderOptions, path: string): Promise<CommandResult> {
  const { output, size = 512 } = options, [{ readMeshFile }, { writePng }, { meshImage, viewOfMesh }] = await Promise.all([import('../io/node-mesh.ts'), import('../io/node-image.ts'), import('../dense/mesh-image.ts')]);
  const mesh: TriangleMesh = await advise(RENDERED, () => readMeshFile(path)), view = viewOfMesh(mesh, given(options, [...CAMERA_OPTIONS, ...LIGHT_OPTIONS, ...MESH_OPTIONS]) as Partial<MeshView>);
  const backend = await context.useBackend();
  await makeFolderOf(output);
  await writePng(output, meshImage(mesh, view, size));
  return { record: { mesh: path, backend, size, view, files: [output] }, text: `wrote ${output}: ${size} x ${size}, eye ${view.eye.map((x) => Number(x.toPrecision(5)))}, look-at ${view.lookAt.map((x) => Number(x.toPrecision(5)))}, focal length ${Number(view.focalLength.toPrecision(5))}` };
}
