import { type Command, Option } from 'commander';
import { ArgumentError, FormatError } from '../core/errors.ts';
import { boxDiagonal, hierarchyErrors, type LevelError } from '../mesh/hierarchy-errors.ts';
import { buildHierarchy, type Hierarchy, HIERARCHY_DEFAULTS, type HierarchyOptions } from '../mesh/hierarchy.ts';
import type { UpSampling } from '../mesh/up-transform.ts';
import { addCommonOptions, advise, type CommandContext, type CommandResult, type CommonOptions, parseFactors, parseNumber, withCommand } from './context.ts';
import { assertWritableFile, makeFolderOf } from './output-files.ts';

interface BuildOptions extends CommonOptions {
  readonly output?: string;
  readonly levels: number;
  readonly factor: number | readonly number[];
  readonly upSampling: UpSampling;
  readonly reorder: boolean;
  readonly meshes?: string;
}

/** Adds `retinamesh hierarchy build`: the levels of a mesh and the matrices between them, as safetensors. */
export function addHierarchyCommand(program: Command): void {
  const noun = program.command('hierarchy').description('resolutions of a mesh and the matrices between them');
  const { levels, factor, upSampling } = HIERARCHY_DEFAULTS;
  addCommonOptions(noun.command('build').description('decimate a mesh level by level; write levels and matrices as safetensors')
    .argument('<mesh>', '.obj, .ply or .glb')
    .option('-o, --output <file>', 'safetensors to write; without it only sizes and errors are printed')
    .option('--levels <n>', 'coarser levels to make', parseNumber({ min: 0, max: 32, whole: true }), levels)
    .option('--factor <x>', 'vertices of a level over those of the next; a list gives one factor a level', parseFactors, factor)
    .addOption(new Option('--up-sampling <how>', 'where fine vertices find their place on the coarse surface').choices(['connected', 'nearest']).default(upSampling))
    .option('--no-reorder', 'keep the vertices in the order of the file')
    .option('--meshes <pattern>', 'also write each level, e.g. level-#.glb (# is its number; .obj, .ply or .glb)'))
    .action(withCommand(buildCommand));
}

async function buildCommand(_context: CommandContext, options: BuildOptions, path: string): Promise<CommandResult> {
  const { output, meshes, levels, factor, upSampling, reorder } = options;
  if (output) await assertWritableFile(output, ['.safetensors']);
  if (meshes) await checkPattern(meshes);
  const { readMeshFile } = await import('../io/node-mesh.ts');
  const mesh = await advise('give a mesh as .obj, .ply or .glb', () => readMeshFile(path)), began = performance.now();
  if (mesh.faces.length === 0) throw new FormatError(path, 'the mesh', 'at least one face', 'none', 'its end');
  const resolved: Partial<HierarchyOptions> = { levels, factor, upSampling, reorder };
  const hierarchy = buildHierarchy(mesh, resolved), seconds = (performance.now() - began) / 1000;
  const errors = hierarchyErrors(hierarchy), diagonal = boxDiagonal(mesh.vertices);
  const files = [...(meshes ? await writeLevels(meshes, hierarchy) : []), ...(output ? [await writeHierarchy(output, hierarchy, path, resolved)] : [])];
  return { record: { mesh: path, diagonal, options: resolved, levels: errors, seconds, files }, text: formatLevels(errors, diagonal, seconds, files) };
}

async function writeHierarchy(output: string, hierarchy: Hierarchy, source: string, options: Partial<HierarchyOptions>): Promise<string> {
  const [{ hierarchyToTensors }, { writeSafetensors }, { writeFileAtomic }] = await Promise.all([import('../io/hierarchy-tensors.ts'), import('../io/safetensors.ts'), import('../io/node.ts')]);
  const metadata = { format: 'retinamesh-hierarchy', version: '1', source: source.split(/[\\/]/).at(-1)!, options: JSON.stringify(options) };
  await makeFolderOf(output);
  await writeFileAtomic(output, writeSafetensors(hierarchyToTensors(hierarchy), metadata));
  return output;
}

const levelFile = (pattern: string, level: number): string => pattern.replace('#', String(level));

async function checkPattern(pattern: string): Promise<void> {
  if (pattern.split('#').length !== 2) throw new ArgumentError('--meshes', 'the pattern', 'one # for the number of the level', pattern);
  await assertWritableFile(levelFile(pattern, 0), ['.obj', '.ply', '.glb']);
}

async function writeLevels(pattern: string, { levels }: Hierarchy): Promise<string[]> {
  const { writeMeshFile } = await import('../io/node-mesh.ts'), files: string[] = [];
  for (const [i, level] of levels.entries()) {
    if (level.faces.length === 0) continue; // decimated to a few points
    await makeFolderOf(levelFile(pattern, i));
    await writeMeshFile(levelFile(pattern, i), level);
    files.push(levelFile(pattern, i));
  }
  return files;
}

function formatLevels(levels: readonly LevelError[], diagonal: number, seconds: number, files: readonly string[]): string {
  const share = (x: number): string => `${x.toPrecision(3)} (${((100 * x) / diagonal).toFixed(3)} %)`;
  const rows = levels.map(({ vertices, faces, mean, max }, i) => [String(i), String(vertices), String(faces), i ? share(mean) : '-', i ? share(max) : '-']);
  const table = [['level', 'vertices', 'faces', 'mean error', 'largest'], ...rows];
  const widths = table[0]!.map((_, k) => Math.max(...table.map((row) => row[k]!.length)));
  const lines = table.map((row) => row.map((cell, k) => cell.padStart(widths[k]!)).join('  '));
  const about = `built in ${seconds.toFixed(2)} s; errors of the finest vertices after going down to a level and back, in mesh units and % of the diagonal of ${diagonal.toPrecision(4)}`;
  return [...lines, about, ...files.map((file) => `wrote ${file}`)].join('\n');
}
