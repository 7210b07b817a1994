import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import { ArgumentError } from '../core/errors.ts';
import { DETECTOR_PRESET_NAMES, type DetectorPreset } from '../detector/config.ts';
import type { ImportedWeights } from '../detector/import-weights.ts';
import { quoteText } from '../io/file-faults.ts';
import type { WeightsContent } from '../io/read-weights.ts';
import { addCommonOptions, advise, type CommandContext, type CommandResult, type CommonOptions, withCommand } from './context.ts';
import { assertWritableFile, makeFolderOf } from './output-files.ts';

interface ImportOptions extends CommonOptions {
  readonly output?: string;
  readonly preset: DetectorPreset | 'auto';
  readonly default: boolean;
}

/** Adds `retinamesh import`: PyTorch's weights to safetensors, and to this user's default detector. */
export function addImportCommand(program: Command): void {
  addCommonOptions(program.command('import').description('read a detector\'s weights out of a PyTorch file, running nothing of it, and make it the default of `detect` and `reconstruct`')
    .argument('<weights>', '.pth or .pt as torch.save writes it, or .safetensors with PyTorch\'s names')
    .option('-o, --output <file>', 'safetensors to write; without it the weights are only installed')
    .addOption(new Option('--preset <name>', 'network that they are of; auto goes by names and shapes').choices(['auto', ...DETECTOR_PRESET_NAMES]).default('auto'))
    .option('--no-default', 'do not make it the default detector'))
    .action(withCommand(importCommand));
}

async function importCommand(context: CommandContext, options: ImportOptions, file: string): Promise<CommandResult> {
  const { output, preset } = options, began = performance.now();
  if (!output && !options.default) context.misuse('with --no-default there is nothing to do without -o file.safetensors');
  if (output) await assertWritableFile(output, ['.safetensors']);
  const step = (done: number, note: string): void => context.progress({ label: 'import', done, total: 3, seconds: (performance.now() - began) / 1000, note });
  const [{ readFileBytes, writeFileAtomic }, { readWeights }, { importWeights }, { writeSafetensors }, { installDefaultDetector, sha256Of }] = await Promise.all([
    import('../io/node.ts'), import('../io/read-weights.ts'), import('../detector/import-weights.ts'), import('../io/safetensors.ts'), import('./default-detector.ts')]);
  step(0, 'reading');
  const bytes = await advise('give weights as .pth, .pt or .safetensors', () => readFileBytes(file)), source = { file: basename(file), sha256: sha256Of(bytes) };
  const read = await readWeights(bytes, file), weights = importWeights(read.tensors, preset, file), { part } = weights;
  const record = { version: 1, source: { ...source, format: read.format, path: read.path }, ...withoutTensors(weights), skipped: read.skipped };
  if (part === null) return { record: { ...record, output: null, sha256: null, installed: null }, text: describe(weights, read, ['nothing was written: parameters are missing']), failed: true };
  if (part === 'backbone' && !output) throw new ArgumentError('import', file, 'a whole detector to install; -o file.safetensors keeps a backbone', `the backbone of ${weights.preset} alone`);
  step(1, 'writing');
  const made = writeSafetensors(weights.tensors, { format: 'retinamesh-detector', version: '1', preset: weights.preset, part, source: source.file, sourceSha256: source.sha256 });
  if (output) {
    await makeFolderOf(output);
    await writeFileAtomic(output, made);
  }
  step(2, 'installing');
  const installed = part === 'detector' && options.default ? await installDefaultDetector(made, source.file) : null, sha256 = sha256Of(made);
  step(3, 'done');
  const done = [...(output ? [`wrote ${output}, SHA-256 ${sha256}`] : []), installed ? `default detector of this user: ${installed}` : part === 'backbone' ? 'not installed: a backbone alone finds no faces; it is where training begins' : 'not installed: --no-default'];
  return { record: { ...record, output: output ?? null, sha256, installed }, text: describe(weights, read, done) };
}

const withoutTensors = ({ tensors, ...rest }: ImportedWeights): Omit<ImportedWeights, 'tensors'> & { tensors: number } => ({ ...rest, tensors: Object.keys(tensors).length });

function describe({ preset, part, tensors, parameters, prefix, unused, missing }: ImportedWeights, { path, skipped }: WeightsContent, done: readonly string[]): string {
  const what = part === 'detector' ? 'a whole detector' : part === 'backbone' ? 'the backbone alone' : 'not all of it', count = Object.keys(tensors).length;
  // Names of the file: no control characters of theirs reach the terminal.
  const lists: [string, readonly string[]][] = [['missing', missing], ['unused', unused.map(quoteText)], ['no tensors', skipped.map(({ name, what: about }) => `${quoteText(name)} (${about})`)]];
  return [`${preset}, ${what}: ${count} tensors, ${parameters} of them parameters and running statistics${path.length > 0 ? `, under ${path.join('.')}` : ''}${prefix && `, the prefix ${prefix} taken off`}`,
    ...lists.filter(([, names]) => names.length > 0).map(([title, names]) => `${title}: ${listed(names)}`), ...done].join('\n');
}

const MAX_LISTED = 20;

const listed = (names: readonly string[]): string => `${names.slice(0, MAX_LISTED).join(', ')}${names.length > MAX_LISTED ? ` and ${names.length - MAX_LISTED} more (--json lists all)` : ''}`;
