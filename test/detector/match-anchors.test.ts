import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Box } from '../../src/dense/crop-frame.ts';
import { boxOverlap } from '../../src/detector/box-overlap.ts';
import { anchorCorners, BACKGROUND, IGNORED, matchAnchors } from '../../src/detector/match-anchors.ts';

const anchors = (...rows: readonly (readonly number[])[]): Float32Array => Float32Array.from(rows.flat());
/** Squares of edge 10 side by side: anchor i covers x from 10 i to 10 i + 10. */
const anchorIou = (all: Float32Array, a: number, box: Box): number => boxOverlap(anchorCorners(all), a, box, 0);
const ROW = anchors(...[0, 1, 2, 3, 4].map((i) => [10 * i + 5, 5, 10, 10]));
const FORCED = { positive: 0.35, negative: 0.35, forceBest: true, minForced: 0.2 };

describe('matchAnchors', () => {
  it('measures intersection over union', () => {
    expect(anchorIou(ROW, 0, [0, 0, 10, 10])).toBe(1);
    expect(anchorIou(ROW, 0, [5, 0, 15, 10])).toBeCloseTo(50 / 150, 12);
    expect(anchorIou(ROW, 0, [2, 2, 7, 4])).toBeCloseTo(10 / 100, 12);
    for (const apart of [[10, 0, 20, 10], [0, 10, 10, 20], [3, 3, 3, 9]] as const) expect(anchorIou(ROW, 0, apart)).toBe(0);
  });

  it('gives an anchor the face that it overlaps most, ignores it between the thresholds, leaves the rest to the background', () => {
    // Overlaps with anchors 1 and 2: 0.6 and 0.4 of an area of 10 x 10, IoU 60 / 140 and 40 / 160.
    const box: Box = [14, 0, 24, 10];
    expect([...matchAnchors(ROW, [box], { positive: 0.4, negative: 0.2 })]).toEqual([BACKGROUND, 0, IGNORED, BACKGROUND, BACKGROUND]);
    expect([...matchAnchors(ROW, [box])]).toEqual([BACKGROUND, IGNORED, BACKGROUND, BACKGROUND, BACKGROUND]);
    expect([...matchAnchors(ROW, [box, [10, 0, 20, 10]])].slice(1, 3)).toEqual([1, BACKGROUND]);
    // A threshold itself is positive, and not background.
    expect(matchAnchors(ROW, [[0, 0, 10, 5]], { positive: 0.5, negative: 0.3 })[0]).toBe(0);
    expect(matchAnchors(ROW, [[0, 0, 10, 5]], { positive: 0.9, negative: 0.5 })[0]).toBe(IGNORED);
  });

  it('forces the best anchor on a face below the thresholds, but only above the least overlap', () => {
    expect([...matchAnchors(ROW, [[15, 0, 25, 10]], FORCED)]).toEqual([BACKGROUND, 0, BACKGROUND, BACKGROUND, BACKGROUND]);
    expect([...matchAnchors(ROW, [[0, 0, 50, 10]], FORCED)].filter((f) => f >= 0)).toHaveLength(1); // IoU 0.2
    expect([...matchAnchors(ROW, [[0, 0, 50, 11]], FORCED)].filter((f) => f >= 0)).toHaveLength(0);
    expect([...matchAnchors(ROW, [[0, 0, 50, 11]], { ...FORCED, minForced: 0 })].filter((f) => f >= 0)).toHaveLength(1);
  });

  it('lets two faces that want one anchor have one each: the nearer keeps it', () => {
    const near: Box = [20, 0, 30, 10], far: Box = [20, 0, 30, 30];
    // With anchor 2 the far one has IoU 1/3; no other anchor overlaps it.
    expect([...matchAnchors(ROW, [far, near], FORCED)]).toEqual([BACKGROUND, BACKGROUND, 1, BACKGROUND, BACKGROUND]);
    const both = matchAnchors(anchors([25, 5, 10, 10], [25, 5, 12, 12], [25, 5, 40, 40]), [near, near], { ...FORCED, positive: 0.9, negative: 0.9 });
    expect([...both]).toEqual([0, 1, BACKGROUND]);
  });

  it('takes an anchor from another face where it must', () => {
    // Anchor 0 fits face 0 with IoU 0.9 and is all that overlaps face 1.
    const found = matchAnchors(anchors([5, 5, 10, 10], [5, 6, 10, 10]), [[0, 1, 10, 11], [0, 0, 10, 3]], FORCED);
    expect([...found]).toEqual([1, 0]);
  });

  it('matches nothing to no face and to a face without area', () => {
    for (const boxes of [[], [[3, 3, 3, 9]], [[3, 3, 9, 3], [4, 4, 4, 4]]] as Box[][]) {
      for (const options of [{}, FORCED, { ...FORCED, minForced: 0 }]) expect([...matchAnchors(ROW, boxes, options)].every((f) => f === BACKGROUND)).toBe(true);
    }
    expect(matchAnchors(new Float32Array(0), [[0, 0, 1, 1]], FORCED)).toHaveLength(0);
  });

  it('agrees with every pair looked at, and never leaves a face without an anchor that is large enough and free', () => {
    const box = fc.tuple(fc.nat(60), fc.nat(60), fc.nat(30), fc.nat(30)).map(([x, y, w, h]): Box => [x, y, x + w, y + h]);
    const anchor = fc.tuple(fc.nat(60), fc.nat(60), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }));
    fc.assert(fc.property(fc.array(anchor, { maxLength: 30 }), fc.array(box, { maxLength: 6 }), fc.boolean(), (rows, boxes, forceBest) => {
      const all = anchors(...rows), options = { positive: 0.45, negative: 0.25, forceBest, minForced: 0.1 }, found = matchAnchors(all, boxes, options);
      const iou = rows.map((_, a) => boxes.map((b) => anchorIou(all, a, b))), free = matchAnchors(all, boxes, { ...options, forceBest: false });
      free.forEach((f, a) => {
        const top = Math.max(0, ...iou[a]!);
        if (f >= 0) expect(iou[a]![f]).toBe(top);
        expect(f).toBe(top >= 0.45 ? iou[a]!.indexOf(top) : top < 0.25 ? BACKGROUND : IGNORED);
      });
      if (!forceBest) return;
      boxes.forEach((_, g) => rows.forEach((_, a) => {
        // An anchor that a face without any could have had was taken for a face that it overlaps at least as much, or for another's only chance.
        if (iou[a]![g]! >= 0.1 && !found.includes(g)) expect(found[a]).toBeGreaterThanOrEqual(0);
      }));
    }), { numRuns: 300, seed: 4 });
  });

  it('throws on boxes and thresholds that make no sense', () => {
    expect(() => matchAnchors(ROW, [[0, 0, 1, 1], [0, NaN, 1, 1]])).toThrow('matchAnchors: expected box 1 to have four finite numbers x1, y1, x2, y2, got [0,NaN,1,1]');
    expect(() => matchAnchors(ROW, [[5, 0, 4, 1]])).toThrow('matchAnchors: expected box 0 to have x1 <= x2 and y1 <= y2, got [5,0,4,1]');
    expect(() => matchAnchors(ROW, [], { negative: 0.6 })).toThrow('matchAnchors: expected negative to have at most the value of positive, 0.5, got 0.6');
    expect(() => matchAnchors(ROW, [], { positive: 1.5 })).toThrow('matchAnchors: expected positive to have a value in [0, 1], got 1.5');
    expect(() => matchAnchors(ROW, [], { positive: 0, negative: 0 })).toThrow('expected positive to have a value above 0, got 0');
    expect(() => matchAnchors(ROW.subarray(0, 6), [])).toThrow('matchAnchors: expected anchors to have four numbers each, got 6 numbers');
  });
});
