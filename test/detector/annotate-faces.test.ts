import { expect, it } from 'vitest';
import { annotateFaces } from '../../src/detector/annotate-faces.ts';
import type { DetectedFace } from '../../src/detector/detections.ts';
import type { PixelImage } from '../../src/io/image.ts';

const photo = (channels: 3 | 4): PixelImage => ({ width: 120, height: 90, channels, data: new Uint8Array(120 * 90 * channels).fill(50) });
const FACE: DetectedFace = { box: [20.4, 30, 79.6, 80], score: 0.98, landmarks5: [[40, 45], [60, 45], [50, 55], [42, 68], [58, 68]] };

it.each([3, 4] as const)('draws box, score and points, and leaves the photo as it is; %d channels', (channels) => {
  const given = photo(channels), image = annotateFaces(given, [FACE]), at = (x: number, y: number): number[] => [...image.data.subarray(3 * (y * 120 + x), 3 * (y * 120 + x) + 3)];
  expect(new Set(given.data)).toEqual(new Set([50]));
  expect([image.width, image.height, image.channels]).toEqual([120, 90, 3]);
  const [green] = [at(20, 79)];
  for (const [x, y] of [[20, 30], [79, 30], [20, 79], [79, 79], [50, 79], [20, 60]] as const) expect(at(x, y)).toEqual(green);
  for (const [x, y] of [[19, 60], [21, 60], [80, 60], [50, 78], [50, 80], [100, 20]] as const) expect(at(x, y)).toEqual([50, 50, 50]);
  const points = FACE.landmarks5.map(([x, y]) => `${at(x, y)}`);
  expect(new Set([...points, '50,50,50', `${green}`]).size).toBe(7);
  // The label stands on the box, black on its colour.
  const label = Array.from({ length: 17 * 7 }, (_, i) => `${at(20 + (i % 17), 23 + Math.floor(i / 17))}`);
  expect(new Set(label)).toEqual(new Set([`${green}`, '0,0,0']));
});

it('bears faces that reach over every edge, and none', () => {
  const wide: DetectedFace = { ...FACE, box: [-30, -20, 400, 300], score: 1, landmarks5: [[-5, -5], [500, 2], [60, 40], [0, 0], [119.9, 89.9]] };
  expect(annotateFaces(photo(3), [wide, FACE]).data.length).toBe(120 * 90 * 3);
  expect(annotateFaces(photo(3), [])).toEqual(photo(3));
});
