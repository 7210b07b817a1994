import { existsSync, readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { isTyped, openSession } from './context.ts';
import { printable } from './printable.ts';
import { PROCESS_TERMINAL, type Terminal } from './terminal.ts';

type AddCommand = (program: Command) => void;

/** One file per command; only the one that is called is loaded, all of them for `--help`. */
const COMMANDS: Record<string, () => Promise<AddCommand>> = {
  reconstruct: async () => (await import('./reconstruct.ts')).addReconstructCommand,
  detect: async () => (await import('./detect.ts')).addDetectCommand,
  import: async () => (await import('./import.ts')).addImportCommand,
  decode: async () => (await import('./decode.ts')).addDecodeCommand,
  view: async () => (await import('./view.ts')).addViewCommand,
  render: async () => (await import('./render.ts')).addRenderCommand,
  evaluate: async () => (await import('./evaluate.ts')).addEvaluateCommand,
  hierarchy: async () => (await import('./hierarchy.ts')).addHierarchyCommand,
  head: async () => (await import('./head.ts')).addHeadCommand,
  decoder: async () => (await import('./decoder.ts')).addDecoderCommand,
  dense: async () => (await import('./dense.ts')).addDenseCommand,
  model: async () => (await import('./model.ts')).addModelCommand,
  setup: async () => (await import('./setup.ts')).addSetupCommand,
  doctor: async () => (await import('./doctor.ts')).addDoctorCommand,
  vectors: async () => (await import('./vectors.ts')).addVectorsCommand,
  gradcheck: async () => (await import('./gradcheck.ts')).addGradcheckCommand,
};

/**
 * Runs one command line.
 *
 * @param args - Without node and script, e.g. `['reconstruct', 'photo.jpg', '--box', '10,10,90,90']`.
 * @returns Exit code: 0 done, 1 failed, 2 misuse.
 */
export async function runCommandLine(args: readonly string[], terminal: Terminal = PROCESS_TERMINAL): Promise<number> {
  const program = createProgram(terminal), session = openSession(program, terminal);
  try {
    const named = COMMANDS[args[0] ?? ''];
    const commands = await Promise.all((named ? [named] : Object.values(COMMANDS)).map((load) => load()));
    for (const add of commands) add(program);
    await program.parseAsync(args, { from: 'user' });
    return session.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has written its line
    terminal.err(`${describeFailure(error)}\n`);
    if (process.env.RETINAMESH_DEBUG) terminal.err(`${error instanceof Error ? error.stack : String(error)}\n`);
    return 1;
  }
}

function createProgram(terminal: Terminal): Command {
  return new Command('retinamesh')
    .description('From a photograph to a coloured face mesh and back: mesh decoder, differentiable renderer, photometric fit.')
    .version(readVersion())
    .exitOverride()
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false })
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err, outputError: (text, write) => write(text.replace(/^error: /, 'retinamesh: ').replace(/\n(?=.)/g, ' ')) })
    .showSuggestionAfterError()
    .addHelpText('after', '\nExit: 0 done, 1 failed, 2 misuse. RETINAMESH_DEBUG=1 shows the stack of a failure.');
}

/** One line: what, where, and what to do. */
export function describeFailure(error: unknown): string {
  const message = printable((error instanceof Error ? error.message : String(error)).split(/\s*\n\s*/).join(' '));
  return isTyped(error) ? `retinamesh: ${message.replace(/^retinamesh: /, '')}` : `retinamesh: internal error: ${message}; RETINAMESH_DEBUG=1 shows where, please report it`;
}

function readVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version : 'unknown';
}
