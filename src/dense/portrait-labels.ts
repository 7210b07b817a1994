import { FormatError } from '../core/errors.ts';
import type { Box, Point } from './crop-frame.ts';

/** One face of a label file. */
export interface FaceLabel {
  /** As the file names it. */
  readonly file: string;
  readonly box: Box;
  /** Image-left eye, image-right eye, nose tip, image-left and image-right mouth corner. */
  readonly landmarks5: readonly Point[];
  /** Of each of the five: 0 visible, 1 occluded, -1 not given, in which case its point means nothing. */
  readonly flags: readonly number[];
  readonly score: number;
}

/**
 * Reads a label file in RetinaFace's format: `# file`, then a line a face: `x y w h`, five times `x y flag`, score.
 *
 * @throws {@link FormatError} with the line, if a face comes before a file, a line has another count of numbers or a box has no area.
 */
export function parseFaceLabels(text: string, where = 'parseFaceLabels'): FaceLabel[] {
  const labels: FaceLabel[] = [];
  let file: string | undefined;
  for (const [i, line] of text.split('\n').entries()) {
    const content = line.trim(), position = `line ${i + 1}`;
    if (content === '') continue;
    if (content.startsWith('#')) {
      file = content.slice(1).trim();
      continue;
    }
    if (file === undefined) throw new FormatError(where, 'a face', 'a line "# file" before it', content.slice(0, 30), position);
    const numbers = content.split(/\s+/).map(Number);
    if (numbers.length !== 20 || !numbers.every(Number.isFinite)) throw new FormatError(where, 'a face', '20 numbers', `${numbers.length}: ${content.slice(0, 30)}`, position);
    const [x, y, w, h] = numbers as [number, number, number, number];
    if (!(w > 0 && h > 0)) throw new FormatError(where, 'a box', 'a positive width and height', `${w} x ${h}`, position);
    labels.push({ file, box: [x, y, x + w, y + h], landmarks5: [0, 1, 2, 3, 4].map((k) => [numbers[4 + 3 * k]!, numbers[5 + 3 * k]!] as const), flags: [0, 1, 2, 3, 4].map((k) => numbers[6 + 3 * k]!), score: numbers[19]! });
  }
  return labels;
}

/**
 * Reads `landmarks68.dlib.tsv`: file, four numbers of dlib's own box, 68 times `x y` as pixel indices.
 *
 * @returns By file name without folders: 68 points with pixel centres at +0.5.
 * @throws {@link FormatError} with the line, if a line has another count of numbers.
 */
export function parseDlibLandmarks(text: string, where = 'parseDlibLandmarks'): Map<string, Point[]> {
  const found = new Map<string, Point[]>();
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const [file, ...rest] = line.trim().split(/\s+/), numbers = rest.map(Number);
    if (numbers.length !== 140 || !numbers.every(Number.isFinite)) throw new FormatError(where, 'a face', '140 numbers after the file', String(numbers.length), `line ${i + 1}`);
    found.set(file!.split('/').at(-1)!, Array.from({ length: 68 }, (_, k) => [numbers[4 + 2 * k]! + 0.5, numbers[5 + 2 * k]! + 0.5] as const));
  }
  return found;
}
