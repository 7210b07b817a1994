import type { Detector } from '../detector/detector.ts';
import type { DetectOptions } from '../detector/detect-faces.ts';
import type { DetectedFace } from '../detector/detections.ts';
import type { PixelImage } from '../io/image.ts';

/** Looking once with a feature pyramid beside looking at an image pyramid. */
export interface PyramidComparison {
  /** All levels, on the photo as it is. */
  readonly singleScale?: PyramidRun;
  /** The finest level alone, on the photo and its halves. */
  readonly imagePyramid?: PyramidRun;
  /** Faces that both found: boxes that overlap by half. */
  readonly common?: number;
}

export interface PyramidRun {
  readonly faces: number;
  /** Sizes that the network saw. */
  readonly sizes: readonly string[];
  /** From the decoded photo to its faces, the least of three, after one that is not counted. */
  readonly milliseconds: number;
}

/** Runs that are timed. */
const RUNS = 3;

/** Detects in one way or both, timed, in turns so that both meet the same machine. The faces are those of the single scale where it runs. */
export async function comparePyramids(detector: Detector, photo: PixelImage, options: DetectOptions, { imagePyramid, singleScale, signal }: { readonly imagePyramid: boolean; readonly singleScale: boolean; readonly signal: AbortSignal }): Promise<{ faces: DetectedFace[]; record: PyramidComparison }> {
  const [{ detectFaces }, { planPasses }, { boxOverlap }] = await Promise.all([import('../detector/detect-faces.ts'), import('../detector/detection-passes.ts'), import('../detector/box-overlap.ts')]);
  const ways = [...(singleScale ? [false] : []), ...(imagePyramid ? [true] : [])].map((pyramid) => ({ pyramid, faces: [] as DetectedFace[], milliseconds: Infinity }));
  for (let run = 0; run <= RUNS; run++) {
    for (const way of ways) {
      signal.throwIfAborted();
      const began = performance.now();
      way.faces = await detectFaces(detector, photo, { ...options, imagePyramid: way.pyramid }, { signal });
      if (run > 0) way.milliseconds = Math.min(way.milliseconds, performance.now() - began);
    }
  }
  const runs = ways.map(({ pyramid, faces, milliseconds }): PyramidRun => {
    const passes = planPasses(photo.width, photo.height, detector.config.levels, { ...options, imagePyramid: pyramid, maxPixels: Infinity });
    return { faces: faces.length, sizes: passes.map(({ width, height }) => `${width} x ${height}`), milliseconds: Number(milliseconds.toFixed(1)) };
  });
  const [first, second] = ways, common = first && second ? first.faces.filter(({ box }) => second.faces.some((other) => boxOverlap(box, 0, other.box, 0) >= 0.5)).length : undefined;
  return { faces: first!.faces, record: { ...(singleScale && { singleScale: runs[0]! }), ...(imagePyramid && { imagePyramid: runs.at(-1)! }), ...(common !== undefined && { common }) } };
}

/** Lines for people. */
export function formatComparison({ singleScale, imagePyramid, common }: PyramidComparison): string[] {
  const line = (what: string, { faces, sizes, milliseconds }: PyramidRun): string => `  ${what}: ${faces} faces, ${milliseconds.toFixed(0)} ms, ${sizes.join(', ')}`;
  return [
    ...(singleScale ? [line('single scale (feature pyramid)', singleScale)] : []), ...(imagePyramid ? [line('image pyramid (finest level)', imagePyramid)] : []),
    ...(singleScale && imagePyramid ? [`  ${common} found by both; the image pyramid takes ${(imagePyramid.milliseconds / singleScale.milliseconds).toFixed(2)} times as long`] : []),
  ];
}
