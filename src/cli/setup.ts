import { type Command, Option } from 'commander';
import { UnsupportedError } from '../core/errors.ts';
import type { OperationCheck } from '../kernels/tensorflow/check-operations.ts';
import { defaultTensorflowHome, missingParts, TENSORFLOW_VERSIONS, tensorflowHome } from '../kernels/tensorflow/home-node.ts';
import { installTensorflow } from '../kernels/tensorflow/install-node.ts';
import { assertAddonLoads } from '../kernels/tensorflow/probe-addon-node.ts';
import { addConfigOption } from './config-file.ts';
import { type CommandContext, type CommandResult, type CommonOptions, withCommand } from './context.ts';
import { assertWritableFolder } from './output-files.ts';

interface SetupOptions extends CommonOptions {
  readonly gpu: boolean;
  readonly home: string;
  readonly check: boolean;
}

const WHERE = 'setup tensorflow';

/** Adds `retinamesh setup tensorflow`: native TensorFlow for `--backend tensorflow`. */
export function addSetupCommand(program: Command): void {
  const noun = program.command('setup').description('install what is optional');
  addConfigOption(noun.command('tensorflow')
    .description(`bring @tensorflow/tfjs-node ${TENSORFLOW_VERSIONS.tfjs} to life on TensorFlow ${TENSORFLOW_VERSIONS.tensorflow}, for --backend tensorflow (Linux x64; needs python3 with pip, npm, g++, a network the first time)`))
    .option('--gpu', 'with CUDA: several GB more', false)
    .addOption(new Option('--home <dir>', 'where to keep it; RETINAMESH_TENSORFLOW_HOME says the same to all commands').default(defaultTensorflowHome()))
    .option('--check', 'only look whether it is there and works', false)
    .option('--json', 'print the result as JSON', false)
    .action(withCommand(setupTensorflow));
}

async function setupTensorflow(context: CommandContext, { gpu, home, check }: SetupOptions): Promise<CommandResult> {
  const began = performance.now(), place = tensorflowHome(home, gpu ? 'gpu' : 'cpu'), missing = missingParts(place);
  if (!check && missing.length > 0) await assertWritableFolder(home, '--home');
  const made = check ? [] : await installTensorflow(place, { where: WHERE, note: context.note, progress: context.progress, signal: context.signal });
  if (check && missing.length > 0) {
    const record = { folder: place.folder, works: false, missing };
    return { record, text: `TensorFlow is not set up: there is no ${missing[0]}; npx retinamesh setup tensorflow${gpu ? ' --gpu' : ''}${home === defaultTensorflowHome() ? '' : ` --home ${home}`} makes it`, failed: true };
  }
  await assertAddonLoads(WHERE, place);
  const { device, checks, used } = await examine(home), seconds = (performance.now() - began) / 1000;
  const record = { folder: place.folder, works: true, made, tensorflow: TENSORFLOW_VERSIONS.tensorflow, tfjs: TENSORFLOW_VERSIONS.tfjs, used, device, checks, seconds };
  const instead = used === place.folder ? '' : `\nbut ${used} is used, which comes first; it was checked`, elsewhere = home === defaultTensorflowHome() ? '' : `\nset RETINAMESH_TENSORFLOW_HOME=${home} for the other commands`;
  return { record, text: `TensorFlow ${record.tensorflow} works on the ${device}: ${checks.length} operations checked, ${made.length > 0 ? `made ${made.join(', ')}` : 'all was there'} in ${place.folder}, ${seconds.toFixed(1)} s${instead}${elsewhere}` };
}

/** Starts it in this process and compares some operations with what they must give. */
async function examine(home: string): Promise<{ device: 'CPU' | 'GPU'; checks: OperationCheck[]; used: string }> {
  const [tf, { useTensorflowBackend }, { checkOperations, OPERATION_BOUND }] = await Promise.all([import('@tensorflow/tfjs'), import('../kernels/tensorflow/index.ts'), import('../kernels/tensorflow/check-operations.ts')]);
  tf.enableProdMode();
  const source = await useTensorflowBackend({ home }), used = typeof source === 'string' ? source : source.folder;
  const checks = checkOperations(), wrong = checks.find(({ maxError }) => !(maxError <= OPERATION_BOUND));
  if (wrong) throw new UnsupportedError(WHERE, `a TensorFlow whose ${wrong.name} is off by ${wrong.maxError}`, 'choose the wasm backend, and please report it');
  const { isUsingGpuDevice } = tf.backend() as unknown as { isUsingGpuDevice: boolean };
  return { device: isUsingGpuDevice ? 'GPU' : 'CPU', checks, used };
}
