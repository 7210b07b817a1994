import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ArgumentError } from '../../src/core/errors.ts';
import { averagePrecision } from '../../src/data/average-precision.ts';
import { evaluateWider } from '../../src/data/evaluate-wider.ts';
import { judgeWider, overlapWider } from '../../src/data/match-wider.ts';
import { heightClasses, scoreBySize } from '../../src/data/wider-by-size.ts';
import type { WiderImage } from '../../src/data/wider-ground-truth.ts';
import { readWiderGroundTruth, readWiderPredictions } from '../../src/data/wider-node.ts';
import { DETECTOR_PRESETS } from '../../src/detector/config.ts';
import { levelClasses } from '../../src/detector/level-classes.ts';
import { widerImage } from '../support/wider.ts';

const FOLDER = '../shared/data/wider', ABSENT = existsSync(FOLDER) ? '' : ` [skipped: no ${FOLDER}]`;

const rows = (...list: readonly (readonly number[])[]): Float64Array => Float64Array.from(list.flat());
const A = [0, 0, 20, 20] as const, B = [100, 0, 20, 20] as const, FAR = [500, 500, 20, 20] as const;
const judge = (image: WiderImage, detections: Float64Array, iou = 0.5): number[] => [...judgeWider(image, overlapWider(image, detections), 'hard', iou)];

describe('judging the detections of a picture', () => {
  it('finds a face once: the best score wins, a second detection of it is false', () => {
    const image = widerImage({ boxes: [A, B] }), overlaps = overlapWider(image, rows([...A, 0.3], [...B, 0.5], [1, 0, 20, 20, 0.9], [...FAR, 0.8]));
    expect([...overlaps.rows].filter((_, i) => i % 5 === 4)).toEqual([0.9, 0.8, 0.5, 0.3]);
    expect([...overlaps.face]).toEqual([0, 0, 1, 0]);
    expect([...judgeWider(image, overlaps, 'hard', 0.5)]).toEqual([1, 0, 1, 0]);
  });

  it('keeps equal scores in the order of the file', () => {
    const { rows: sorted } = overlapWider(widerImage({ boxes: [A] }), rows([1, 0, 1, 1, 0.5], [2, 0, 1, 1, 0.5], [3, 0, 1, 1, 0.7]));
    expect([0, 5, 10].map((i) => sorted[i])).toEqual([3, 1, 2]);
  });

  it('does not count what lies on an ignored face, however often, and prefers no counted one beside it', () => {
    const image = widerImage({ boxes: [A, [10, 0, 20, 20]], counted: { hard: [1] } });
    expect(judge(image, rows([...A, 0.9], [...A, 0.8], [4, 0, 20, 20, 0.7]))).toEqual([-1, -1, -1]);
  });

  it('takes one pixel more in width and height: boxes end on the pixel that they name', () => {
    // 20 x 20 against 20 x 9 is 0.45 by area; of inclusive pixels it is 21 x 10 / 21 x 21 = 0.476, and 20 x 10 gives 0.524.
    expect(overlapWider(widerImage({ boxes: [A] }), rows([0, 0, 20, 9, 1], [0, 0, 20, 10, 0.9], [21, 0, 5, 5, 0.8], [20, 20, 0, 0, 0.7])).overlap).toEqual(Float64Array.of(10 / 21, 11 / 21, 0, 1 / 441));
    expect(judge(widerImage({ boxes: [A] }), rows([0, 0, 20, 10, 1]))).toEqual([1]);
    expect(judge(widerImage({ boxes: [A] }), rows([0, 0, 20, 10, 1]), 11 / 21)).toEqual([1]); // at the IoU itself it is enough
    expect(judge(widerImage({ boxes: [A] }), rows([0, 0, 20, 10, 1]), 0.53)).toEqual([0]);
  });

  it('has nothing to find in a picture without faces', () => expect(judge(widerImage({ boxes: [] }), rows([...A, 1]))).toEqual([0]));
});

describe('average precision', () => {
  it('is the area of the rectangles below the falling envelope', () => {
    expect(averagePrecision([0.5, 0.5, 1], [1, 0.5, 2 / 3])).toBeCloseTo(0.5 + 0.5 * (2 / 3), 12);
    expect(averagePrecision([0.2, 0.4], [0.5, 0.8])).toBeCloseTo(0.4 * 0.8, 12); // a later, higher precision fills up what is before it
    expect(averagePrecision([0, 0], [0, 0])).toBe(0);
  });
});

