import { FormatError } from '../core/errors.ts';
import { quoteText } from '../io/file-faults.ts';
import { type MatCells, type MatNumbers, type MatValue, readMat } from '../io/mat.ts';

/** The three parts of the benchmark, of growing difficulty; each holds the one before. */
export const WIDER_SETS = ['easy', 'medium', 'hard'] as const;

export type WiderSet = (typeof WIDER_SETS)[number];

/** One picture and its faces. */
export interface WiderImage {
  /** Its folder, e.g. `0--Parade`. */
  readonly event: string;
  /** Its file without extension, e.g. `0_Parade_marchingband_1_465`. */
  readonly name: string;
  /** `[N * 4]`: left, top, width, height of each face in pixels, row by row. */
  readonly boxes: Float64Array;
  /** `[N]` for each set: 1 where it counts the face, 0 where it is on the set's ignore list. */
  readonly counted: Readonly<Record<WiderSet, Uint8Array>>;
}

/** One `wider_<set>_val.mat`. */
export interface WiderSetFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads the ground truth of WIDER FACE's validation part: `wider_easy_val.mat`, `wider_medium_val.mat`, `wider_hard_val.mat`. Each names
 * all pictures with all faces, and those faces that it counts.
 *
 * @returns The pictures in the files' order.
 * @throws {@link FormatError} if a file is no MATLAB file of that layout, or the three speak of different pictures or faces.
 */
export async function parseWiderGroundTruth(files: Readonly<Record<WiderSet, WiderSetFile>>): Promise<WiderImage[]> {
  const parts = await Promise.all(WIDER_SETS.map((set) => readSet(files[set])));
  const [easy, medium, hard] = parts as [SetPicture[], SetPicture[], SetPicture[]];
  for (const [part, set] of [[medium, 'medium'], [hard, 'hard']] as const) {
    const stray = Array.from({ length: Math.max(part.length, easy.length) }, (_, i) => i).find((i) => describe(part[i]) !== describe(easy[i]));
    if (stray !== undefined) throw new FormatError(files[set].path, `picture ${stray + 1}`, `what ${files.easy.path} has: ${describe(easy[stray])}`, describe(part[stray]), 'file_list');
  }
  return easy.map(({ event, name, boxes, counted }, i) => ({ event, name, boxes, counted: { easy: counted, medium: medium[i]!.counted, hard: hard[i]!.counted } }));
}

interface SetPicture {
  readonly event: string;
  readonly name: string;
  readonly boxes: Float64Array;
  readonly counted: Uint8Array;
}

const describe = (picture: SetPicture | undefined): string => (picture ? `${quoteText(`${picture.event}/${picture.name}`)} with ${picture.boxes.length / 4} faces` : 'no picture');

async function readSet({ path, bytes }: WiderSetFile): Promise<SetPicture[]> {
  const values = await readMat(bytes, path, { variables: ['event_list', 'file_list', 'face_bbx_list', 'gt_list'] });
  const fail = (place: string, expected: string, value: MatValue | undefined): never => { throw new FormatError(path, 'the value', expected, value ? value.kind : 'none', place); };
  const cells = (value: MatValue | undefined, place: string, count?: number): readonly MatValue[] => (
    value?.kind === 'cells' && (count === undefined || value.cells.length === count) ? (value as MatCells).cells : fail(place, count === undefined ? 'cells' : `${count} cells`, value));
  const text = (value: MatValue | undefined, place: string): string => (value?.kind === 'text' && value.rows.length === 1 ? value.rows[0]! : fail(place, 'one line of text', value));
  const numbers = (value: MatValue | undefined, place: string): MatNumbers => (value?.kind === 'numbers' ? value : fail(place, 'numbers', value));

  const events = cells(values.get('event_list'), 'event_list'), list = (name: string): readonly MatValue[] => cells(values.get(name), name, events.length);
  const [files, boxes, kept] = [list('file_list'), list('face_bbx_list'), list('gt_list')];
  return events.flatMap((eventCell, e) => {
    const event = text(eventCell, `event_list{${e + 1}}`), names = cells(files[e], `file_list{${e + 1}}`);
    const of = (cellsOfEvent: readonly MatValue[], name: string): readonly MatValue[] => cells(cellsOfEvent[e], `${name}{${e + 1}}`, names.length);
    const eventBoxes = of(boxes, 'face_bbx_list'), eventKept = of(kept, 'gt_list');
    return names.map((nameCell, i) => {
      const place = `{${e + 1}}{${i + 1}}`, faces = readBoxes(numbers(eventBoxes[i], `face_bbx_list${place}`), path, `face_bbx_list${place}`);
      return { event, name: text(nameCell, `file_list${place}`), boxes: faces, counted: readCounted(numbers(eventKept[i], `gt_list${place}`), faces.length / 4, path, `gt_list${place}`) };
    });
  });
}

// `[N, 4]`, first index fastest, to row by row.
function readBoxes({ shape, data }: MatNumbers, path: string, place: string): Float64Array {
  if (data.length === 0) return new Float64Array(0);
  if (shape.length !== 2 || shape[1] !== 4 || !data.every(Number.isFinite)) throw new FormatError(path, 'the boxes', 'rows of 4 finite numbers', `[${shape}]`, place);
  const count = shape[0]!;
  return Float64Array.from(data, (_, i) => data[(i >> 2) + count * (i & 3)]!);
}

// A list of faces from 1, to a mark on every face.
function readCounted({ data }: MatNumbers, count: number, path: string, place: string): Uint8Array {
  const counted = new Uint8Array(count);
  for (const face of data) {
    if (!Number.isInteger(face) || face < 1 || face > count || counted[face - 1]) throw new FormatError(path, 'the faces counted', `different numbers of 1 to ${count}`, `${face}`, place);
    counted[face - 1] = 1;
  }
  return counted;
}
