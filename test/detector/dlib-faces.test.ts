import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../src/core/errors.ts';
import { type DlibFace, fiveOf68, parseDlibFaces } from '../../src/detector/dlib-faces.ts';
import { expectTypedOrValid } from '../support/mutations.ts';

const FILE = '../shared/data/dlib_faces/training_with_face_landmarks.xml', ABSENT = existsSync(FILE) ? '' : ` [skipped: no ${FILE}]`;
const image = (body: string): string => `<dataset>\n<images>\n<image file='a.jpg' width='9' height='9'>\n${body}\n</image></images></dataset>`;

describe('faces in dlib\'s XML', () => {
  it('reads boxes with exclusive ends and parts with centres at +0.5, under their file', () => {
    const [first, second] = parseDlibFaces(`${image("<box top='90' left='194' width='37' height='30'><label>x</label><part name='00' x='201' y='107'/></box>\n<box top='1' left='2' width='3' height='4' ignore='1'/>")}`);
    expect(first).toEqual({ file: 'a.jpg', box: [194, 90, 231, 120], parts: new Map([['00', [201.5, 107.5]]]), ignored: false });
    expect(second).toEqual({ file: 'a.jpg', box: [2, 1, 5, 5], parts: new Map(), ignored: true });
  });

  it('takes five of 68: means of six points an eye, nose, corners of the mouth; null where one is missing', () => {
    const parts = new Map(Array.from({ length: 68 }, (_, i) => [String(i).padStart(2, '0'), [i, 10 * i] as const]));
    expect(fiveOf68(parts)).toEqual([[38.5, 385], [44.5, 445], [30, 300], [48, 480], [54, 540]]);
    parts.delete('41');
    parts.delete('54');
    expect(fiveOf68(parts)).toEqual([null, [44.5, 445], [30, 300], [48, 480], null]);
  });

  it.each<[string, string, RegExp]>([
    ['a box outside any image', "<box top='1' left='2' width='3' height='4'/>", /a box at line 1 to have an image around it, got nothing/],
    ['a part outside any box', image("<part name='00' x='1' y='2'/>"), /a part at line 4 to have a box around it, got image/],
    ['a box without height', image("<box top='1' left='2' width='3'/>"), /a box at line 4 to have the attribute height, got top, left, width/],
    ['an empty box', image("<box top='1' left='2' width='0' height='3'/>"), /a box at line 4 to have a positive width and height, got 0 x 3/],
    ['a number that is none', image("<box top='x' left='2' width='3' height='3'/>"), /top of a box at line 4 to have a finite number, got "x"/],
    ['an image without file', '<image/>', /a image at line 1 to have the attribute file, got none/],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseDlibFaces(text, 'a.xml')).toThrow(FormatError);
    expect(() => parseDlibFaces(text, 'a.xml')).toThrow(message);
  });

  it.skipIf(ABSENT)(`reads the 18 faces of dlib's example, and ends in a typed error or a valid result 200 times${ABSENT}`, async () => {
    const bytes = new Uint8Array(readFileSync(FILE)), read = (data: Uint8Array): DlibFace[] => parseDlibFaces(new TextDecoder('latin1').decode(data), FILE), faces = read(bytes);
    expect([faces.length, new Set(faces.map(({ file }) => file)).size, faces.every(({ parts }) => parts.size === 68)]).toEqual([18, 4, true]);
    for (const { box: [x1, y1, x2, y2], parts } of faces) for (const point of fiveOf68(parts)) expect(point![0] > x1 && point![0] < x2 && point![1] > y1 && point![1] < y2 + 9).toBe(true);
    const tally = await expectTypedOrValid(read, (found) => found.forEach(({ box, parts }) => { if (![...box, ...[...parts.values()].flat()].every(Number.isFinite)) throw new Error('not finite'); }), [bytes], 200, 8);
    expect(Math.min(tally.refused, tally.read)).toBeGreaterThan(20);
  });
});
