import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import type { ProgressListener } from '../core/progress.ts';
import type { FaceModel } from '../decoder/face-model.ts';
import type { PixelImage } from '../io/image.ts';
import { isGreyImage } from '../io/is-grey-image.ts';
import { assertBox, assertLandmarks5, type Box, type CropFrame, type Point } from './crop-frame.ts';
import { describeFit } from './describe-fit.ts';
import { expressionLatents } from './expression-latent.ts';
import { FaceRenderer } from './face-renderer.ts';
import { fitLevel, type ScoredStart } from './fit-level.ts';
import type { FitWeights } from './fit-objective.ts';
import { boxStarts, type FitStart, landmarkStart, movedStart } from './fit-start.ts';
import { type PoseForm, sceneNumbers, type SceneNumbers } from './scene.ts';
import { silhouetteMask } from './silhouette-mask.ts';

/** What is to be fitted. */
export interface FitTarget {
  /** Pixels of the photograph, exclusive end. */
  readonly box: Box;
  /** Image-left eye, image-right eye, nose tip, image-left and image-right mouth corner, pixels. */
  readonly landmarks?: readonly Point[] | null;
  /**
   * Where the photograph shows the face, from the forehead to the chin without hair, ears and neck: of the photograph's size, white or opaque on the face.
   * The outline of the mesh's face mask is held to it.
   */
  readonly silhouette?: PixelImage | null;
}

/** Options of {@link fitFace}. */
export interface FitOptions {
  /** Edge of the finest crop, pixels: a multiple of 4. */
  readonly size: number;
  /** Steps at a quarter and half of `size`, at the whole of it for the two best starts, and for the best. */
  readonly steps: readonly [number, number, number, number];
  /** Difference from the fit, in means of it over the face, at which a pixel counts half in the last level (`occlusionMask`): it shows a hand, hair or glasses. Infinity: all count alike. */
  readonly occlusion: number;
  readonly weights: FitWeights;
}

export const FIT_DEFAULTS: FitOptions = {
  size: 112, steps: [15, 35, 20, 70], occlusion: 1.8,
  weights: { pixel: 300, landmarkDeviation: 0.012, silhouette: 700, outline: 12, background: 0.2, latent: 1, camera: 1, light: 1 },
};

/** One fitted face. */
export interface FaceFit {
  /** Of the crop that `frame` cuts out; without roll. */
  readonly scene: SceneNumbers;
  readonly pose: PoseForm;
  /** Square window on the photograph, turned with the head: its roll is in here. */
  readonly frame: CropFrame;
  /** Edge of the finest crop that was fitted. */
  readonly size: number;
  /** By name: `pixel` (mean length of the RGB difference under the face mask), `color` (mean absolute difference), of the render cut to white and, where the photograph is grey, made grey, `landmarks` (mean distance / crop edge), `silhouette` (area that is wrong / area of the silhouette), `latent` (root mean square). */
  readonly losses: Readonly<Record<string, number>>;
  readonly steps: number;
  readonly seconds: number;
  /** As given, otherwise of the fitted mesh; photograph pixels. */
  readonly landmarks5: readonly Point[];
  readonly landmarks68: readonly Point[];
  readonly landmarkVertices68: Int32Array;
}

/** Where a fit that is under way stands: the best start so far. */
export interface FitStep {
  readonly step: number;
  readonly total: number;
  /** The objective at the resolution of this step. */
  readonly loss: number;
  /** The mean pixel difference in it. */
  readonly pixel: number;
  /** Without roll, which is in `frame`, as in {@link FaceFit}. */
  readonly scene: SceneNumbers;
  readonly frame: CropFrame;
}

/** What {@link fitFace} takes beside its work. */
export interface FitControl {
  readonly signal?: AbortSignal;
  readonly onProgress?: ProgressListener;
  /** Told as often as `onProgress`; nothing is worked out for it where it is absent. */
  readonly onStep?: (step: FitStep) => void;
}

/** Of each level: what part of the finest crop's edge its own is, and the last step as a share of the first. */
const LEVELS = [{ part: 4, last: 0.3 }, { part: 2, last: 0.3 }, { part: 1, last: 0.3 }, { part: 1, last: 0.03 }] as const;

/**
 * The same of crops on which curvature is worked out: where a fit begins and for the last level, about 0.3 s each. On crops of half the edge, and at level 1 as well, it costs 0.7 s more and finds nothing better.
 */
const CURVATURE_PART = 4;

/** Share of level 0's steps that every one of several starts gets, and how many get the others. */
const GLANCE = { share: 0.4, keep: 4 } as const;

/** Steps between looks at the signal and the clock of the caller. */
const BREATH = 8;

