import { UnsupportedError } from '../../core/errors.ts';
import type { TensorflowHome } from './home-node.ts';
import { runTool, ToolFailure } from './run-tool-node.ts';

/**
 * Loads the addon in a process of its own: a processor without the instructions that TensorFlow is compiled for ends it there.
 *
 * @throws {@link UnsupportedError} if it does not load.
 */
export async function assertAddonLoads(where: string, { addon, folder }: TensorflowHome): Promise<void> {
  try {
    await runTool(process.execPath, ['-e', 'require(process.argv[1])', addon], { env: { TF_CPP_MIN_LOG_LEVEL: '3' } });
  } catch (error) {
    if (!(error instanceof ToolFailure)) throw error;
    throw new UnsupportedError(where, `the addon in ${folder}, which does not load here,`, `remove that folder and run it again, or choose the wasm backend (${error.message}: ${error.line})`);
  }
}
