import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join as joinPath } from 'node:path';
import { WIDER_SETS, type WiderImage, type WiderSet } from '../../src/data/wider-ground-truth.ts';
import { ascii, join, matWriter } from './mat-file.ts';

/** A picture with faces `[x, y, w, h]`; the sets count the faces listed, from 0. */
export interface WiderPicture {
  readonly event?: string;
  readonly name?: string;
  readonly boxes: readonly (readonly [number, number, number, number])[];
  readonly counted?: Partial<Record<WiderSet, readonly number[]>>;
}

/** The record of a picture; without `counted` every set counts all. */
export function widerImage({ event = '0--Parade', name = 'a', boxes, counted }: WiderPicture): WiderImage {
  const all = boxes.map((_, i) => i);
  return { event, name, boxes: Float64Array.from(boxes.flat()), counted: Object.fromEntries(WIDER_SETS.map((set) => {
    const marks = new Uint8Array(boxes.length);
    for (const face of counted ? counted[set] ?? [] : all) marks[face] = 1;
    return [set, marks];
  })) as Record<WiderSet, Uint8Array> };
}

/** One `wider_<set>_val.mat` of pictures that lie in order of their events. */
export function widerMat(pictures: readonly WiderPicture[], set: WiderSet, isCompressed = true): Uint8Array {
  const { matrix, element, words, compressed, file } = matWriter(), packed = (variable: Uint8Array): Uint8Array => (isCompressed ? compressed(variable) : variable), events = [...new Set(pictures.map(({ event = '0--Parade' }) => event))];
  const text = (content: string): Uint8Array => matrix(4, [content.length ? 1 : 0, content.length], element(16, ascii(content)));
  const cells = (list: readonly Uint8Array[], name = ''): Uint8Array => matrix(1, [list.length, 1], join(...list), name);
  const perEvent = (name: string, cell: (picture: WiderPicture) => Uint8Array): Uint8Array =>
    packed(cells(events.map((event) => cells(pictures.filter((picture) => (picture.event ?? '0--Parade') === event).map(cell))), name));
  return file(
    packed(cells(events.map(text), 'event_list')), perEvent('file_list', ({ name = 'a' }) => text(name)),
    perEvent('face_bbx_list', ({ boxes }) => matrix(12, [boxes.length, 4], element(5, words([0, 1, 2, 3].flatMap((column) => boxes.map((box) => box[column]!)))))),
    perEvent('gt_list', ({ boxes, counted }) => {
      const list = (counted ? counted[set] ?? [] : boxes.map((_, i) => i)).map((face) => face + 1);
      return matrix(6, [list.length, 1], element(5, words(list)));
    }),
  );
}

/** Writes the three files of a ground truth. */
export function writeGroundTruth(folder: string, pictures: readonly WiderPicture[]): void {
  mkdirSync(folder, { recursive: true });
  for (const set of WIDER_SETS) writeFileSync(joinPath(folder, `wider_${set}_val.mat`), widerMat(pictures, set));
}

/** Writes files by path below a folder. */
export function writeTree(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(joinPath(folder, path)), { recursive: true });
    writeFileSync(joinPath(folder, path), text);
  }
}
