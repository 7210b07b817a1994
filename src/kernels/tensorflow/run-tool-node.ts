import { spawn } from 'node:child_process';

/** How a program is run. */
export interface ToolOptions {
  readonly cwd?: string;
  /** Added to this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the program. */
  readonly signal?: AbortSignal | undefined;
  /** Sees what it prints as it comes. */
  readonly onOutput?: (text: string) => void;
}

/** A program that is not there, or ended badly. */
export class ToolFailure extends Error {
  override readonly name = 'ToolFailure';

  /**
   * @param missing - Whether the program was not found.
   * @param output - The end of all that it printed.
   */
  constructor(readonly command: string, readonly missing: boolean, readonly output: string, how: string) {
    super(`${command} ${how}`);
  }

  /** The line of the output that says most: the last that names an error, or the last. */
  get line(): string {
    const lines = this.output.split('\n').map((text) => text.trim()).filter((text) => text !== '');
    return lines.findLast((text) => /error/i.test(text)) ?? lines.at(-1) ?? this.message;
  }
}

/**
 * Runs a program to its end.
 *
 * @returns What it printed on stdout.
 * @throws {@link ToolFailure} if it is not found or does not end with 0; the reason of `signal` if that was aborted.
 */
export function runTool(command: string, args: readonly string[], { cwd, env, signal, onOutput }: ToolOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    let out = '', all = '';
    const tool = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env }, ...(cwd && { cwd }), ...(signal && { signal }) });
    const take = (text: string): void => {
      all = (all + text).slice(-20_000);
      onOutput?.(text);
    };
    tool.stdout.setEncoding('utf8').on('data', (text: string) => { out += text; take(text); });
    tool.stderr.setEncoding('utf8').on('data', take);
    tool.on('error', (error: NodeJS.ErrnoException) => reject(signal?.aborted ? signal.reason : new ToolFailure(command, error.code === 'ENOENT', all, error.message)));
    tool.on('close', (code, killed) => {
      if (code === 0) resolve(out);
      else reject(signal?.aborted ? signal.reason : new ToolFailure(command, false, all, killed ? `was ended by ${killed}` : `ended with ${code}`));
    });
  });
}