describe('the protocol of WIDER FACE', () => {
  const two = [widerImage({ name: 'a', boxes: [A, B] }), widerImage({ name: 'b', boxes: [A] })];

  it('gives 1 to what finds all and no more, and counts missed faces of pictures without detections', () => {
    expect(evaluateWider(two, [rows([...A, 0.9], [...B, 0.8]), rows([...A, 0.7])]).hard).toMatchObject({ ap: 1, map: 1, faces: 3, found: 3, falsePositives: 0, ignored: 0 });
    expect(evaluateWider(two, [rows([...A, 0.9], [...B, 0.8]), rows()]).hard).toMatchObject({ ap: 2 / 3, faces: 3, found: 2 });
    expect(evaluateWider(two, [rows(), rows()]).hard).toMatchObject({ ap: 0, found: 0 });
  });

  it('maps scores to [0, 1] by the least and the greatest of all pictures: any straight map of them changes nothing', () => {
    const scores = [0.31, 0.3, 0.1, 0.35], make = (map: (s: number) => number) => evaluateWider(two, [rows([...FAR, map(scores[0]!)], [...A, map(scores[1]!)], [...B, map(scores[2]!)]), rows([...A, map(scores[3]!)])]).hard;
    const plain = make((s) => s), mapped = make((s) => 40 * s - 7);
    expect(plain.ap).toBeCloseTo(1 / 3 + (2 / 3) * 0.75, 12); // found, false, found, found
    expect(mapped.ap).toBe(plain.ap);
    expect([plain.curve.threshold[0]!, plain.curve.threshold[999]!]).toEqual([0.1 + 0.999 * 0.25, 0.1]);
    expect(mapped.curve.threshold[999]).toBeCloseTo(-3, 12);
  });

  it('has a thousand thresholds: scores nearer than one of them are let in together', () => {
    const image = [widerImage({ boxes: [A] })], ap = (gap: number) => evaluateWider(image, [rows([...A, 1 - gap], [...FAR, 1], [...FAR, 0])]).hard.ap;
    expect(ap(0.0005)).toBe(0.5);
    expect(evaluateWider(image, [rows([...A, 1], [...FAR, 0.9995], [...FAR, 0])]).hard.ap).toBe(0.5); // together with the face: precision 1/2 from the first
    expect(evaluateWider(image, [rows([...A, 1], [...FAR, 0.998], [...FAR, 0])]).hard.ap).toBe(1);
  });

  it('lets a score in at the threshold that it equals', () => {
    const { recall } = evaluateWider([widerImage({ boxes: [A, B] })], [rows([...A, 1], [...B, 0.9], [...FAR, 0])]).hard.curve;
    expect([recall[98], recall[99]]).toEqual([0.5, 1]);
  });

  it('takes equal scores as one', () => expect(evaluateWider(two, [rows([...A, 0.5], [...FAR, 0.5]), rows()]).hard).toMatchObject({ ap: 1 / 6, found: 1, falsePositives: 1 }));

  it('leaves detections on ignored faces out of precision and ignored faces out of recall, set by set', () => {
    const image = [widerImage({ boxes: [A, B], counted: { easy: [0], medium: [0], hard: [0, 1] } })], { easy, hard } = evaluateWider(image, [rows([...B, 0.9], [...A, 0.8])]);
    expect(easy).toMatchObject({ ap: 1, faces: 1, found: 1, falsePositives: 0, ignored: 1 });
    expect(hard).toMatchObject({ ap: 1, faces: 2, found: 2, ignored: 0 });
    expect(evaluateWider(image, [rows([...A, 0.9], [...B, 0.8], [...B, 0.7])]).easy).toMatchObject({ ap: 1, ignored: 2, falsePositives: 0 });
  });

  it('counts duplicates against precision', () => expect(evaluateWider(two, [rows([...A, 0.9], [...A, 0.8], [...B, 0.7]), rows([...A, 0.1])]).hard.ap).toBeCloseTo(1 / 3 + (2 / 3) * 0.75, 12));

  it('passes over a picture without faces, false detections and all', () => {
    const scored = evaluateWider([...two, widerImage({ name: 'c', boxes: [] })], [rows([...A, 0.9], [...B, 0.8]), rows([...A, 0.7]), rows([...A, 1])]);
    expect(scored.hard).toMatchObject({ ap: 1, falsePositives: 0 });
  });

  it('has no average precision in a set without faces', () => expect(evaluateWider([widerImage({ boxes: [A], counted: { hard: [0] } })], [rows([...A, 1])]).easy).toMatchObject({ ap: NaN, faces: 0, ignored: 1 }));

  it('averages over IoU 0.5 to 0.95', () => {
    // 21 x 16 of 21 x 21 inclusive pixels: 0.762, enough for the first six.
    const { ap, map, apByIou } = evaluateWider([widerImage({ boxes: [A] })], [rows([0, 0, 20, 15, 1])]).hard;
    expect([ap, apByIou]).toEqual([1, [1, 1, 1, 1, 1, 1, 0, 0, 0, 0]]);
    expect(map).toBeCloseTo(0.6, 12);
  });

  it('wants a list for each picture', () => {
    expect(() => evaluateWider(two, [])).toThrow(ArgumentError);
    expect(() => evaluateWider(two, [])).toThrow('evaluateWider: expected detections to have one list for each of 2 pictures, got 0');
  });
});

