import { extname } from 'node:path';
import type { Command } from 'commander';
import { addCommonOptions, advise, type CommandContext, type CommandResult, type CommonOptions, parseNumber, withCommand } from './context.ts';
import { addDecoderOption, loadModel } from './load-model.ts';
import { assertWritableFile, makeFolderOf } from './output-files.ts';

interface DecodeOptions extends CommonOptions {
  readonly latent?: string;
  readonly face: number;
  readonly output: string;
  readonly decoder?: string;
}

/** Adds `retinamesh decode`: latent numbers to a coloured mesh. */
export function addDecodeCommand(program: Command): void {
  addDecoderOption(addCommonOptions(program.command('decode').description('turn latent numbers into a coloured mesh')
    .option('--latent <file>', 'JSON array, scene.json, or numbers with spaces between; - reads standard input (default: zeros, the mean face)')
    .option('--face <n>', 'which one of a scene.json', parseNumber({ min: 1, whole: true }), 1)
    .requiredOption('-o, --output <file>', '.glb, .ply or .obj to write')))
    .action(withCommand(decodeCommand));
}

async function decodeCommand(context: CommandContext, { latent, face, output, decoder }: DecodeOptions): Promise<CommandResult> {
  await assertWritableFile(output, ['.glb', '.ply', '.obj']);
  const text = latent === undefined ? undefined : await advise('give --latent a JSON array of numbers or the scene.json of a reconstruction', () => readText(latent));
  const backend = await context.useBackend(), { model, name } = await loadModel(decoder);
  const [{ parseLatent }, { decodeMesh }, { writeMeshFile }, { vertexNormals }] = await Promise.all([
    import('../dense/parse-latent.ts'), import('../decoder/decode-mesh.ts'), import('../io/node-mesh.ts'), import('../mesh/vertex-normals.ts')]);
  const size = model.decoder.config.latentSize;
  const values = text === undefined ? new Float32Array(size) : await advise('give one face of this decoder', () => parseLatent(text, size, latent === '-' ? 'standard input' : latent, face));
  const mesh = decodeMesh(model, values);
  await makeFolderOf(output);
  if (extname(output).toLowerCase() === '.glb') {
    const [{ writeGlb }, { writeFileAtomic }] = await Promise.all([import('../io/glb.ts'), import('../io/node.ts')]);
    await writeFileAtomic(output, await writeGlb({ ...mesh, normals: vertexNormals(mesh) }));
  } else await writeMeshFile(output, mesh);
  const vertices = mesh.vertices.length / 3, faces = mesh.faces.length / 3;
  return { record: { decoder: name, backend, latentSize: size, vertices, faces, files: [output] }, text: `wrote ${output}: ${vertices} vertices, ${faces} faces, ${/\.glb$/i.test(output) ? 'metres' : 'millimetres'}` };
}

async function readText(path: string): Promise<string> {
  const { readFileBytes } = await import('../io/node.ts');
  if (path !== '-') return new TextDecoder().decode(await readFileBytes(path, { maxBytes: 1 << 24 }));
  const parts: Uint8Array[] = [];
  for await (const part of process.stdin) parts.push(part as Uint8Array);
  return Buffer.concat(parts).toString('utf8');
}
