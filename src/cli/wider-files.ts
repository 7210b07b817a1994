import type { DetectOptions } from '../detector/detect-faces.ts';
import type { DetectedFace } from '../detector/detections.ts';
import type { LoadedDetector } from './load-detector.ts';

/**
 * A prediction file of WIDER FACE: the photo's name, the number of faces, then `left top width height score` a face. Pixels keep their decimals, which
 * other writers cut off.
 */
export function widerRows(name: string, faces: readonly DetectedFace[]): string {
  const rows = faces.map(({ box: [x1, y1, x2, y2], score }) => `${[x1, y1, x2 - x1, y2 - y1].map((x) => x.toFixed(3)).join(' ')} ${score.toFixed(6)}`);
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
