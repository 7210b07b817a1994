import type { PixelImage } from '../io/image.ts';
import { escapeXml } from './escape-xml.ts';

/** A picture with lines of text above it. */
export interface Captioned {
  readonly picture: PixelImage;
  readonly lines: readonly string[];
}

/** Pixels of a line of text, and between two pictures. */
const LINE = 18, GAP = 10;

/**
 * Pictures one below the other, in columns, each under its lines of text; on white. Letters need a font on the machine.
 *
 * @param entries - Pictures of one size, of 3 channels.
 */
export async function captionedSheet(entries: readonly Captioned[], columns: number): Promise<PixelImage> {
  const { decodeImage } = await import('../io/node-image.ts'), { width, height } = entries[0]!.picture;
  const head = GAP + LINE * Math.max(...entries.map(({ lines }) => lines.length)), rows = Math.ceil(entries.length / columns);
  const place = (i: number): [x: number, y: number] => [GAP + (i % columns) * (width + GAP), Math.floor(i / columns) * (head + height + GAP) + head];
  const text = entries.flatMap(({ lines }, i) => lines.map((line, k) => `<text x="${place(i)[0]}" y="${place(i)[1] - head + LINE * (k + 1)}" ${k === 0 ? 'font-weight="bold"' : ''}>${escapeXml(line)}</text>`));
  const size = [GAP + columns * (width + GAP), rows * (head + height + GAP)] as const;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size[0]}" height="${size[1]}" font-family="DejaVu Sans, Helvetica, Arial, sans-serif" font-size="14"><rect width="100%" height="100%" fill="#fff"/>${text.join('')}</svg>`;
  const sheet = await decodeImage(new TextEncoder().encode(svg), 'captions');
  for (const [i, { picture }] of entries.entries()) {
    const [x, y] = place(i);
    for (let row = 0; row < height; row++) {
      for (let at = 0; at < width; at++) sheet.data.set(picture.data.subarray(picture.channels * (row * width + at), picture.channels * (row * width + at) + 3), sheet.channels * ((y + row) * sheet.width + x + at));
    }
  }
  return sheet;
}
