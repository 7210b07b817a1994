import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ArgumentError } from '../core/errors.ts';
import type { Point } from '../dense/crop-frame.ts';
import type { FaceLabel } from '../dense/portrait-labels.ts';
import { advise } from './context.ts';

/** Where development machines have the portraits; nothing of them is shipped. */
export const PORTRAITS = '../shared/data/portraits';

/** A labelled portrait with its 68 reference points, which score and do nothing else. */
export interface ReferencedLabel extends FaceLabel {
  readonly reference: readonly Point[];
}

/**
 * The faces of a folder's `label.txt` (RetinaFace format) that `landmarks68.dlib.tsv` names too.
 *
 * @throws `ArgumentError` if a file is missing or there is no such face; `FormatError` for a damaged line.
 */
export async function readPortraitFolder(where: string, folder: string): Promise<ReferencedLabel[]> {
  const [{ parseDlibLandmarks, parseFaceLabels }, { readFileBytes }] = await Promise.all([import('../dense/portrait-labels.ts'), import('../io/node.ts')]);
  const text = async (name: string): Promise<string> => new TextDecoder().decode(await advise('give a folder with images/, label.txt and landmarks68.dlib.tsv', () => readFileBytes(join(folder, name))));
  const labels = parseFaceLabels(await text('label.txt'), join(folder, 'label.txt')), references = parseDlibLandmarks(await text('landmarks68.dlib.tsv'), join(folder, 'landmarks68.dlib.tsv'));
  const usable = labels.flatMap((label) => (references.has(label.file) ? [{ ...label, reference: references.get(label.file)! }] : []));
  if (usable.length === 0) throw new ArgumentError(where, folder, 'photographs that both label files name', 'none');
  return usable;
}

/** `count` of a list, all of them where it has no more, spread evenly over it, the spread begun `skip` further in. */
export function spread<T>(list: readonly T[], count: number, skip = 0): T[] {
  const taken = Math.min(count, list.length);
  return Array.from({ length: taken }, (_, i) => list[(Math.floor((i * list.length) / taken) + skip) % list.length]!);
}

/** One file in five, by the first byte of its name's SHA-256: no training sees it. */
export const isHeldOut = (file: string): boolean => createHash('sha256').update(file).digest()[0]! < 51;

/** People of whom this project keeps other photographs for tests. */
const IN_PHOTOS = ['B000444.jpg', 'O000167.jpg'];

/** Whether a portrait is held out of every training step: by {@link isHeldOut}, or because its person is in the test photographs too. */
export const isNeverTrained = (file: string): boolean => isHeldOut(file) || IN_PHOTOS.includes(file);

/** Which portraits: all of them, those that no training sees, or the others. */
export const PORTRAIT_SPLITS = ['all', 'held-out', 'training'] as const;
export type PortraitSplit = (typeof PORTRAIT_SPLITS)[number];

/** Whether a file belongs to a split. */
export const isInSplit = (file: string, split: PortraitSplit): boolean => split === 'all' || isNeverTrained(file) === (split === 'held-out');
