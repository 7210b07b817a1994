import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detectFaces } from '../../src/detector/detect-faces.ts';
import type { Detector } from '../../src/detector/detector.ts';
import { detectorFromTensors } from '../../src/detector/detector-tensors.ts';
import type { PixelImage } from '../../src/io/image.ts';
import { readImageFile } from '../../src/io/node-image.ts';
import { useWasmBackend } from '../../src/kernels/wasm/index.ts';
import { NO_PUBLISHED_WEIGHTS, publishedTensors } from '../support/detector-file.ts';
import { goldenPicture, NO_RETINAFACE_GOLDEN, type RetinaFaceGolden, retinaFaceGoldens } from '../support/retinaface-golden.ts';

const ABSENT = NO_PUBLISHED_WEIGHTS || NO_RETINAFACE_GOLDEN, DATA = '../shared/data';

/** Where the pictures lie that the goldens do not bring. */
const SOURCES: Record<string, string> = { congress_A000014_odd225x275: `${DATA}/portraits/images/A000014.jpg`, solvay1927: `${DATA}/photos/solvay1927.jpg`, obama_portrait_410x512: `${DATA}/photos/portrait.jpg` };

/** Each pixel the mean of four, as the golden's picture was halved. */
function halved({ width, height, data }: PixelImage): PixelImage {
  const w = width / 2, h = height / 2, at = (x: number, y: number, c: number): number => data[3 * (y * width + x) + c]!;
  return { width: w, height: h, channels: 3, data: Uint8Array.from({ length: 3 * w * h }, (_, i) => {
    const c = i % 3, x = 2 * (Math.floor(i / 3) % w), y = 2 * Math.floor(i / 3 / w);
    return (at(x, y, c) + at(x + 1, y, c) + at(x, y + 1, c) + at(x + 1, y + 1, c) + 2) >> 2;
  }) };
}

async function pictureOf({ name, width }: RetinaFaceGolden): Promise<PixelImage> {
  const image = await readImageFile(goldenPicture(name) ?? SOURCES[name]!);
  return image.width === width ? image : halved(image);
}

describe.skipIf(ABSENT)(`detections of the published network${ABSENT}`, () => {
  let detector: Detector;
  beforeAll(async () => {
    await useWasmBackend();
    detector = detectorFromTensors({ tensors: await publishedTensors() });
  });
  afterAll(() => detector.dispose());

  it.each(retinaFaceGoldens())('are all there and nothing else: $name, $width x $height', async (golden) => {
    const { width, height, detections, landmarks } = golden, picture = await pictureOf(golden), tensors = tf.memory().numTensors;
    expect([picture.width, picture.height]).toEqual([width, height]);
    const faces = await detectFaces(detector, picture, { threshold: 0.02 });
    expect(faces.length).toBe(detections.length);
    faces.forEach(({ box, score, landmarks5 }, n) => {
      const off = (ours: readonly number[], theirs: readonly number[]): number => Math.max(...ours.map((x, k) => Math.abs(x - theirs[k]!)));
      expect(off(box, detections[n]!)).toBeLessThan(2e-3); // they are rounded to 1e-5, and of 2,048 pixels float32 tells 1e-4
      expect(off(landmarks5.flat(), landmarks[n]!)).toBeLessThan(2e-3);
      expect(Math.abs(score - detections[n]![4]!)).toBeLessThan(2e-5);
    });
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('are found once each by tiles and by the vote of several sizes, too', async () => {
    const solvay = await readImageFile(SOURCES.solvay1927!), people = (await detectFaces(detector, solvay, { threshold: 0.9 })).map(({ box }) => box);
    expect(people.length).toBe(29);
    for (const options of [{ maxPixels: 700_000 }, { shortEdges: [800, 1100], flip: true, voting: true }]) {
      const faces = await detectFaces(detector, solvay, { threshold: 0.9, ...options });
      expect(faces.length).toBe(29);
      for (const [x1, y1, x2, y2] of people) expect(faces.filter(({ box }) => Math.abs(box[0] + box[2] - x1 - x2) + Math.abs(box[1] + box[3] - y1 - y2) < 0.4 * (x2 - x1)).length).toBe(1);
    }
  });
});

it.skipIf(ABSENT)('has the source of every golden', () => {
  for (const { name } of retinaFaceGoldens()) expect(readFileSync(goldenPicture(name) ?? SOURCES[name]!).length).toBeGreaterThan(0);
});
