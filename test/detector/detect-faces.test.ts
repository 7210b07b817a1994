import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { detectorAnchors } from '../../src/detector/anchors.ts';
import { encodeBoxes, encodeLandmarks } from '../../src/detector/box-coding.ts';
import { boxOverlap } from '../../src/detector/box-overlap.ts';
import { DETECTOR_PRESETS } from '../../src/detector/config.ts';
import { DETECT_DEFAULTS, detectFaces, type DetectOptions, type FacePredictor, TTA_OPTIONS } from '../../src/detector/detect-faces.ts';
import type { PixelImage } from '../../src/io/image.ts';
import { useCpuBackend } from '../../src/kernels/cpu/index.ts';

beforeAll(async () => { await useCpuBackend(); });

const config = { ...DETECTOR_PRESETS['mobilenet0.25'], pixels: { order: 'rgb', mean: [0, 0, 0], deviation: [1, 1, 1] } } as const;

/** Where the seer says that the points of a box are, in shares of it: not the same when mirrored. */
const PLACES = [0.3, 0.4, 0.8, 0.45, 0.5, 0.6, 0.35, 0.8, 0.7, 0.75];

/** A network that knows: it calls each of three primary colours a face, at the anchor that fits best, and notes the sizes that it is shown. */
function seer(levels = config.levels): FacePredictor & { readonly shown: string[] } {
  const shown: string[] = [];
  return {
    config: { ...config, levels }, shown,
    predictScaled(input) {
      const [, height, width] = input.shape, pixels = input.dataSync(), anchors = detectorAnchors({ ...config, levels }, height, width), A = anchors.length / 4;
      shown.push(`${width}x${height}`);
      const logits = new Float32Array(2 * A).map((_, i) => (i % 2 === 0 ? 4 : -4)), boxDeltas = new Float32Array(4 * A), landmarkDeltas = new Float32Array(10 * A);
      for (let color = 0; color < 3; color++) {
        const box = [Infinity, Infinity, -Infinity, -Infinity];
        for (let p = 0; p < width * height; p++) {
          if (!(pixels[3 * p + color]! > 200 && pixels[3 * p + (color + 1) % 3]! < 100)) continue;
          const x = p % width, y = Math.floor(p / width);
          box.splice(0, 4, Math.min(box[0]!, x), Math.min(box[1]!, y), Math.max(box[2]!, x + 1), Math.max(box[3]!, y + 1));
        }
        if (box[0] === Infinity) continue;
        const corners = Array.from(anchors, (_, i) => anchors[i - (i % 4) + (i % 2)]! + (i % 4 < 2 ? -0.5 : 0.5) * anchors[i - (i % 4) + 2 + (i % 2)]!);
        let best = 0;
        for (let a = 1; a < A; a++) if (boxOverlap(box, 0, corners, a) > boxOverlap(box, 0, corners, best)) best = a;
        const anchor = anchors.slice(4 * best, 4 * best + 4), points = PLACES.map((share, i) => box[i % 2]! + share * (box[2 + (i % 2)]! - box[i % 2]!));
        logits.set([0, 1 + color], 2 * best);
        boxDeltas.set(encodeBoxes(box, anchor, config.variances), 4 * best);
        landmarkDeltas.set(encodeLandmarks(points, anchor, config.variances), 10 * best);
      }
      return { logits: tf.tensor3d(logits, [1, A, 2]), boxDeltas: tf.tensor3d(boxDeltas, [1, A, 4]), landmarkDeltas: tf.tensor3d(landmarkDeltas, [1, A, 10]), dense: null };
    },
  };
}

