import { expect, it } from 'vitest';
import { ArgumentError } from '../../src/core/errors.ts';
import { detectorAnchors } from '../../src/detector/anchors.ts';
import { DETECTOR_PRESETS } from '../../src/detector/config.ts';
import { goldenDump, goldensWithDumps, NO_RETINAFACE_GOLDEN, retinaFaceGoldens } from '../support/retinaface-golden.ts';

const { 'mobilenet0.25': mobilenet, 'paper-resnet152': paper, 'paper-mobilenet0.25': small, resnet50 } = DETECTOR_PRESETS;
const count = (...args: Parameters<typeof detectorAnchors>): number => detectorAnchors(...args).length / 4;

it('has the published numbers of anchors at 640 x 640', () => {
  expect([mobilenet, resnet50, paper, small].map((config) => count(config, 640, 640))).toEqual([16_800, 16_800, 102_300, 25_200]);
});

it('has the levels of table 2, 75.07 % of the anchors on P2', () => {
  const levels = paper.levels.map((level) => count({ ...paper, levels: [level] }, 640, 640));
  expect(levels).toEqual([76_800, 19_200, 4_800, 1_200, 300]);
  expect((100 * levels[0]!) / 102_300).toBeCloseTo(75.07, 2);
  const sizes = [...new Set(Array.from(detectorAnchors(paper, 640, 640)).filter((_, i) => i % 4 === 2))].map((s) => s.toFixed(2));
  // The paper prints 161.26, of 128 times 2^(1/3) = 161.27.
  expect(sizes.map(Number)).toEqual([16, 20.16, 25.4, 32, 40.32, 50.8, 64, 80.63, 101.59, 128, 161.27, 203.19, 256, 322.54, 406.37]);
});

it('counts cells that a size fills in part, as strided convolutions with padding do', () => {
  expect(count(mobilenet, 33, 9)).toBe(2 * (5 * 2 + 3 * 1 + 2 * 1));
  expect(count(mobilenet, 1, 1)).toBe(6);
});

it('puts levels finest first, rows before columns, small anchors first; x before y', () => {
  const anchors = detectorAnchors(mobilenet, 16, 24), at = (i: number): number[] => Array.from(anchors.subarray(4 * i, 4 * i + 4));
  expect([at(0), at(1), at(2), at(6), at(12)]).toEqual([[4, 4, 16, 16], [4, 4, 32, 32], [12, 4, 16, 16], [4, 12, 16, 16], [8, 8, 64, 64]]);
});

it('centres as the official code does, where that is asked for', () => {
  const anchors = detectorAnchors({ ...mobilenet, anchorCenters: 'official' }, 40, 40), first = 2 * 25, second = first + 2 * 9;
  expect([0, 4 * 2, 4 * first, 4 * (first + 2), 4 * second, 4 * (second + 2)].map((i) => anchors[i])).toEqual([7.5, 15.5, 7.5, 23.5, 7.5, 39.5]);
});

it.each([[0, 5], [5, 1.5], [NaN, 5], [5, -1], [Infinity, 5]])('refuses a picture of %d x %d', (height, width) => {
  expect(() => detectorAnchors(mobilenet, height, width)).toThrow(ArgumentError);
  expect(() => detectorAnchors(mobilenet, height, width)).toThrow(/detectorAnchors: expected (height|width) to have a positive whole number, got/);
});

it.each(retinaFaceGoldens())(`has the published count for $name, $width x $height${NO_RETINAFACE_GOLDEN}`, ({ width, height, priors }) => {
  expect(count(mobilenet, height, width)).toBe(priors);
});

it.each(goldensWithDumps())(`is the published list for $name${NO_RETINAFACE_GOLDEN}`, ({ name, width, height }) => {
  const ours = detectorAnchors(mobilenet, height, width), theirs = goldenDump(name, 'priors');
  expect(ours.length).toBe(theirs.length);
  let worst = 0;
  for (let i = 0; i < ours.length; i++) worst = Math.max(worst, Math.abs(ours[i]! / (i % 2 === 0 ? width : height) - theirs[i]!));
  expect(worst).toBeLessThan(2e-7);
});

if (NO_RETINAFACE_GOLDEN) it.skip(`agrees with the published network${NO_RETINAFACE_GOLDEN}`);
