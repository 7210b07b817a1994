import type { PixelImage } from '../io/image.ts';
import { escapeXml } from './escape-xml.ts';

/** Pictures in rows and columns with their names. */
export interface LabelledGrid {
  readonly title: string;
  /** Above the columns; empty: no line. */
  readonly columns: readonly string[];
  /** To the left of each row; a line break begins another line. Empty: no margin. */
  readonly rows: readonly string[];
  /** Row by row, squares of one size with three channels. */
  readonly cells: readonly (readonly PixelImage[])[];
}

const TOP = 30, HEAD = 24, LINE = 15, LEFT = 126;

/** A picture of a grid with its labels, black on white; its letters need a font on the machine. */
export async function labelledGrid({ title, columns, rows, cells }: LabelledGrid): Promise<PixelImage> {
  const { decodeImage } = await import('../io/node-image.ts'), size = cells[0]![0]!.width, left = rows.length > 0 ? LEFT : 0, top = TOP + (columns.length > 0 ? HEAD : 0);
  const width = left + size * Math.max(...cells.map((row) => row.length)), height = top + size * cells.length;
  const text = (x: number, y: number, value: string, more = ''): string => `<text x="${x}" y="${y}" ${more}>${escapeXml(value)}</text>`;
  const labels = [
    text(8, 20, title, 'font-size="15"'), ...columns.map((name, i) => text(left + size * (i + 0.5), top - 8, name, 'text-anchor="middle"')),
    ...rows.flatMap((name, j) => name.split('\n').map((line, i, { length }) => text(8, top + size * (j + 0.5) + LINE * (i + 0.75 - length / 2), line))),
  ];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="DejaVu Sans, Helvetica, Arial, sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>${labels.join('')}</svg>`;
  const { data, ...sheet } = await decodeImage(new TextEncoder().encode(svg), title), out = data.slice();
  cells.forEach((row, j) => row.forEach((cell, i) => {
    for (let y = 0; y < size; y++) out.set(cell.data.subarray(3 * y * size, 3 * (y + 1) * size), 3 * ((top + j * size + y) * width + left + i * size));
  }));
  return { ...sheet, data: out };
}