/** Boxes in primary colours on grey: red, green, blue. */
function picture(width: number, height: number, boxes: readonly (readonly [number, number, number, number])[], channels: 3 | 4 = 3): PixelImage {
  const data = new Uint8Array(width * height * channels).fill(128);
  boxes.forEach(([x1, y1, x2, y2], color) => {
    for (let y = y1; y < y2; y++) for (let x = x1; x < x2; x++) for (let c = 0; c < 3; c++) data[channels * (y * width + x) + c] = c === color ? 255 : 0;
  });
  return { width, height, channels, data };
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
const BOXES = [[16, 20, 40, 52], [100, 30, 160, 100]] as const;
const inside = ([x1, y1, x2, y2]: readonly number[], shares: readonly number[]): number[] => shares.map((s, i) => (i % 2 === 0 ? x1! + s * (x2! - x1!) : y1! + s * (y2! - y1!)));

it.each([3, 4] as const)('finds boxes, scores and points, best first, in a picture of odd size; %d channels', async (channels) => {
  const faces = await detectFaces(seer(), picture(203, 117, BOXES, channels));
  expect(faces.length).toBe(2);
  for (const [n, color] of [1, 0].entries()) {
    expect(faces[n]!.score).toBeCloseTo(logistic(1 + color), 6);
    faces[n]!.box.forEach((x, k) => { expect(x).toBeCloseTo(BOXES[color]![k]!, 3); });
    inside(BOXES[color]!, PLACES).forEach((x, i) => { expect(faces[n]!.landmarks5[i >> 1]![i % 2]).toBeCloseTo(x, 3); });
  }
});

it('keeps the threshold and the limits', async () => {
  const count = async (options: Partial<DetectOptions>): Promise<number> => (await detectFaces(seer(), picture(203, 117, BOXES), options)).length;
  expect(await Promise.all([{ threshold: 0.8 }, { threshold: 0.9 }, { topK: 1 }, { keepTopK: 1 }, { nmsThreshold: 1, threshold: 0.0001 }].map(count))).toEqual([1, 0, 1, 1, 750]);
});

it('sees no more than maxSide allows, and finds the same places', async () => {
  const eye = seer(), faces = await detectFaces(eye, picture(406, 234, [BOXES[1]]), { maxSide: 203 });
  expect(eye.shown).toEqual(['203x117']);
  faces[0]!.box.forEach((x, k) => { expect(Math.abs(x - BOXES[1][k]!)).toBeLessThan(2.1); });
});

it('mirrors, enlarges and votes: points are means of both views, their sides kept', async () => {
  const eye = seer(), [face, ...rest] = await detectFaces(eye, picture(203, 117, [BOXES[1]]), { shortEdges: [117, 234], flip: true, voting: true });
  expect(eye.shown).toEqual(['203x117', '203x117', '406x234', '406x234']);
  expect(rest).toEqual([]);
  face!.box.forEach((x, k) => { expect(Math.abs(x - BOXES[1][k]!)).toBeLessThan(1); });
  // What the seer calls the left eye of the mirrored picture is the right eye of the photo.
  const shares = [0.3, 0.4, 0.8, 0.45, 0.5, 0.6, 0.35, 0.8, 0.7, 0.75], mirrored = [0.2, 0.45, 0.7, 0.4, 0.5, 0.6, 0.3, 0.75, 0.65, 0.8];
  inside(BOXES[1], shares.map((s, i) => (s + mirrored[i]!) / 2)).forEach((x, i) => { expect(Math.abs(face!.landmarks5[i >> 1]![i % 2]! - x)).toBeLessThan(1); });
});

it('drops a box without another in the vote where that is asked for', async () => {
  const votes = async (keepSingles: boolean): Promise<number> => (await detectFaces(seer(), picture(203, 117, BOXES), { voting: true, keepSingles })).length;
  expect([await votes(true), await votes(false)]).toEqual([2, 0]);
});

it('looks at a large photo in tiles and as a whole, and finds small and large once each', async () => {
  const eye = seer(), boxes = [[40, 60, 700, 680], [372, 380, 404, 410], [858, 20, 890, 60]] as const, photo = picture(900, 700, boxes);
  const faces = await detectFaces(eye, photo, { maxPixels: 512 * 512 });
  expect(eye.shown.length).toBe(7); // 3 x 2 tiles, and the whole
  expect(new Set(eye.shown.map((size) => size.split('x').map(Number).reduce((a, b) => a * b) <= 512 * 512))).toEqual(new Set([true]));
  expect(faces.length).toBe(3);
  for (const box of boxes) expect(Math.min(...faces.map((face) => Math.max(...face.box.map((x, k) => Math.abs(x - box[k]!)))))).toBeLessThan(2.5);
});

it('looks with the finest level alone at an image pyramid', async () => {
  const eye = seer(), [face] = await detectFaces(eye, picture(203, 117, [BOXES[1]]), { imagePyramid: true });
  expect(eye.shown).toEqual(['203x117', '102x59']);
  // On the photo its anchor is one of the second level, which does not count: nothing overlaps what the half says.
  expect(await detectFaces(eye, picture(203, 117, [BOXES[1]]), { imagePyramid: true, voting: true, keepSingles: false })).toEqual([]);
  face!.box.forEach((x, k) => { expect(Math.abs(x - BOXES[1][k]!)).toBeLessThan(2.1); });
});

it('leaves no tensor behind, reports each look, and stops when told to', async () => {
  const photo = picture(203, 117, BOXES), before = tf.memory().numTensors, reports: string[] = [];
  await detectFaces(seer(), photo, { ...TTA_OPTIONS, shortEdges: [100, 150] }, { onProgress: ({ label, done, total }) => reports.push(`${label} ${done}/${total}`) });
  expect(reports).toEqual(['detect 1/4', 'detect 2/4', 'detect 3/4', 'detect 4/4']);
  const stop = new AbortController();
  await expect(detectFaces(seer(), photo, { flip: true }, { signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) })).rejects.toThrow('enough');
  expect(tf.memory().numTensors).toBe(before);
});

it('names what is wrong', async () => {
  const photo = picture(64, 64, []), run = (options: object): Promise<unknown> => detectFaces(seer(), photo, options);
  await expect(run({ threshold: 1 })).rejects.toThrow(/detectFaces: expected threshold to have a probability in \[0, 1\), got 1/);
  await expect(run({ nmsThreshold: -1 })).rejects.toThrow(/expected nmsThreshold to have a number in \[0, 1\], got -1/);
  await expect(run({ topK: 0 })).rejects.toThrow(/expected topK to have a whole number of at least 1, got 0/);
  await expect(run({ keepTopK: 1.5 })).rejects.toThrow(/expected keepTopK to have a whole number of at least 1, got 1.5/);
  await expect(run({ maxSide: 3 })).rejects.toThrow(/expected maxSide to have a whole number of at least 16, got 3/);
  await expect(run({ shortEdges: [] })).rejects.toThrow(/expected shortEdges to have at least one edge, or to be null, got none/);
  await expect(run({ shortEdges: [500, NaN] })).rejects.toThrow(/expected shortEdges to have a whole number of at least 16, got NaN/);
  await expect(run({ shortEdges: [500], imagePyramid: true })).rejects.toThrow(/expected shortEdges to have no value beside imagePyramid/);
  await expect(run({ maxPixels: 100 })).rejects.toThrow(/expected maxPixels to have a whole number of at least 262144, got 100/);
  await expect(run({ confidence: 0.5 })).rejects.toThrow(/only the keys .*, got confidence/);
  await expect(detectFaces({ ...seer(), config: { ...config, landmarks: 68 } }, photo)).rejects.toThrow(/detectFaces: a network of 68 landmarks is not supported; use its predictions with selectCandidates/);
  expect(DETECT_DEFAULTS).toMatchObject({ threshold: 0.5, nmsThreshold: 0.4, topK: 5000, keepTopK: 750, maxSide: null });
});
