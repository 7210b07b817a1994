import { describe, expect, it } from 'vitest';
import { FormatError } from '../../src/core/errors.ts';
import { parseWiderGroundTruth, WIDER_SETS, type WiderImage, type WiderSet, type WiderSetFile } from '../../src/data/wider-ground-truth.ts';
import { ascii, join, matWriter } from '../support/mat-file.ts';
import { expectTypedOrValid } from '../support/mutations.ts';
import { type WiderPicture, widerImage, widerMat } from '../support/wider.ts';

const PICTURES: readonly WiderPicture[] = [
  { name: 'a', boxes: [[1, 2, 30, 40], [5, 6, 7, 8]], counted: { medium: [0], hard: [0, 1] } },
  { name: 'b', boxes: [[9, 9, 9, 9]] },
  { event: '1--Handshaking', name: 'c', boxes: [], counted: {} },
];

const read = (change: Partial<Record<WiderSet, Uint8Array>> = {}): Promise<WiderImage[]> =>
  parseWiderGroundTruth(Object.fromEntries(WIDER_SETS.map((set) => [set, { path: `${set}.mat`, bytes: change[set] ?? widerMat(PICTURES, set) }])) as Record<WiderSet, WiderSetFile>);

describe('wider ground truth', () => {
  it('reads pictures, boxes row by row, and what each set counts', async () => {
    expect(await read()).toEqual(PICTURES.map(widerImage));
  });

  const { matrix, element, small, words, compressed, file } = matWriter();
  const cell = (content: Uint8Array, name = ''): Uint8Array => matrix(1, [1, 1], content, name), text = matrix(4, [1, 1], small(16, ascii('e')));
  const broken = (parts: Partial<Record<'event_list' | 'file_list' | 'face_bbx_list' | 'gt_list', Uint8Array>>): Uint8Array => {
    const row = matrix(12, [1, 4], element(5, words([1, 2, 3, 4]))), one = matrix(6, [1, 1], small(2, Uint8Array.of(1)));
    const all = { event_list: cell(text, 'event_list'), file_list: cell(cell(text), 'file_list'), face_bbx_list: cell(cell(row), 'face_bbx_list'), gt_list: cell(cell(one), 'gt_list'), ...parts };
    return join(file(), ...Object.values(all).map(compressed));
  };

  it.each<[string, Uint8Array, RegExp]>([
    ['numbers for names', broken({ file_list: cell(cell(matrix(6, [1, 1], small(2, Uint8Array.of(1)))), 'file_list') }), /easy\.mat: expected the value at file_list\{1\}\{1\} to have one line of text, got numbers/],
    ['text for cells', broken({ file_list: cell(text, 'file_list') }), /the value at file_list\{1\} to have cells, got text/],
    ['another count of cells', broken({ gt_list: matrix(1, [2, 1], join(cell(text), cell(text)), 'gt_list') }), /the value at gt_list to have 1 cells, got cells/],
    ['text for boxes', broken({ face_bbx_list: cell(cell(text), 'face_bbx_list') }), /the value at face_bbx_list\{1\}\{1\} to have numbers, got text/],
    ['boxes of three', broken({ face_bbx_list: cell(cell(matrix(12, [1, 3], element(5, words([1, 2, 3])))), 'face_bbx_list') }), /the boxes at face_bbx_list\{1\}\{1\} to have rows of 4 finite numbers, got \[1,3\]/],
    ['a face that is not there', broken({ gt_list: cell(cell(matrix(6, [1, 1], small(2, Uint8Array.of(2)))), 'gt_list') }), /the faces counted at gt_list\{1\}\{1\} to have different numbers of 1 to 1, got 2/],
    ['a face counted twice', broken({ gt_list: cell(cell(matrix(6, [2, 1], small(2, Uint8Array.of(1, 1)))), 'gt_list') }), /different numbers of 1 to 1, got 1/],
    ['no boxes at all', file(cell(text, 'event_list')), /easy\.mat: expected the variables at byte 128 to have one named file_list, got event_list/],
  ])('refuses %s', async (_, easy, message) => {
    await expect(read({ easy })).rejects.toThrow(FormatError);
    await expect(read({ easy })).rejects.toThrow(message);
  });

  it('ends in a typed error or valid pictures, 200 times', async () => {
    const tally = await expectTypedOrValid((easy) => read({ easy }), (images) => images.forEach(({ boxes, counted }) => expect([boxes.every(Number.isFinite), ...WIDER_SETS.map((set) => counted[set].length)]).toEqual([true, ...WIDER_SETS.map(() => boxes.length / 4)])), [widerMat(PICTURES, 'easy', false)], 200, 9);
    expect(Math.min(tally.refused, tally.read)).toBeGreaterThan(10);
  });

  it('refuses sets of different pictures or faces', async () => {
    await expect(read({ hard: widerMat(PICTURES.slice(0, 2), 'hard') })).rejects.toThrow('hard.mat: expected picture 3 at file_list to have what easy.mat has: 1--Handshaking/c with 0 faces, got no picture');
    await expect(read({ medium: widerMat([{ ...PICTURES[0]!, boxes: [[1, 2, 3, 4]] , counted: {} }, ...PICTURES.slice(1)], 'medium') })).rejects.toThrow('medium.mat: expected picture 1 at file_list to have what easy.mat has: 0--Parade/a with 2 faces, got 0--Parade/a with 1 faces');
  });
});
