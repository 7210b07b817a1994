import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DETECTOR_PRESETS } from '../../src/detector/config.ts';
import { type DetectionPass, type PassOptions, planPasses } from '../../src/detector/detection-passes.ts';

const { levels } = DETECTOR_PRESETS['mobilenet0.25'];
const NONE: PassOptions = { maxSide: null, shortEdges: null, flip: false, imagePyramid: false, maxPixels: 9e6 };
const plan = (width: number, height: number, options: Partial<PassOptions> = {}): DetectionPass[] => planPasses(width, height, levels, { ...NONE, ...options });
const sizes = (passes: readonly DetectionPass[]): string[] => passes.map(({ width, height, flip }) => `${width}x${height}${flip ? ' mirrored' : ''}`);

it('looks once at the photo as it is', () => {
  expect(plan(2048, 922)).toEqual([{ width: 2048, height: 922, window: [0, 0, 2048, 922], flip: false, finestOnly: false }]);
});

it('reduces to the longest side, and enlarges nothing', () => {
  expect(sizes(plan(2048, 922, { maxSide: 1000 }))).toEqual(['1000x450']);
  expect(sizes(plan(300, 200, { maxSide: 1000 }))).toEqual(['300x200']);
});

it('takes every short edge, both ways, within the longest side, no size twice', () => {
  expect(sizes(plan(600, 400, { shortEdges: [500, 1700], flip: true }))).toEqual(['750x500', '750x500 mirrored', '2550x1700', '2550x1700 mirrored']);
  expect(sizes(plan(400, 600, { shortEdges: [100, 500, 1700], maxSide: 600 }))).toEqual(['100x150', '400x600']);
});

it('halves the photo for an image pyramid, of which only the finest level counts', () => {
  const passes = plan(640, 480, { imagePyramid: true });
  expect(sizes(passes)).toEqual(['640x480', '320x240', '160x120', '80x60']);
  expect(passes.every(({ finestOnly }) => finestOnly)).toBe(true);
});

it('cuts what is too large into tiles of whole cells that overlap and cover it, none too large, and adds it reduced', () => {
  const side = fc.integer({ min: 1, max: 9000 });
  fc.assert(fc.property(side, side, fc.integer({ min: 512 * 512, max: 3e6 }), (width, height, maxPixels) => {
    const passes = plan(width, height, { maxPixels });
    for (const { window: [left, top, right, bottom] } of passes) expect((right - left) * (bottom - top)).toBeLessThanOrEqual(maxPixels);
    if (width * height <= maxPixels) {
      expect(passes.length).toBe(1);
      return;
    }
    const reduced = passes.at(-1)!, tiles = passes.slice(0, -1);
    expect(reduced.window).toEqual([0, 0, reduced.width, reduced.height]);
    expect(reduced.width * reduced.height).toBeGreaterThan(Math.min(0.9 * maxPixels, maxPixels - 2 * (width + height)));
    expect(tiles.every((tile) => tile.width === width && tile.height === height && tile.window[0] % 64 === 0 && tile.window[1] % 64 === 0)).toBe(true);
    // Every square as large as the overlap, but for a cell, lies in some tile: enough to see along each axis.
    const overlap = Math.floor((Math.sqrt(maxPixels) - 63) / 64) * 16 - 64;
    for (const [axis, length] of [[0, width], [1, height]] as const) {
      const spans = [...new Set(tiles.map(({ window }) => `${window[axis]},${window[axis + 2]}`))].map((span) => span.split(',').map(Number) as [number, number]);
      expect([spans[0]![0], spans.at(-1)![1]]).toEqual([0, length]);
      spans.slice(1).forEach(([start], i) => { expect(spans[i]![1] - start).toBeGreaterThanOrEqual(overlap); });
      expect(tiles.length % spans.length).toBe(0);
    }
  }), { numRuns: 300 });
});
