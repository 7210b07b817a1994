import * as tf from '@tensorflow/tfjs';
import { ArgumentError, UnsupportedError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import type { ProgressListener } from '../core/progress.ts';
import type { Point } from '../dense/crop-frame.ts';
import { assertPixelImage, type PixelImage } from '../io/image.ts';
import { resizeImage } from '../io/resize-image.ts';
import { detectorAnchors } from './anchors.ts';
import { boxVoting } from './box-voting.ts';
import { type Candidates, joinCandidates, takeCandidates } from './candidates.ts';
import type { DetectorConfig } from './config.ts';
import { candidatesInPhoto } from './candidates-in-photo.ts';
import { cutWindow } from './cut-window.ts';
import { type DetectionPass, type PassOptions, planPasses } from './detection-passes.ts';
import type { DetectedFace } from './detections.ts';
import { nonMaximumSuppression } from './non-maximum-suppression.ts';
import type { Predictions } from './predictions.ts';
import { scaledImage } from './scale-pixels.ts';
import { selectCandidates } from './select-candidates.ts';

/** What {@link detectFaces} needs of a `Detector`. */
export interface FacePredictor {
  readonly config: DetectorConfig;
  /** @param input - `[B, H, W, 3]`, as `scaledImage` makes it. */
  predictScaled(input: tf.Tensor4D): Predictions;
}

/** Options of {@link detectFaces}. */
export interface DetectOptions extends Omit<PassOptions, 'maxPixels'> {
  /** Probability that a face exceeds, in [0, 1). */
  readonly threshold: number;
  /** Intersection over union from which two boxes are one face. */
  readonly nmsThreshold: number;
  /** Anchors that each look at the picture may propose: the best. */
  readonly topK: number;
  /** Faces that may be found: the best. */
  readonly keepTopK: number;
  /** Longest side, in pixels, of every picture that the network sees: what is larger is reduced to it. `null`: no limit, and without `shortEdges` no resize. */
  readonly maxSide: number | null;
  /** Short edges, in pixels, that the photo is resized to, one after the other; `null`: its own size alone. */
  readonly shortEdges: readonly number[] | null;
  /** Looks at every size mirrored as well. */
  readonly flip: boolean;
  /** Merges boxes of one face by voting, in place of taking the best. */
  readonly voting: boolean;
  /** Of voting: whether a box that no other overlaps stays. */
  readonly keepSingles: boolean;
  /** Looks for faces with the finest level alone, on the photo and its halves, in place of all levels on the photo: for comparison. */
  readonly imagePyramid: boolean;
  /** Pixels that the network sees at once, which bounds its memory: more are looked at in overlapping tiles, and reduced. `null`: {@link MAX_PIXELS}. */
  readonly maxPixels: number | null;
}

export const DETECT_DEFAULTS: DetectOptions = {
  threshold: 0.5, nmsThreshold: 0.4, topK: 5000, keepTopK: 750, maxSide: null, shortEdges: null, flip: false, voting: false, keepSingles: true, imagePyramid: false, maxPixels: null,
};

/**
 * Pixels that a network sees at once unless told otherwise. Measured with `mobilenet0.25` on wasm, whole process: 0.17 GB at 640 x 480,
 * 0.54 at 3840 x 2160, 0.93 for 8000 x 6000 in tiles. The ResNets hold maps of 256 channels at a quarter of the resolution:
 * 1.66 GB at 2048 x 2048.
 */
export const MAX_PIXELS = { mobilenet: 9_000_000, resnet: 4_200_000 } as const;

/** The paper's test-time augmentation: RetinaFace, arXiv 1905.00641, section 4.3. */
export const TTA_OPTIONS = { shortEdges: [500, 800, 1100, 1400, 1700], flip: true, voting: true } as const satisfies Partial<DetectOptions>;

/** What {@link detectFaces} takes beside its work. */
export interface DetectControl {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
}

/**
 * Finds the faces of a photo. Boxes and points are in its pixels, not cut at its edges.
 *
 * @param image - Upright; an alpha channel is not looked at.
 * @returns Best first.
 * @throws {@link ArgumentError} for options out of range or weights whose predictions are not finite; {@link UnsupportedError} for a network
 *   of other than five landmarks; the signal's reason when aborted.
 *
 * @example
 * ```ts
 * const faces = await detectFaces(detector, photo, { threshold: 0.8 });
 * const careful = await detectFaces(detector, photo, TTA_OPTIONS);
 * ```
 */
export async function detectFaces(detector: FacePredictor, image: PixelImage, options?: Partial<DetectOptions>, { signal, onProgress }: DetectControl = {}): Promise<DetectedFace[]> {
  const resolved = resolveDetectOptions(options), { nmsThreshold, keepTopK, voting, keepSingles } = resolved, { config } = detector, began = performance.now();
  assertPixelImage('detectFaces', image);
  if (config.landmarks !== 5) throw new UnsupportedError('detectFaces', `a network of ${config.landmarks} landmarks`, 'use its predictions with selectCandidates and nonMaximumSuppression');
  const passes = planPasses(image.width, image.height, config.levels, { ...resolved, maxPixels: resolved.maxPixels ?? MAX_PIXELS[config.backbone.startsWith('resnet') ? 'resnet' : 'mobilenet'] }), found: Candidates[] = [];
  let picture = image;
  for (const [i, pass] of passes.entries()) {
    signal?.throwIfAborted();
    // Sizes come one after the other: one resized picture is held at a time.
    if (picture.width !== pass.width || picture.height !== pass.height) picture = image.width === pass.width && image.height === pass.height ? image : resizeImage(image, pass.width, pass.height);
    found.push(candidatesInPhoto(await runPass(detector, picture, pass, resolved), pass, image));
    onProgress?.({ label: 'detect', done: i + 1, total: passes.length, seconds: (performance.now() - began) / 1000 });
    if (passes.length > 1) await new Promise((resolve) => { setTimeout(resolve, 0); });
  }
  const all = joinCandidates(found), suppress = { threshold: nmsThreshold, keepTopK };
  return facesOf(voting ? boxVoting(all, { ...suppress, keepSingles }) : takeCandidates(all, nonMaximumSuppression(all.boxes, all.scores, suppress)));
}

/** Completed and checked options of {@link detectFaces}. */
export function resolveDetectOptions(options?: Partial<DetectOptions>): DetectOptions {
  const where = 'detectFaces', resolved = resolveOptions(where, DETECT_DEFAULTS, options), { threshold, nmsThreshold, topK, keepTopK, maxSide, shortEdges, imagePyramid, maxPixels } = resolved;
  const whole = (what: string, value: number, least: number): void => {
    if (!(Number.isInteger(value) && value >= least)) throw new ArgumentError(where, what, `a whole number of at least ${least}`, String(value));
  };
  if (!(threshold >= 0 && threshold < 1)) throw new ArgumentError(where, 'threshold', 'a probability in [0, 1)', String(threshold));
  if (!(nmsThreshold >= 0 && nmsThreshold <= 1)) throw new ArgumentError(where, 'nmsThreshold', 'a number in [0, 1]', String(nmsThreshold));
  whole('topK', topK, 1);
  whole('keepTopK', keepTopK, 1);
  if (maxSide !== null) whole('maxSide', maxSide, 16);
  if (shortEdges?.length === 0) throw new ArgumentError(where, 'shortEdges', 'at least one edge, or to be null', 'none');
  for (const edge of shortEdges ?? []) whole('shortEdges', edge, 16);
  if (imagePyramid && shortEdges) throw new ArgumentError(where, 'shortEdges', 'no value beside imagePyramid, which has sizes of its own', `[${shortEdges}]`);
  if (maxPixels !== null) whole('maxPixels', maxPixels, 512 * 512);
  return resolved;
}

/** Numbers of the last picture, kept for the next of its size, and how many are worth keeping: 1280 x 1280 pixels, 20 MB. */
let scratch = new Float32Array(0);
const MAX_SCRATCH = 3 * 1280 * 1280;

function takeScratch(length: number): Float32Array<ArrayBuffer> {
  if (length === scratch.length) return scratch;
  const fresh = new Float32Array(length);
  if (length <= MAX_SCRATCH) scratch = fresh;
  return fresh;
}

async function runPass(detector: FacePredictor, picture: PixelImage, { window, flip, finestOnly }: DetectionPass, options: DetectOptions): Promise<Candidates> {
  const { config } = detector, seen = cutWindow(picture, window, flip), input = scaledImage(seen, config.pixels, takeScratch(3 * seen.width * seen.height));
  const { logits, boxDeltas, landmarkDeltas, dense } = detector.predictScaled(input);
  input.dispose();
  const tensors = [logits, boxDeltas, landmarkDeltas];
  try {
    const arrays = await Promise.all(tensors.map((tensor) => tensor.data() as Promise<Float32Array>)), levels = finestOnly ? config.levels.slice(0, 1) : config.levels;
    const anchors = detectorAnchors({ ...config, levels }, seen.height, seen.width), count = anchors.length / 4;
    const [ofLogits, ofBoxes, ofLandmarks] = finestOnly ? [2, 4, 2 * config.landmarks].map((size, i) => arrays[i]!.subarray(0, size * count)) : arrays;
    return selectCandidates({ logits: ofLogits!, boxDeltas: ofBoxes!, landmarkDeltas: ofLandmarks! }, anchors, config, options);
  } finally {
    tf.dispose(dense ? [...tensors, dense] : tensors);
  }
}

function facesOf({ boxes, scores, landmarks }: Candidates): DetectedFace[] {
  return Array.from(scores, (score, n) => ({
    box: [boxes[4 * n]!, boxes[4 * n + 1]!, boxes[4 * n + 2]!, boxes[4 * n + 3]!] as const, score,
    landmarks5: [0, 1, 2, 3, 4].map((k): Point => [landmarks[10 * n + 2 * k]!, landmarks[10 * n + 2 * k + 1]!]),
  }));
}
