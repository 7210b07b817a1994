import { existsSync, readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { FormatError, UnsupportedError } from '../../src/core/errors.ts';
import { type MatCells, type MatNumbers, type MatValue, readMat } from '../../src/io/mat.ts';
import { ascii, join, matWriter } from '../support/mat-file.ts';
import { expectTypedOrValid } from '../support/mutations.ts';

const FOLDER = '../shared/data/wider/ground_truth', ABSENT = existsSync(FOLDER) ? '' : ` [skipped: no ${FOLDER}]`;
const { word, words, element, small, matrix, compressed, file } = matWriter();

function checkValue(value: MatValue): void {
  if (value.kind === 'text') return;
  const entries = value.kind === 'numbers' ? value.data : value.cells;
  if (entries.length !== value.shape.reduce((a, b) => a * b, 1)) throw new Error(`${entries.length} entries for ${value.shape}`);
  if (value.kind === 'cells') value.cells.forEach(checkValue);
}

describe.each([['little', true], ['big', false]] as const)('mat, %s-endian', (_, littleEndian) => {
  const w = matWriter(littleEndian);
  it('reads numbers however compactly they are stored', async () => {
    const one = (type: number, bytes: number, write: (view: DataView) => void): Uint8Array => {
      const data = new Uint8Array(bytes);
      write(new DataView(data.buffer));
      return w.matrix(6, [1, 1], bytes <= 4 ? w.small(type, data) : w.element(type, data), `t${type}`);
    };
    const values = await readMat(w.file(
      one(1, 1, (v) => v.setInt8(0, -3)), one(2, 1, (v) => v.setUint8(0, 200)), one(3, 2, (v) => v.setInt16(0, -300, littleEndian)), one(4, 2, (v) => v.setUint16(0, 65535, littleEndian)),
      one(5, 4, (v) => v.setInt32(0, -70000, littleEndian)), one(6, 4, (v) => v.setUint32(0, 4294967295, littleEndian)), one(7, 4, (v) => v.setFloat32(0, 0.5, littleEndian)),
      one(9, 8, (v) => v.setFloat64(0, Math.PI, littleEndian)), one(12, 8, (v) => v.setBigInt64(0, -5n, littleEndian)), one(13, 8, (v) => v.setBigUint64(0, 7n, littleEndian)),
    ));
    expect([...values].map(([name, value]) => [name, ...(value as MatNumbers).data])).toEqual([
      ['t1', -3], ['t2', 200], ['t3', -300], ['t4', 65535], ['t5', -70000], ['t6', 4294967295], ['t7', 0.5], ['t9', Math.PI], ['t12', -5], ['t13', 7],
    ]);
  });

  it('reads cells in cells, text of one and of two rows, empty ones, compressed or not', async () => {
    const boxes = w.matrix(12, [2, 4], w.element(2, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))), units = (text: string): Uint8Array => join(...[...text].map((c) => w.word(c.charCodeAt(0), 2)));
    const content = join(boxes, w.element(14, new Uint8Array(0)), w.matrix(4, [1, 3], w.element(16, ascii('a\u00e9b'))), w.matrix(4, [2, 2], w.element(4, units('acbd'))));
    const variable = w.matrix(1, [1, 2], join(w.matrix(1, [4, 1], content), w.matrix(4, [0, 0], w.element(4, new Uint8Array(0)))), 'list');
    for (const bytes of [w.file(variable), w.file(w.compressed(variable))]) {
      const list = (await readMat(bytes)).get('list') as MatCells, inner = list.cells[0] as MatCells;
      expect(list.shape).toEqual([1, 2]);
      expect(inner.cells[0]).toEqual({ kind: 'numbers', shape: [2, 4], data: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8) });
      expect(inner.cells[1]).toEqual({ kind: 'numbers', shape: [0, 0], data: new Float64Array(0) });
      expect(inner.cells.slice(2)).toEqual([{ kind: 'text', rows: ['a\u00e9b'] }, { kind: 'text', rows: ['ab', 'cd'] }]);
      expect(list.cells[1]).toEqual({ kind: 'text', rows: [] });
    }
  });
});

