import { UnsupportedError } from '../../core/errors.ts';
import type { InstallContext } from './install-context.ts';
import { runTool, ToolFailure, type ToolOptions } from './run-tool-node.ts';

/** How the tools are had, by name. */
const GET = {
  python3: 'apt-get install python3 python3-pip', pip: 'apt-get install python3-pip', 'g++': 'apt-get install g++', npm: 'it comes with Node',
} as const;

/** Programs that the installation runs. */
export type InstallTool = Exclude<keyof typeof GET, 'pip'>;

const NO_NETWORK = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|name resolution|NewConnectionError|ConnectTimeoutError|ProxyError|Network is unreachable|Max retries exceeded|Could not fetch URL/i;

/**
 * Runs a program of the installation; whatever goes wrong becomes one line that says what and what to do.
 *
 * @param doing - What it is run for, as in 'downloading TensorFlow'.
 * @throws {@link UnsupportedError}
 */
export async function runInstallTool(command: InstallTool, args: readonly string[], doing: string, { where, signal }: InstallContext, options: ToolOptions = {}): Promise<string> {
  try {
    return await runTool(command, args, { ...options, signal });
  } catch (error) {
    if (!(error instanceof ToolFailure)) throw error;
    if (error.missing) throw new UnsupportedError(where, `a machine without ${command}`, `${doing} needs it (${GET[command]})`);
    if (/No module named '?pip/.test(error.output)) throw new UnsupportedError(where, 'a python3 without pip', `${doing} needs it (${GET.pip})`);
    if (/No space left|ENOSPC/.test(error.output)) throw new UnsupportedError(where, `${doing} on a full disk`, 'make room, or give another --home');
    if (NO_NETWORK.test(error.output)) throw new UnsupportedError(where, `${doing} without a network`, `connect this machine, or copy the folder from one that has it; ${command} says: ${error.line}`);
    throw new UnsupportedError(where, `${doing} here`, `${error.message}: ${error.line}`);
  }
}
