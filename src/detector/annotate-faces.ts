import { assertPixelImage, type PixelImage } from '../io/image.ts';
import type { DetectedFace } from './detections.ts';

type Color = readonly [number, number, number];

const BOX: Color = [46, 230, 120], TEXT: Color = [0, 0, 0], RIM: Color = [0, 0, 0];
/** Left eye, right eye, nose, corners of the mouth. */
const POINTS: readonly Color[] = [[70, 150, 255], [255, 90, 90], [255, 225, 60], [90, 230, 255], [255, 140, 230]];

/** Digits and a point, 5 rows of 3 bits. */
const GLYPHS: Record<string, readonly number[]> = {
  0: [7, 5, 5, 5, 7], 1: [2, 6, 2, 2, 7], 2: [7, 1, 7, 4, 7], 3: [7, 1, 7, 1, 7], 4: [5, 5, 7, 1, 1], 5: [7, 4, 7, 1, 7], 6: [7, 4, 7, 5, 7], 7: [7, 1, 1, 2, 2], 8: [7, 5, 7, 5, 7], 9: [7, 5, 7, 1, 7], '.': [0, 0, 0, 0, 2],
};

/**
 * A photo with what was found drawn on it: boxes, scores, and five points, the left eye blue and the right eye red as they lie in the picture. Lines grow
 * with the photo, and text with the face.
 *
 * @returns Another image, of 3 channels.
 */
export function annotateFaces(photo: PixelImage, faces: readonly DetectedFace[]): PixelImage {
  assertPixelImage('annotateFaces', photo);
  const { width, height, channels } = photo, data = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++) for (let c = 0; c < 3; c++) data[3 * i + c] = photo.data[channels * i + c]!;
  const image: PixelImage = { width, height, channels: 3, data }, line = Math.max(1, Math.round(Math.max(width, height) / 700));
  // The best last: it lies on top.
  for (const { box, score, landmarks5 } of faces.toReversed()) {
    const [x1, y1, x2, y2] = box.map(Math.round) as [number, number, number, number];
    fillRect(image, x1, y1, x2, y1 + line, BOX);
    fillRect(image, x1, y2 - line, x2, y2, BOX);
    fillRect(image, x1, y1, x1 + line, y2, BOX);
    fillRect(image, x2 - line, y1, x2, y2, BOX);
    const radius = Math.max(1, 0.03 * Math.min(x2 - x1, y2 - y1));
    landmarks5.forEach(([x, y], k) => {
      fillDisc(image, x, y, radius + Math.max(0.5, radius / 4), RIM);
      fillDisc(image, x, y, radius, POINTS[k]!);
    });
    const cell = Math.max(Math.round((x2 - x1) / 45), Math.ceil(line / 2)), label = score.toFixed(2), labelWidth = cell * (4 * label.length + 1), labelHeight = 7 * cell;
    // Above the box, or in it where there is no room.
    const top = y1 >= labelHeight ? y1 - labelHeight : y1, left = Math.max(0, Math.min(x1, width - labelWidth));
    fillRect(image, left, top, left + labelWidth, top + labelHeight, BOX);
    [...label].forEach((digit, k) => drawGlyph(image, GLYPHS[digit]!, left + cell * (1 + 4 * k), top + cell, cell));
  }
  return image;
}

function drawGlyph(image: PixelImage, rows: readonly number[], left: number, top: number, cell: number): void {
  rows.forEach((row, y) => {
    for (let x = 0; x < 3; x++) if ((row >> (2 - x)) & 1) fillRect(image, left + cell * x, top + cell * y, left + cell * (x + 1), top + cell * (y + 1), TEXT);
  });
}

function fillRect({ width, height, data }: PixelImage, x1: number, y1: number, x2: number, y2: number, color: Color): void {
  for (let y = Math.max(0, y1); y < Math.min(height, y2); y++) for (let x = Math.max(0, x1); x < Math.min(width, x2); x++) data.set(color, 3 * (y * width + x));
}

function fillDisc({ width, height, data }: PixelImage, cx: number, cy: number, radius: number, color: Color): void {
  for (let y = Math.max(0, Math.floor(cy - radius)); y < Math.min(height, cy + radius); y++) {
    for (let x = Math.max(0, Math.floor(cx - radius)); x < Math.min(width, cx + radius); x++) {
      if ((x + 0.5 - cx) ** 2 + (y + 0.5 - cy) ** 2 <= radius * radius) data.set(color, 3 * (y * width + x));
    }
  }
}