const scalar = (name = 'x', classId = 6, flags = 0): Uint8Array => matrix(classId, [1, 1], small(2, Uint8Array.of(7)), name, flags);

describe('mat', () => {
  it('reads only the variables asked for, whatever the others are', async () => {
    const values = await readMat(file(matrix(2, [1, 1], element(5, words([8])), 's'), compressed(scalar('y'))), 'a.mat', { variables: ['y'] });
    expect([...values.keys()]).toEqual(['y']);
    await expect(readMat(file(scalar()), 'a.mat', { variables: ['x', 'gt_list'] })).rejects.toThrow('a.mat: expected the variables at byte 128 to have one named gt_list, got x');
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['a short file', ascii('MATLAB'), /the header at byte 0 to have 128 bytes, got 6/],
    ['another file', new Uint8Array(200), /the header at byte 126 to have the mark MI or IM/],
    ['another version', Uint8Array.from(file(), (x, i) => (i === 124 ? 7 : x)), /the header at byte 124 to have version 0x100, got 0x107/],
    ['a short tag', file(Uint8Array.of(1, 2, 3)), /the element at byte 128 to have a tag of 8 bytes, got 3 bytes/],
    ['a size that lies', file(join(word(14), word(99))), /the element of type 14 at byte 128 to have at most the 0 bytes that are left, got 99/],
    ['a small element of five', file(word((5 << 16) | 2), new Uint8Array(8)), /the small element at byte 128 to have at most 4 bytes, got 5/],
    ['a bare number', file(element(9, new Uint8Array(8))), /the variable at byte 128 to have type 14, a matrix, got type 9/],
    ['flags of another type', file(element(14, element(5, words([6, 0])))), /the array flags at byte 136 to have type 6 and 8 bytes, got type 5 and 8/],
    ['one dimension', file(element(14, join(element(6, words([6, 0])), element(5, words([3])), element(1, ascii('x'))))), /the dimensions at byte 152 to have type 5 and 2 to 32 numbers, got type 5 and 1/],
    ['a negative dimension', file(matrix(6, [-1, 2], new Uint8Array(8), 'x')), /the dimensions at byte 160 to have counts, got \[-1,2\]/],
    ['a name that is no text', file(element(14, join(element(6, words([6, 0])), element(5, words([1, 1])), element(2, ascii('x'))))), /the name at byte 168 to have type 1 and at most 63 bytes/],
    ['a name with a line in it', file(scalar('x\ny', 99)), /variable "x\\ny" at byte 136 to have a class of 1 to 17, got 99/],
    ['no such class', file(scalar('x', 99)), /variable x at byte 136 to have a class of 1 to 17, got 99/],
    ['data of no number type', file(matrix(6, [1, 1], element(14, new Uint8Array(8)), 'x')), /the data at byte 192 to have a type of 1, 2, 3/],
    ['half a number', file(matrix(6, [1, 1], element(9, new Uint8Array(5)), 'x')), /the data at byte 192 to have whole numbers of 8 bytes, got 5 bytes/],
    ['another count than its shape', file(matrix(6, [2, 3], small(2, Uint8Array.of(1)), 'x')), /variable x at byte 184 to have 6 entries for \[2,3\], got 1/],
    ['bytes after the data', file(matrix(6, [1, 1], join(small(2, Uint8Array.of(1)), new Uint8Array(8)), 'x')), /variable x at byte 192 to have no byte after its data, got 8/],
    ['more cells than bytes', file(matrix(1, [1 << 20, 1 << 10], new Uint8Array(16), 'x')), /the cells at byte 184 to have the 8 bytes that each of 1048576 x 1024 takes, got 16 bytes in all/],
    ['a cell that is no matrix', file(matrix(1, [1, 1], small(2, Uint8Array.of(1)), 'x')), /cell 0 at byte 184 to have type 14, a matrix, got type 2/],
    ['bytes after the cells', file(matrix(1, [1, 1], join(element(14, new Uint8Array(0)), new Uint8Array(8)), 'x')), /the cells at byte 192 to have no byte after the last, got 8/],
    ['text that is no UTF-8', file(matrix(4, [1, 1], small(16, Uint8Array.of(0xff)), 'x')), /the text at byte 188 to have valid UTF-8/],
    ['damaged compression', file(word(15), word(8), new Uint8Array(8)), /the compressed data at byte 136 to have whole deflate data, got unknown compression method/],
    ['bytes after a compressed variable', file(compressed(join(scalar(), new Uint8Array(8)))), /the variable at byte 64 of what is compressed at byte 128 to have no byte after it, got 8/],
    ['a compressed number', file(compressed(element(9, new Uint8Array(8)))), /the variable at byte 0 of what is compressed at byte 128 to have type 14/],
  ])('refuses %s', async (_, bytes, message) => {
    await expect(readMat(bytes, 'a.mat')).rejects.toThrow(FormatError);
    await expect(readMat(bytes, 'a.mat')).rejects.toThrow(message);
  });

  it('refuses a bomb, and cells without end', async () => {
    await expect(readMat(file(compressed(new Uint8Array(1 << 20))), 'a.mat', { maxBytes: 1000 })).rejects.toThrow('at most 1000 bytes once inflated');
    let nested = matrix(6, [1, 1], small(2, Uint8Array.of(1)));
    for (let i = 0; i < 17; i++) nested = matrix(1, [1, 1], nested, i === 16 ? 'x' : '');
    await expect(readMat(file(nested), 'a.mat')).rejects.toThrow(/the cells at byte \d+ to have at most 16 cells in each other, got more/);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['version 7.3', Uint8Array.from(file(), (x, i) => (i === 124 ? 0 : i === 125 ? 2 : x)), /version 7\.3 \(HDF5\) is not supported; save it with -v7$/],
    ['a struct', file(scalar('x', 2)), /a\.mat: a struct as variable x is not supported; save it as numbers, characters or cells/],
    ['a sparse matrix in a cell', file(matrix(1, [1, 1], scalar('', 5), 'x')), /a sparse matrix as a cell/],
    ['complex numbers', file(scalar('x', 6, 0x800)), /a complex array as variable x/],
  ])('names %s as unsupported', async (_, bytes, message) => {
    await expect(readMat(bytes, 'a.mat')).rejects.toThrow(UnsupportedError);
    await expect(readMat(bytes, 'a.mat')).rejects.toThrow(message);
  });
});