/**
 * Fits the 144 numbers to a face in a photograph: starts from the landmarks or, from the box alone, from several attitudes of which the best are
 * kept, each with open eyes, with and without a smile; then Adam in coordinates whitened by the Gauss-Newton matrix, coarse to fine, on the masked pixel
 * difference, the landmarks, and a normal prior on every number.
 *
 * A grey photograph (`isGreyImage`) is compared by luma, under a light held nearly white: its colours are the prior's.
 *
 * Deterministic: the same input gives the same bits on one backend. The current backend computes.
 *
 * @param photo - Upright.
 * @throws {@link ArgumentError} if box, landmarks or options do not fit the photograph; the signal's reason when aborted.
 *
 * @example
 * ```ts
 * const fit = await fitFace(photo, { box: [307, 82, 500, 349] }, model);
 * ```
 */
export async function fitFace(photo: PixelImage, target: FitTarget, model: FaceModel, options?: Partial<FitOptions>, { signal, onProgress, onStep }: FitControl = {}): Promise<FaceFit> {
  const where = 'fitFace', resolved = resolveOptions(where, FIT_DEFAULTS, options), { box, landmarks = null } = target, began = performance.now();
  assertBox(where, box, photo.width, photo.height);
  if (landmarks) assertLandmarks5(where, landmarks, box);
  assertFitOptions(where, resolved);
  const silhouette = target.silhouette ? silhouetteMask(where, target.silhouette, photo) : null;
  const renderer = new FaceRenderer(model);
  let done = 0;
  let starts = landmarks ? [landmarkStart(model, landmarks)] : boxStarts(box, model.decoder.config.latentSize);
  // Of many attitudes most are out of the question after a few steps.
  const kept = Math.ceil(starts.length / 5), glance = starts.length > GLANCE.keep ? Math.floor(GLANCE.share * resolved.steps[0]) : 0;
  const first = glance * starts.length + (resolved.steps[0] - glance) * (glance > 0 ? GLANCE.keep : starts.length);
  const total = first + resolved.steps[1] * 2 * kept + resolved.steps[2] * 2 + resolved.steps[3];
  const breathe = async (note: string, best: () => ScoredStart): Promise<void> => {
    if (++done % BREATH !== 0) return;
    signal?.throwIfAborted();
    onProgress?.({ label: 'fit', done, total, seconds: (performance.now() - began) / 1000, note });
    if (onStep) {
      const { raw, frame, loss, pixel } = best();
      onStep({ step: done, total, loss, pixel, scene: sceneNumbers(raw, 'look-at'), frame });
    }
    await new Promise((resolve) => { setTimeout(resolve, 0); });
  };
  try {
    signal?.throwIfAborted();
    const evidence = { photo, landmarks, silhouette, isGrey: isGreyImage(photo) }, { size, weights } = resolved;
    const level = (index: 0 | 1 | 2 | 3, from: readonly FitStart[], steps = resolved.steps[index]): Promise<FitStart[]> => {
      const { part, last } = LEVELS[index];
      // Where a box may be off by a tenth, the curvature about the start says little of the way.
      const curvatureSize = index === (landmarks ? 0 : 1) || index === 3 ? size / CURVATURE_PART : null;
      return fitLevel(renderer, evidence, from, { size: size / part, curvatureSize, occlusion: index === 3 ? resolved.occlusion : null, steps, last }, weights, breathe);
    };
    if (glance > 0) starts = (await level(0, starts, glance)).slice(0, GLANCE.keep);
    starts = (await level(0, starts, resolved.steps[0] - glance)).slice(0, kept);
    // A coarse picture closes eyes, and what lids and lips hide has no gradient: each start goes on with open eyes, and with a smile as well.
    const { openEyes, smile } = expressionLatents(model);
    starts = (await level(1, starts.flatMap((start) => [movedStart(start, openEyes), movedStart(start, openEyes, smile)]))).slice(0, 2);
    starts = (await level(2, starts)).slice(0, 1);
    const [{ frame, raw }] = await level(3, starts) as [FitStart];
    return describeFit(evidence, model, { frame, scene: sceneNumbers(raw, 'look-at') }, { size, steps: done, seconds: (performance.now() - began) / 1000 });
  } finally {
    renderer.dispose();
  }
}

function assertFitOptions(where: string, { size, steps, occlusion, weights }: FitOptions): void {
  if (!(Number.isInteger(size) && size % 4 === 0 && size >= 32 && size <= 1024)) throw new ArgumentError(where, 'size', 'a multiple of 4 from 32 to 1024', String(size));
  if (steps.length !== 4 || !steps.every((n) => Number.isInteger(n) && n >= 1 && n <= 100_000)) throw new ArgumentError(where, 'steps', 'four whole numbers from 1 to 100000', `[${steps}]`);
  if (!(occlusion > 0)) throw new ArgumentError(where, 'occlusion', 'a positive number, or Infinity', String(occlusion));
  const { landmarkDeviation, ...rest } = resolveOptions(where, FIT_DEFAULTS.weights, weights);
  if (!(landmarkDeviation > 0)) throw new ArgumentError(where, 'weights.landmarkDeviation', 'a positive number', String(landmarkDeviation));
  for (const [name, weight] of Object.entries(rest)) if (!(weight >= 0 && weight < Infinity)) throw new ArgumentError(where, `weights.${name}`, 'a number of at least 0', String(weight));
}
