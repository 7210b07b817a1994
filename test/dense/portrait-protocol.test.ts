import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Point } from '../../src/dense/crop-frame.ts';
import { parseDlibLandmarks, parseFaceLabels } from '../../src/dense/portrait-labels.ts';
import { convexHull, hullMask, quantile, scoreColors, scoreLandmarks } from '../../src/dense/portrait-protocol.ts';

const FOLDER = '../shared/data/portraits';

describe('label files', () => {
  const face = '62 55 121 171 107 123 0.0 160 127 0.0 139 160 0.0 104 180 0.0 152 184 1.0 1.000';

  it('reads faces under their file', () => {
    const [first, second] = parseFaceLabels(`# a.jpg\n${face}\n# b.jpg\r\n${face}\n`);
    expect(first).toEqual({ file: 'a.jpg', box: [62, 55, 183, 226], landmarks5: [[107, 123], [160, 127], [139, 160], [104, 180], [152, 184]], flags: [0, 0, 0, 0, 1], score: 1 });
    expect(second!.file).toBe('b.jpg');
  });

  it('names the line at fault', () => {
    expect(() => parseFaceLabels(face)).toThrow(/line 1.*# file/);
    expect(() => parseFaceLabels('# a.jpg\n1 2 3')).toThrow(/line 2.*20 numbers/);
    expect(() => parseFaceLabels(`# a.jpg\n${face.replace('121', '0')}`)).toThrow(/line 2.*positive/);
    expect(() => parseDlibLandmarks('a.jpg 1 2 3')).toThrow(/line 1.*140/);
  });

  it('moves dlib points to pixel centres', () => {
    const points = parseDlibLandmarks(`images/a.jpg\t0 0 9 9 ${Array.from({ length: 68 }, (_, i) => `${i} ${2 * i}`).join(' ')}`).get('a.jpg')!;
    expect(points).toHaveLength(68);
    expect(points[3]).toEqual([3.5, 6.5]);
  });

  it.skipIf(!existsSync(FOLDER))('reads the portraits', () => {
    const labels = parseFaceLabels(readFileSync(`${FOLDER}/label.txt`, 'utf8')), points = parseDlibLandmarks(readFileSync(`${FOLDER}/landmarks68.dlib.tsv`, 'utf8'));
    expect(labels).toHaveLength(698);
    expect(labels.every(({ file }) => points.has(file))).toBe(true);
  });
});

describe('scores', () => {
  const reference = Array.from({ length: 68 }, (_, i): Point => [10 + 40 * Math.cos(i / 11), 50 + 30 * Math.sin(i / 11)]);

  it('divides by the box, the tight box and the eyes', () => {
    const moved = reference.map(([x, y], i) => (i < 17 ? [x + 5, y] : [x, y - 2]));
    const { nme, nmeInner, nmeEyes, nmeTightBox, nmeInnerTightBox, nmeInnerEyes } = scoreLandmarks(moved, reference, [0, 0, 80, 20]);
    const all = (17 * 5 + 51 * 2) / 68, eyes = Math.hypot(reference[45]![0] - reference[36]![0], reference[45]![1] - reference[36]![1]);
    expect(nme).toBeCloseTo(all / 40, 12);
    expect(nmeInner).toBeCloseTo(2 / 40, 12);
    expect(nmeEyes).toBeCloseTo(all / eyes, 12);
    expect(nmeTightBox).toBeCloseTo(all / Math.sqrt(80 * 60), 3);
    expect([nmeInnerTightBox / nmeTightBox, nmeInnerEyes / nmeEyes]).toEqual([2 / all, 2 / all].map((x): unknown => expect.closeTo(x, 12)));
    expect(() => scoreLandmarks(moved.slice(1), reference, [0, 0, 1, 1])).toThrow(/68/);
  });

  it('fills hulls', () => {
    expect(convexHull([[0, 0], [4, 0], [4, 4], [0, 4], [2, 2], [4, 2]])).toHaveLength(4);
    const mask = hullMask([[1, 1], [5, 1], [5, 3], [1, 3], [3, 2]], 8);
    expect(mask.reduce((a, b) => a + b, 0)).toBe(8);
    expect([mask[9], mask[8 * 2 + 4], mask[8 * 3 + 1]]).toEqual([1, 1, 0]);
  });

  it('compares colours under the mask alone and measures its coverage', () => {
    const square: Point[] = [[0, 0], [4, 0], [4, 4], [0, 4]], mask = Float32Array.from({ length: 16 }, (_, i) => (i < 12 ? 0.6 : 0.4));
    const crop = new Float32Array(48).fill(0.5), rendered = Float32Array.from({ length: 48 }, (_, i) => (i < 36 ? 0.4 : 9));
    const score = scoreColors(rendered, mask, crop, square);
    expect(score.colorDifference).toBeCloseTo(0.1, 6);
    expect(score.coverage).toBeCloseTo(0.75, 12);
    expect(scoreColors(rendered, new Float32Array(16), crop, square)).toEqual({ colorDifference: 1, coverage: 0 });
  });

  it('interpolates quantiles', () => {
    expect(quantile([3, 1, 2], 0.5)).toBe(2);
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3, 4], 1)).toBe(4);
    expect(() => quantile([], 0.5)).toThrow(/at least one/);
  });
});
