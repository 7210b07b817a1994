import { ArgumentError, FormatError } from '../core/errors.ts';
import { quoteText } from '../io/file-faults.ts';
import type { TarEntry } from '../io/tar.ts';
import type { WiderImage } from './wider-ground-truth.ts';

/** The detections of one picture. */
export interface WiderPrediction {
  /** `[N * 5]`: left, top, width, height in pixels, and score, row by row in the order of the file. */
  readonly rows: Float64Array;
  /** Lines of the file, from 1, whose row was left out: not five finite numbers. */
  readonly badRows: readonly number[];
}

/**
 * Reads one prediction file of WIDER FACE: the picture's name, the count of rows, and a row `x y w h score` a face. Numbers after the
 * fifth of a row are not looked at, as by the official reader.
 *
 * @throws {@link FormatError} with the line, if the count is none or another number of rows follows.
 */
export function parseWiderPrediction(text: string, where = 'parseWiderPrediction'): WiderPrediction {
  const lines = text.split('\n').map((line) => line.trim());
  const count = /^\d+$/.test(lines[1] ?? '') ? Number(lines[1]) : NaN;
  if (Number.isNaN(count)) throw new FormatError(where, 'the second line', 'the count of rows, below the name of the picture', JSON.stringify((lines[1] ?? '').slice(0, 30)), 'line 2');
  const rows = lines.map((content, i) => ({ content, line: i + 1 })).slice(2).filter(({ content }) => content !== '');
  if (rows.length !== count) throw new FormatError(where, 'the rows', `the number ${count} of line 2`, `${rows.length}`, `line ${rows.at(-1)?.line ?? 2}`);
  const parsed = rows.map(({ content, line }) => ({ line, numbers: content.split(/\s+/).slice(0, 5).map(Number) }));
  const isGood = ({ numbers }: { numbers: readonly number[] }): boolean => numbers.length === 5 && numbers.every(Number.isFinite);
  return { rows: Float64Array.from(parsed.filter(isGood).flatMap(({ numbers }) => numbers)), badRows: parsed.filter((row) => !isGood(row)).map(({ line }) => line) };
}

/** The predictions for a ground truth, and what was amiss with them. */
export interface WiderPredictions {
  /** `[N * 5]` for each picture, in the ground truth's order; empty where there is no file. */
  readonly detections: readonly Float64Array[];
  /** Pictures without a file, `event/name`: all their faces are missed. */
  readonly missing: readonly string[];
  /** Files that no picture has a use for. */
  readonly extra: readonly string[];
  /** Rows left out, `path:line`. */
  readonly badRows: readonly string[];
  /** What `protocol.json` says of how the predictions were made; `null` without such a file. */
  readonly protocol: Readonly<Record<string, unknown>> | null;
}

/** The file in a folder of predictions that says how they were made. */
export const PROTOCOL_FILE = 'protocol.json';

/**
 * Gives every picture its prediction file, by folder and name (`0--Parade/0_Parade_marchingband_1_465.txt`, with any folders before) or,
 * where a file lies in no folder, by name alone.
 *
 * @throws {@link ArgumentError} if no picture has a file; {@link FormatError} if two files are of one picture, or a file that is needed is malformed.
 */
export function assignWiderPredictions(images: readonly WiderImage[], entries: readonly TarEntry[], where = 'assignWiderPredictions'): WiderPredictions {
  const byKey = new Map<string, TarEntry>(), extra: string[] = [];
  let protocol: TarEntry | undefined;
  for (const entry of entries) {
    const parts = entry.path.split('/'), key = parts.slice(-2).join('/');
    if (parts.at(-1) === PROTOCOL_FILE) protocol ??= entry;
    else if (!key.endsWith('.txt')) extra.push(entry.path);
    else if (byKey.has(key)) throw new FormatError(where, quoteText(key), 'one file', `two, the first ${quoteText(byKey.get(key)!.path)}`, quoteText(entry.path));
    else byKey.set(key, entry);
  }
  const missing: string[] = [], badRows: string[] = [], used = new Set<TarEntry>();
  const detections = images.map(({ event, name }) => {
    const entry = byKey.get(`${event}/${name}.txt`) ?? byKey.get(`${name}.txt`);
    if (!entry) missing.push(`${event}/${name}`);
    if (!entry) return new Float64Array(0);
    used.add(entry);
    const prediction = parseWiderPrediction(new TextDecoder().decode(entry.data), quoteText(entry.path));
    badRows.push(...prediction.badRows.map((line) => `${entry.path}:${line}`));
    return prediction.rows;
  });
  if (used.size === 0) throw new ArgumentError(where, 'the predictions', `a file for one of the ${images.length} pictures, such as ${quoteText(`${images[0]?.event}/${images[0]?.name}.txt`)}`, quoteText([...byKey.values()][0]?.path ?? 'none'));
  extra.push(...[...byKey.values()].filter((entry) => !used.has(entry)).map(({ path }) => path));
  return { detections, missing, extra, badRows, protocol: protocol ? parseProtocol(protocol) : null };
}

function parseProtocol({ path, data }: TarEntry): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(data));
  } catch (error) {
    throw new FormatError(quoteText(path), 'the protocol', 'JSON', (error as Error).message.split('\n')[0]!, 'byte 0');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new FormatError(quoteText(path), 'the protocol', 'a JSON object', JSON.stringify(value).slice(0, 30), 'byte 0');
  return value as Record<string, unknown>;
}

/** One line for people: the test resolution first, then what else `protocol.json` says; an object is shown by its `name`, what is `null` left out. */
export function describeProtocol(protocol: Readonly<Record<string, unknown>> | null): string {
  const { resolution = 'unknown', ...rest } = protocol ?? {}, said = Object.entries(rest).filter(([, value]) => value !== null);
  return [`test resolution ${show(resolution)}`, ...said.map(([name, value]) => `${name} ${show(value)}`)].join(', ');
}

function show(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const name = (value as { readonly name?: unknown } | null)?.name ?? value;
  return typeof name === 'string' ? name.replace(/\p{Cc}+/gu, ' ') : JSON.stringify(name) ?? 'none';
}
