import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import { addCommonOptions, advise, type CommandContext, type CommandResult, type CommonOptions, parseNumber, withCommand } from './context.ts';
import { addMakeHumanOption, loadHeadGenerator } from './load-head-generator.ts';
import { assertWritableFile, writeOutputFiles } from './output-files.ts';

interface RegisterCommandOptions extends CommonOptions {
  readonly ict: string;
  readonly makehuman: string;
  readonly size: number;
  readonly output: string;
}

/** Where development machines have the folder; nothing of it is shipped. */
const ICT = '../shared/data/meshes/ict';

/** Millimetres at the end of the map's scale. */
const MOST = 1;

/** Adds `retinamesh head register` to the noun. */
export function addHeadRegisterCommand(noun: Command): void {
  addCommonOptions(addMakeHumanOption(noun.command('register').description('bring the head into the shape of ICT-FaceKit\'s neutral face and carry its identities and expressions over: one .safetensors, and error-map.png beside it'))
    .option('--ict <folder>', 'ict_face.safetensors, generic_neutral_mesh.obj and LICENSE of ICT-FaceKit', ICT)
    .option('--size <pixels>', 'edge of a picture in the map', parseNumber({ min: 64, max: 1024, whole: true }), 400)
    .requiredOption('-o, --output <file>', '.safetensors file to write'))
    .action(withCommand(registerCommand));
}

async function registerCommand(context: CommandContext, { ict, makehuman, size, output }: RegisterCommandOptions): Promise<CommandResult> {
  await assertWritableFile(output, ['.safetensors']);
  const [{ loadIctFace }, { registerHead }, { registrationToTensors }, { writeSafetensors }, { encodePng }, { errorMap }] = await Promise.all([import('../data/ict-node.ts'), import('../data/register-head.ts'),
    import('../data/registration-tensors.ts'), import('../io/safetensors.ts'), import('../io/node-image.ts'), import('./error-map.ts')]);
  const { face, notice } = await advise('give --ict a folder of ICT-FaceKit', () => loadIctFace(ict)), generator = await loadHeadGenerator(makehuman, false);
  await context.useBackend();
  const began = performance.now(), { registration, errors } = registerHead(generator, face, { onProgress: context.progress }), seconds = (performance.now() - began) / 1000, { distance, ...figures } = errors;
  const { tensors, metadata } = registrationToTensors(registration, generator.topology.faces), about = 'MakeHuman\'s head (CC0) in the shape of ICT-FaceKit\'s, with its modes';
  const mm = (x: number): string => `${x.toFixed(3)} mm`, title = `distance to the scan: median ${mm(figures.median)}, mean ${mm(figures.mean)}, 95 % below ${mm(figures.percentile95)}, largest ${mm(figures.max)}`;
  const counts = `${figures.matched} of ${figures.drawn} vertices that are drawn to it have a place on it; ${figures.flipped} triangles turned over`;
  const map = await errorMap({ vertices: registration.neutral, faces: generator.topology.faces, distance, most: MOST, title, note: counts, none: 'follows its neighbours' }, size);
  const files = await writeOutputFiles(dirname(output), { 'error-map.png': await encodePng(map), [basename(output)]: writeSafetensors(tensors, { ...metadata, about, notice }) });
  const text = [title, counts, `landmarks: mean ${mm(figures.landmarks.mean)}, largest ${mm(figures.landmarks.max)}; from the scan's narrow face back: median ${mm(figures.back.median)}, 95 % below ${mm(figures.back.percentile95)}`, `${seconds.toFixed(1)} s`, `wrote ${files.join(' and ')}`].join('\n');
  return { record: { ...figures, vertices: distance.length, identities: registration.identity.length / (3 * distance.length), expressions: registration.expressionNames.length, seconds, files: files.map((file) => join(file)) }, text, failed: figures.flipped > 0 };
}
