import { expect, it } from 'vitest';
import { summarizeBalance, type ToneScore } from '../../src/dense/summarize-balance.ts';

/** Grey of a lightness: L* = 116 Y^(1/3) - 16, sRGB from Y. */
const greyOf = (lightness: number): readonly [number, number, number] => {
  const y = ((lightness + 16) / 116) ** 3, x = 1.055 * y ** (1 / 2.4) - 0.055;
  return [x, x, x];
};

/** A portrait whose skin is read as one lightness and fitted as another, under a light that shows albedos as they are; the model's mean is L* 60. */
const portrait = (angle: number, read: number, fitted: number, { relative = 0.1, luminance = 0.5 } = {}): ToneScore => ({
  file: `${angle}.jpg`, angle, colorDifference: relative * luminance, nme: 0.02, skin: { photo: greyOf(read), light: [1, 1, 1], read: greyOf(read), fitted: greyOf(fitted), mean: greyOf(60), luminance, pixels: 100 },
});

it('cuts portraits into bins of equal size by their angle, darkest first, and names their classes', () => {
  const { count, bins } = summarizeBalance([60, -40, 0, 20, 35, 50, 45, 70, -50, 30].map((angle) => portrait(angle, 50, 50)));
  expect(count).toBe(10);
  expect(bins.map(({ angles, count, class: name }) => [...angles, count, name])).toEqual([
    [-50, -45, -40, 2, 'dark'], [0, 10, 20, 2, 'brown'], [30, 32.5, 35, 2, 'intermediate'], [45, 47.5, 50, 2, 'light'], [60, 65, 70, 2, 'very light'],
  ]);
});

it('says by how much the fitted skin lies nearer to the mean than the photograph\'s, from either side, or further off', () => {
  const { bins, overall } = summarizeBalance([portrait(-40, 30, 35), portrait(0, 50, 50), portrait(20, 40, 38), portrait(40, 80, 72), portrait(60, 80, 83)]);
  const close = (values: readonly number[]): unknown[] => values.map((x): unknown => expect.closeTo(x, 6));
  expect(bins.map(({ figures }) => figures.shiftOwnLight.median)).toEqual(close([5, 0, -2, 8, -3]));
  expect(bins.map(({ figures }) => figures.shiftCommonLight.median)).toEqual(close([5, 0, -2, 8, -3])); // all lights are the same
  expect(bins.map(({ figures }) => figures.lighterThanCommonLight.median)).toEqual(close([5, 0, -2, -8, 3]));
  expect(overall.shiftOwnLight.median).toBeCloseTo(0, 6);
});

it('sees by one common light what a fit\'s own light makes up for', () => {
  // A dark face fitted as the mean under half the light: nothing is left to see but for the light of the others.
  const others = [10, 20, 30, 40].map((angle) => portrait(angle, 60, 60)), dark = portrait(0, 60, 60), half = dark.skin.read.map((x) => x / 2) as unknown as readonly [number, number, number];
  const { bins, commonLight, spread } = summarizeBalance([...others, { ...dark, skin: { ...dark.skin, photo: half, light: [0.5, 0.5, 0.5] } }]);
  expect(commonLight).toEqual([1, 1, 1]);
  expect(bins[0]!.figures.shiftOwnLight.median).toBeCloseTo(0, 6);
  expect(bins[0]!.figures.shiftCommonLight.median).toBeGreaterThan(20);
  expect(spread.fitted).toBeCloseTo(0, 6);
  expect(spread.commonLight).toBeGreaterThan(5);
});

it('names the bin whose difference over the luminance is worst, as a multiple of that of all', () => {
  // The same difference on a photograph half as bright is twice the error.
  const members = Array.from({ length: 20 }, (_, i) => portrait(10 * (i - 5), 50, 50, i < 4 ? { relative: 0.2, luminance: 0.25 } : {}));
  const { bins, worst, overall } = summarizeBalance(members);
  expect([worst, overall.relativeDifference.median, overall.colorDifference.median]).toEqual([0, expect.closeTo(0.1, 12), expect.closeTo(0.05, 12)]);
  expect(bins.map(({ ratio }) => ratio.median)).toEqual([expect.closeTo(2, 12), ...[1, 2, 3, 4].map((): unknown => expect.closeTo(1, 12))]);
  expect(bins[0]!.ratio.interval95).toEqual([expect.closeTo(2, 12), expect.closeTo(2, 12)]);
  expect(bins[0]!.figures.colorDifference.median).toBeCloseTo(0.05, 12);
});

it('tells how the fitted lightness goes with the photograph\'s', () => {
  const { spread } = summarizeBalance([30, 40, 50, 60, 70].map((read, i) => portrait(10 * i, read, 50 + (read - 50) / 2)));
  expect([spread.fitted, spread.commonLight, spread.correlation]).toEqual([expect.closeTo(Math.sqrt(200) / 2, 5), expect.closeTo(Math.sqrt(200), 5), expect.closeTo(1, 8)]);
});

it('refuses fewer portraits than bins', () => expect(() => summarizeBalance([portrait(0, 50, 50)])).toThrow(/summarizeBalance: expected portraits to have at least one for each of 5 bins, got 1/));
