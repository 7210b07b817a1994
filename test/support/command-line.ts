import type { Terminal } from '../../src/cli/terminal.ts';
import { runCommandLine } from '../../src/cli/program.ts';

/** What one command line wrote and returned. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process. */
export async function runHere(...args: string[]): Promise<Outcome> {
  let out = '', err = '';
  const terminal: Terminal = { out: (text) => { out += text; }, err: (text) => { err += text; }, columns: null };
  const code = await runCommandLine(args, terminal);
  return { code, out, err };
}