describe.skipIf(ABSENT)(`mat of WIDER FACE${ABSENT}`, () => {
  const bytes = ABSENT ? new Uint8Array() : new Uint8Array(readFileSync(`${FOLDER}/wider_hard_val.mat`));

  it('reads all of it', async () => {
    const values = await readMat(bytes);
    expect([...values.keys()].sort()).toEqual(['blur_label_list', 'event_list', 'expression_label_list', 'face_bbx_list', 'file_list', 'gt_list', 'illumination_label_list', 'invalid_label_list', 'occlusion_label_list', 'pose_label_list']);
    values.forEach(checkValue);
    const images = (values.get('face_bbx_list') as MatCells).cells.flatMap((event) => (event as MatCells).cells) as MatNumbers[];
    expect([images.length, images.reduce((sum, image) => sum + image.shape[0]!, 0)]).toEqual([3226, 39708]);
  });

  it('ends in a typed error or a valid result, 200 times, compressed as it is and laid open', async () => {
    const view = new DataView(bytes.buffer), first = bytes.subarray(136, 136 + view.getUint32(132, true)), opened = join(bytes.subarray(0, 128), new Uint8Array(inflateSync(first)));
    const check = (values: Map<string, MatValue>): void => values.forEach(checkValue);
    const closed = await expectTypedOrValid((mutant) => readMat(mutant), check, [bytes], 200, 1), open = await expectTypedOrValid((mutant) => readMat(mutant), check, [opened], 200, 2);
    expect(closed.refused).toBeGreaterThan(150);
    expect(open.refused).toBeGreaterThan(40);
    expect(open.read).toBeGreaterThan(10);
  });
});
