import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { ArgumentError, FormatError } from '../core/errors.ts';

/**
 * Adds `--config`: a JSON object of the command's options by their long names (`"look-at"` or `"lookAt"`), lists as arrays. Flags win, wherever
 * they stand. A command that reads a `--config` of its own keeps it.
 *
 * Reading it throws `ArgumentError` if the file is missing, a name is no option of the command or a value not one that its flag takes;
 * `FormatError` if it is no JSON object.
 */
export function addConfigOption(command: Command): Command {
  if (command.options.some(({ long }) => long === '--config')) return command;
  return command.option('--config <file>', 'JSON object of these options by name; flags win').on('option:config', (file: string) => {
    for (const [name, value] of Object.entries(readObject(file))) applyOption(command, file, name, value);
  });
}

function applyOption(command: Command, file: string, name: string, value: unknown): void {
  const option = command.options.find((one) => one.attributeName() === name || one.long === `--${name}` || one.long === `--no-${name}`);
  if (!option || option.long === '--config') {
    const known = command.options.map((one) => one.long!.replace(/^--/, '')).filter((long) => long !== 'config');
    throw new ArgumentError(file, 'options', `only the names ${known.join(', ')}`, name);
  }
  const key = option.attributeName();
  if (command.getOptionValueSource(key) === 'cli') return;
  const parse = option.parseArg as ((text: string, before: unknown) => unknown) | undefined;
  // "no-reorder": true is "reorder": false; "tta": true is the flag without its list.
  const set = option.negate ? readSwitch(file, name, value) !== (option.long === `--${name}`) : option.isBoolean() ? readSwitch(file, name, value) : option.optional && typeof value === 'boolean' ? value || undefined : readValue(file, name, value, parse);
  command.setOptionValueWithSource(key, set, 'config');
}

function readSwitch(file: string, name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw new ArgumentError(file, name, 'true or false', JSON.stringify(value));
  return value;
}

function readValue(file: string, name: string, value: unknown, parse?: (text: string, before: unknown) => unknown): unknown {
  const plain = (x: unknown): boolean => typeof x === 'string' || typeof x === 'number';
  if (!plain(value) && !(Array.isArray(value) && value.every(plain))) throw new ArgumentError(file, name, 'text, a number or a list of them', JSON.stringify(value));
  const text = Array.isArray(value) ? value.join(',') : String(value);
  try {
    return parse ? parse(text, undefined) : text;
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw new ArgumentError(file, name, `a value that --${name} takes`, `${text}: ${error.message}`);
    throw error;
  }
}

function readObject(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ArgumentError('--config', file, 'a readable file', (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : (error as Error).message);
  }
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    throw new FormatError(file, 'the text', 'a JSON object of options', text.trim().slice(0, 30), 'its start');
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw new FormatError(file, 'the text', 'JSON', (error as Error).message, /position (\d+)/.exec((error as Error).message)?.[0] ?? 'its end');
  }
}
