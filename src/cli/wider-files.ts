import type { DetectOptions } from '../detector/detect-faces.ts';
import type { DetectedFace } from '../detector/detections.ts';
import type { LoadedDetector } from './load-detector.ts';

/**
 * A prediction file of WIDER FACE: the photo's name, the number of faces, then `left top width height score` a face, in whole pixels: left, top, right and bottom
 * without their decimals, as the writers of the published figures have it. Half a pixel moves the AP of "hard" by 0.003: faces there are 10 pixels tall.
 */
export function widerRows(name: string, faces: readonly DetectedFace[]): string {
  const rows = faces.map(({ box, score }) => {
    const [left, top, right, bottom] = box.map((edge) => Math.trunc(edge) + 0) as [number, number, number, number]; // + 0: no -0
    return `${left} ${top} ${right - left} ${bottom - top} ${score.toFixed(6)}`;
  });
  return `${[name, faces.length, ...rows].join('\n')}\n`;
}

/** How predictions were made, for whoever evaluates them: figures of other resolutions are not comparable. */
export function widerProtocol({ threshold, nmsThreshold, maxSide, shortEdges, flip, voting, imagePyramid }: DetectOptions, { name, sha256 }: Pick<LoadedDetector, 'name' | 'sha256'>, backend: string): string {
  const resolution = shortEdges ? `short edges ${shortEdges.join(', ')}` : imagePyramid ? 'original size and its halves' : 'original size';
  return `${JSON.stringify({
    resolution: maxSide === null ? resolution : `${resolution}, at most ${maxSide} pixels along the longest side`, maxSide, confidence: threshold, nms: nmsThreshold,
    tta: shortEdges !== null || flip || voting ? { shortEdges, flip, voting } : false, weights: { name, sha256 }, backend,
  }, null, 2)}\n`;
}
