import { type Command, InvalidArgumentError, Option } from 'commander';
import { ArgumentError, FormatError, UnsupportedError } from '../core/errors.ts';
import type { ProgressListener } from '../core/progress.ts';
import { type Backend, BACKEND_CHOICES, type BackendChoice, useBackend } from './backends.ts';
import { addConfigOption } from './config-file.ts';
import { printable } from './printable.ts';
import { createProgressDisplay, type Terminal } from './terminal.ts';

/** Options that every command has. */
export interface CommonOptions {
  readonly backend: BackendChoice;
  readonly json: boolean;
}

/** What a command hands back: with `--json` the record goes to stdout as JSON, otherwise the text. */
export interface CommandResult {
  readonly record: unknown;
  readonly text: string;
  /** The command ran but its answer is no: printed as usual, exit 1. */
  readonly failed?: boolean;
}

/** What a command is given beside its own arguments and options. */
export interface CommandContext {
  /** Shows progress on stderr: pass it to whatever takes a `ProgressListener`. */
  readonly progress: ProgressListener;
  /** Aborted by the first Ctrl-C; the second ends the process. */
  readonly signal: AbortSignal;
  /** One line for a person, on stderr. */
  note(text: string): void;
  /** Loads TensorFlow.js and makes the backend of `--backend` current; `preferred` is taken for `auto` where it is given. */
  useBackend(preferred?: BackendChoice): Promise<Backend>;
  /** Prints a result now, as the one that is returned will be in the end. */
  print(result: CommandResult): void;
  /** Ends the command with exit 2: what was asked for makes no sense. The line says what to do. */
  misuse(line: string): never;
}

/** One run of the program: where it writes, and the exit code so far. */
export interface Session {
  readonly terminal: Terminal;
  exitCode: number;
}

const sessions = new WeakMap<Command, Session>();

/** Ties a program to the run that it serves. */
export function openSession(program: Command, terminal: Terminal): Session {
  const session = { terminal, exitCode: 0 };
  sessions.set(program, session);
  return session;
}

function sessionOf(command: Command): Session {
  for (let at: Command | null = command; at; at = at.parent) {
    const session = sessions.get(at);
    if (session) return session;
  }
  throw new Error('sessionOf: the program has no session');
}

/** Adds `--backend`, `--json` and `--config`. */
export function addCommonOptions(command: Command): Command {
  return addConfigOption(command)
    .addOption(new Option('--backend <name>', 'engine that computes').choices(BACKEND_CHOICES).default('auto'))
    .option('--json', 'print the result as JSON', false);
}

/**
 * Turns the work of a command into a commander action: gives it a context, prints what it returns.
 *
 * @param run - `(context, options, ...positional arguments)`. It throws to fail; typed errors become one line. It returns `null` where all has been printed.
 */
export function withCommand<O extends CommonOptions, A extends readonly unknown[]>(
  run: (context: CommandContext, options: O, ...args: A) => Promise<CommandResult | null>,
): (...params: unknown[]) => Promise<void> {
  return async (...params) => {
    const command = params.at(-1) as Command, options = command.opts() as O;
    const session = sessionOf(command), { terminal } = session;
    const display = createProgressDisplay(terminal), interrupt = createInterrupt();
    const context: CommandContext = {
      progress: display.show,
      get signal() { return interrupt.signal; },
      note(text) {
        display.clear();
        terminal.err(`${printable(text)}\n`);
      },
      print(result) {
        display.clear();
        terminal.out(`${options.json ? JSON.stringify(result.record, null, 2) : result.text}\n`);
        if (result.failed) session.exitCode = 1;
      },
      useBackend: (preferred = 'auto') => useBackend(options.backend === 'auto' ? preferred : options.backend),
      misuse: (line) => command.error(`error: ${line}`),
    };
    try {
      const result = await run(context, options, ...(params.slice(0, -2) as unknown as A));
      if (result) context.print(result);
    } finally {
      display.clear();
      interrupt.close();
    }
  };
}

// Ctrl-C is caught only for commands that ask for the signal: the others end as any process does.
function createInterrupt(): { readonly signal: AbortSignal; close(): void } {
  let controller: AbortController | undefined;
  const stop = (): void => controller!.abort(new UnsupportedError('retinamesh', 'going on after Ctrl-C', 'nothing was written; start it again'));
  return {
    get signal() {
      if (!controller) {
        controller = new AbortController();
        process.once('SIGINT', stop);
      }
      return controller.signal;
    },
    close() {
      if (controller) process.off('SIGINT', stop);
    },
  };
}

/** Runs `body`; a typed error that it throws leaves with `; advice` added, so that the line says what to do. */
export async function advise<T>(advice: string, body: () => Promise<T> | T): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (isTyped(error)) error.message += `; ${advice}`;
    throw error;
  }
}

/** An error that a caller can act on, as opposed to a bug. */
export const isTyped = (error: unknown): error is Error =>
  error instanceof ArgumentError || error instanceof FormatError || error instanceof UnsupportedError;

/** A parser for commander: a finite number, within bounds where given. */
export function parseNumber({ min = -Infinity, max = Infinity, whole = false } = {}): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value < min || value > max || (whole && !Number.isInteger(value))) {
      const range = Number.isFinite(max) ? ` between ${min} and ${max}` : Number.isFinite(min) ? ` of at least ${min}` : '';
      throw new InvalidArgumentError(`Give a ${whole ? 'whole ' : ''}number${range}.`);
    }
    return value;
  };
}

/** A parser for commander: exactly `count` finite numbers with commas between, e.g. `x1,y1,x2,y2`. */
export function parseNumbers(count: number): (text: string) => number[] {
  return (text) => {
    const values = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
    if (values.length !== count || !values.every(Number.isFinite)) throw new InvalidArgumentError(`Give ${count} numbers with commas between.`);
    return values;
  };
}

/** A parser for commander: one finite number of at least 1, or a list of them with commas between. */
export function parseFactors(text: string): number | number[] {
  const values = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (!values.every((x) => Number.isFinite(x) && x >= 1)) throw new InvalidArgumentError('Give a number of at least 1, or several with commas between.');
  return values.length === 1 ? values[0]! : values;
}