describe('by size', () => {
  const options = { set: 'hard', threshold: 0.5, iou: 0.5 } as const;

  it('counts faces at their size and false positives at their own, above the threshold', () => {
    const images = [widerImage({ boxes: [[0, 0, 10, 10], [100, 0, 40, 40], [200, 0, 10, 40]], counted: { hard: [0, 1] } }), widerImage({ boxes: [] })];
    const score = scoreBySize(images, [rows([100, 0, 40, 40, 0.5], [0, 0, 10, 10, 0.4], [400, 0, 9, 300, 0.8], [100, 0, 40, 33, 0.5], [200, 0, 10, 40, 0.9], [400, 0, 9, 9, 0.1]), rows([0, 0, 9, 9, 1])], heightClasses(), options);
    expect(score).toEqual([
      { name: '< 16 px', faces: 1, found: 0, recall: 0, falsePositives: 0 }, { name: '16-32 px', faces: 0, found: 0, recall: NaN, falsePositives: 0 },
      { name: '32-64 px', faces: 1, found: 1, recall: 1, falsePositives: 1 }, { name: '64-128 px', faces: 0, found: 0, recall: NaN, falsePositives: 0 },
      { name: '128-256 px', faces: 0, found: 0, recall: NaN, falsePositives: 0 }, { name: '>= 256 px', faces: 0, found: 0, recall: NaN, falsePositives: 1 },
    ]);
    expect(() => scoreBySize(images, [], heightClasses(), options)).toThrow('scoreBySize: expected detections to have one list for each of 2 pictures, got 0');
  });

  it('puts edges into the class above', () => expect([15.9, 16, 31, 255, 256].map((h) => heightClasses().classOf(1, h))).toEqual([0, 1, 1, 4, 5]));

  it('gives a box to the level with the anchor of the nearest size, by ratio', () => {
    const published = levelClasses(DETECTOR_PRESETS['mobilenet0.25'].levels), paper = levelClasses(DETECTOR_PRESETS['paper-resnet152'].levels);
    expect(published.names).toEqual(['P3, anchors 16, 32', 'P4, anchors 64, 128', 'P5, anchors 256, 512']);
    expect(paper.names[0]).toBe('P2, anchors 16, 20, 25');
    // The border between 32 and 64 is 45.25, between 128 and 256 it is 181.02.
    expect([0, 3, 45, 46, 181, 182, 4000].map((size) => published.classOf(size, size))).toEqual([0, 0, 0, 1, 1, 2, 2]);
    expect(published.classOf(20, 103)).toBe(1); // sqrt(20 x 103) = 45.4
    expect([28, 29, 300].map((size) => paper.classOf(size, size))).toEqual([0, 1, 4]);
  });
});

it.skipIf(ABSENT)(`agrees with the original evaluation to a millionth${ABSENT}`, async () => {
  const images = await readWiderGroundTruth(`${FOLDER}/ground_truth`), predictions = await readWiderPredictions(`${FOLDER}/predictions.tgz`, images);
  expect([images.length, predictions.missing, predictions.extra, predictions.badRows, predictions.protocol]).toEqual([3226, [], [], [], null]);
  const { easy, medium, hard } = evaluateWider(images, predictions.detections);
  expect(Math.abs(easy.ap - 0.944837)).toBeLessThan(1e-6);
  expect(Math.abs(medium.ap - 0.924471)).toBeLessThan(1e-6);
  expect(Math.abs(hard.ap - 0.815325)).toBeLessThan(1e-6);
  expect([easy.faces, medium.faces, hard.faces]).toEqual([7211, 13319, 31958]);
  const heights = scoreBySize(images, predictions.detections, heightClasses(), { set: 'hard', threshold: -Infinity, iou: 0.5 });
  expect([heights.reduce((n, row) => n + row.found, 0), heights.reduce((n, row) => n + row.faces, 0), heights.reduce((n, row) => n + row.falsePositives, 0)]).toEqual([hard.found, hard.faces, hard.falsePositives]);
});
