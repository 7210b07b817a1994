import { SEVEN_POINTS } from '../data/face-area.ts';
import { ArgumentError, FormatError } from '../core/errors.ts';
import { advise } from './context.ts';

const ADVICE = `give seven places as x,y,z;x,y,z;... or as a JSON file [[x, y, z], ...]: ${SEVEN_POINTS.join(', ')}, right being the person's`;

/**
 * The seven places of `--points`: text with semicolons, or the path of a JSON file.
 *
 * @returns `[7, 3]` in the scan's own unit.
 * @throws {@link ArgumentError} if there are not seven of three finite numbers; `FormatError` if the file is no JSON.
 */
export async function readShapePoints(given: string): Promise<number[]> {
  return advise(ADVICE, async () => {
    const rows = given.includes(';') ? given.split(';').map((row) => row.split(',').map((x) => (x.trim() === '' ? NaN : Number(x)))) : await readRows(given);
    if (!Array.isArray(rows) || rows.length !== 7) throw new ArgumentError('evaluate shape', '--points', 'seven places', Array.isArray(rows) ? String(rows.length) : typeof rows);
    rows.forEach((row: unknown, i) => {
      if (!(Array.isArray(row) && row.length === 3 && row.every(Number.isFinite))) throw new ArgumentError('evaluate shape', `place ${i + 1} of --points (${SEVEN_POINTS[i]})`, 'three finite numbers', JSON.stringify(row));
    });
    return (rows as number[][]).flat();
  });
}

async function readRows(path: string): Promise<unknown> {
  const { readFileBytes } = await import('../io/node.ts'), text = new TextDecoder().decode(await readFileBytes(path, { maxBytes: 1 << 20 }));
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new FormatError(path, 'the text', 'JSON', (error as Error).message.replace(/\s+/g, ' '), 'the start');
  }
}
