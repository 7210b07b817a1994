import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import type { ProgressListener } from '../core/progress.ts';
import type { FaceModel } from '../decoder/face-model.ts';
import type { PixelImage } from '../io/image.ts';
import { Cholesky } from '../sparse/cholesky.ts';
import { assertBox, assertLandmarks5, type Box, type CropFrame, cropToPhoto, type Point } from './crop-frame.ts';
import { expressionLatents } from './expression-latent.ts';
import { FaceRenderer } from './face-renderer.ts';
import { boxStarts, type FitStart, landmarkStart } from './fit-start.ts';
import { FitObjective, type FitWeights } from './fit-objective.ts';
import { visibleLandmarks68 } from './landmarks68.ts';
import { photoProjection, projectPoint } from './photo-projection.ts';
import { renderFace } from './render-face.ts';
import { type Crop, halveCrop, resampleCrop } from './resample.ts';
import { POSE_AND_LIGHT, type PoseForm, sceneNumbers, type SceneNumbers } from './scene.ts';
import { silhouetteMask } from './silhouette-mask.ts';
import { WhitenedAdam } from './whitened-adam.ts';

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
  readonly weights: FitWeights;
}

export const FIT_DEFAULTS: FitOptions = {
  size: 112, steps: [30, 35, 25, 100],
  weights: { pixel: 130, landmarkDeviation: 0.012, silhouette: 300, background: 0.2, latent: 1, camera: 1, light: 1 },
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
  /** By name: `pixel` (mean length of the RGB difference under the face mask), `color` (mean absolute difference), of the render cut to white, `landmarks` (mean distance / crop edge), `silhouette` (area that is wrong / area of the silhouette), `latent` (root mean square). */
  readonly losses: Readonly<Record<string, number>>;
  readonly steps: number;
  readonly seconds: number;
  /** As given, otherwise of the fitted mesh; photograph pixels. */
  readonly landmarks5: readonly Point[];
  readonly landmarks68: readonly Point[];
  readonly landmarkVertices68: Int32Array;
}

/** What {@link fitFace} takes beside its work. */
export interface FitControl {
  readonly signal?: AbortSignal;
  readonly onProgress?: ProgressListener;
}

/** Steps of a level in deviations of what is uncertain: the first, and of each level the last as a share of it. */
const RATE = 0.5, LAST = [0.3, 0.3, 0.3, 0.03] as const;

/** First step of a raw number where there is only a box. */
const UNPLACED = { latent: 0.09, scene: 0.05 } as const;

/** Steps between looks at the signal and the clock of the caller. */
const BREATH = 8;

/**
 * Fits the 144 numbers to a face in a photograph: starts from the landmarks or, from the box alone, from several attitudes of which the best are
 * kept, each with open eyes, with and without a smile; then Adam in coordinates whitened by the Gauss-Newton matrix, coarse to fine, on the masked pixel
 * difference, the landmarks, and a normal prior on every number.
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
export async function fitFace(photo: PixelImage, target: FitTarget, model: FaceModel, options?: Partial<FitOptions>, { signal, onProgress }: FitControl = {}): Promise<FaceFit> {
  const where = 'fitFace', resolved = resolveOptions(where, FIT_DEFAULTS, options), { box, landmarks = null } = target, began = performance.now();
  assertBox(where, box, photo.width, photo.height);
  if (landmarks) assertLandmarks5(where, landmarks, box);
  assertFitOptions(where, resolved);
  const silhouette = target.silhouette ? silhouetteMask(where, target.silhouette, photo) : null;
  const renderer = new FaceRenderer(model);
  let done = 0;
  let starts = landmarks ? [landmarkStart(model, landmarks)] : boxStarts(box, model.decoder.config.latentSize);
  const kept = Math.ceil(starts.length / 5), total = resolved.steps[0] * starts.length + resolved.steps[1] * 2 * kept + resolved.steps[2] * 2 + resolved.steps[3];
  const breathe = async (note: string): Promise<void> => {
    if (++done % BREATH !== 0) return;
    signal?.throwIfAborted();
    onProgress?.({ label: 'fit', done, total, seconds: (performance.now() - began) / 1000, note });
    await new Promise((resolve) => { setTimeout(resolve, 0); });
  };
  try {
    signal?.throwIfAborted();
    const level = (index: 0 | 1 | 2 | 3, from: readonly FitStart[]): Promise<FitStart[]> => descend(renderer, { photo, landmarks, silhouette }, from, levelOf(index, resolved, landmarks !== null), resolved.weights, breathe);
    starts = (await level(0, starts)).slice(0, kept);
    // A coarse picture closes eyes, and what lids and lips hide has no gradient: each start goes on with open eyes, and with a smile as well.
    const { openEyes, smile } = expressionLatents(model);
    starts = (await level(1, starts.flatMap((start) => [moved(start, openEyes), moved(start, openEyes, smile)]))).slice(0, 2);
    starts = (await level(2, starts)).slice(0, 1);
    const [{ frame, raw }] = await level(3, starts) as [FitStart];
    return describe({ photo, landmarks, silhouette }, model, { frame, scene: sceneNumbers(raw, 'look-at') }, { size: resolved.size, steps: done, seconds: (performance.now() - began) / 1000 });
  } finally {
    renderer.dispose();
  }
}

function assertFitOptions(where: string, { size, steps, weights }: FitOptions): void {
  if (!(Number.isInteger(size) && size % 4 === 0 && size >= 32 && size <= 1024)) throw new ArgumentError(where, 'size', 'a multiple of 4 from 32 to 1024', String(size));
  if (steps.length !== 4 || !steps.every((n) => Number.isInteger(n) && n >= 1 && n <= 100_000)) throw new ArgumentError(where, 'steps', 'four whole numbers from 1 to 100000', `[${steps}]`);
  const { landmarkDeviation, ...rest } = resolveOptions(where, FIT_DEFAULTS.weights, weights);
  if (!(landmarkDeviation > 0)) throw new ArgumentError(where, 'weights.landmarkDeviation', 'a positive number', String(landmarkDeviation));
  for (const [name, weight] of Object.entries(rest)) if (!(weight >= 0 && weight < Infinity)) throw new ArgumentError(where, `weights.${name}`, 'a number of at least 0', String(weight));
}

/** The start with latents added. */
function moved(start: FitStart, ...latents: readonly Float32Array[]): FitStart {
  const raw = Float64Array.from(start.raw);
  for (const latent of latents) latent.forEach((z, i) => { raw[i]! += z; });
  return { ...start, raw };
}

/** What a fit is told. */
interface FitEvidence {
  readonly photo: PixelImage;
  readonly landmarks: readonly Point[] | null;
  /** Grey. */
  readonly silhouette: PixelImage | null;
}

/**
 * Runs Adam on every start against its own crop, in coordinates that the Gauss-Newton matrix at its place makes even: the best first, each with its roll
 * folded into its frame. Starts of one family share the matrix of the first of them.
 */
async function descend(
  renderer: FaceRenderer, { photo, landmarks, silhouette }: FitEvidence, starts: readonly FitStart[], { size, curvatureSize, family, steps, last }: Level, weights: FitWeights,
  breathe: (note: string) => Promise<void>,
): Promise<FitStart[]> {
  const results: (FitStart & { loss: number })[] = [];
  let factor: Cholesky | null = null;
  for (const [index, start] of starts.entries()) {
    const shares = landmarks?.map((p) => inFrame(start.frame, p)) ?? null, raw = Float32Array.from(start.raw);
    const against = (edge: number): FitObjective => new FitObjective(renderer, cropAt(photo, start.frame, edge), shares, weights, 'roll', silhouette && shareAt(silhouette, start.frame, edge));
    if (!factor || index % family === 0) factor = curvatureSize === null ? priorUnits(raw.length) : using(against(curvatureSize), (objective) => new Cholesky(objective.curvature(raw), raw.length));
    const objective = against(size), optimizer = new WhitenedAdam(factor, raw.length);
    try {
      let loss = Infinity;
      for (let step = 0; step < steps; step++) {
        const value = objective.evaluate(raw);
        loss = value.loss;
        optimizer.update(raw, value.gradient, RATE * (last + (1 - last) * 0.5 * (1 + Math.cos((Math.PI * step) / steps))));
        await breathe(`difference ${value.pixel.toFixed(3)}`);
      }
      results.push({ ...foldRoll({ ...start, raw: Float64Array.from(raw) }), loss });
    } finally {
      objective.dispose();
    }
  }
  return results.sort((a, b) => a.loss - b.loss);
}

interface Level {
  /** Edge of the crop, and of that at which curvature is worked out; `null`: not at all. */
  readonly size: number;
  readonly curvatureSize: number | null;
  /** How many starts in a row share a curvature. */
  readonly family: number;
  readonly steps: number;
  /** Share of the first step that the last has. */
  readonly last: number;
}

const levelOf = (index: 0 | 1 | 2 | 3, { size, steps }: FitOptions, placed: boolean): Level => ({
  size: size / [4, 2, 1, 1][index]!, curvatureSize: index === 0 && !placed ? null : size / [4, 2, 2, 2][index]!, family: [Infinity, 2, 1, 1][index]!, steps: steps[index], last: LAST[index],
});

/** Steps in raw numbers, shorter for camera and light: where a box may be off by a tenth, the curvature about the start says little of the way. */
function priorUnits(N: number): Cholesky {
  const step = Float64Array.from({ length: N }, (_, i) => (i < N - POSE_AND_LIGHT ? UNPLACED.latent : UNPLACED.scene));
  return new Cholesky(Float64Array.from({ length: N * N }, (_, at) => (at % (N + 1) === 0 ? (RATE / step[at / (N + 1)]!) ** 2 : 0)), N);
}

function using<T>(objective: FitObjective, act: (objective: FitObjective) => T): T {
  try {
    return act(objective);
  } finally {
    objective.dispose();
  }
}

/** Turns the frame instead of the camera. The raw numbers then have roll 0, where both pose forms agree. */
function foldRoll(start: FitStart): FitStart {
  const raw = Float64Array.from(start.raw), at = raw.length - POSE_AND_LIGHT + 5, { camera } = sceneNumbers(raw, 'roll');
  raw[at] = 0;
  return { ...start, raw, frame: { ...start.frame, roll: start.frame.roll + (camera.roll ?? 0) } };
}

function cropAt(photo: PixelImage, frame: CropFrame, size: number): Crop {
  // Fine crops are sampled once and halved: area resampling without an aliased coarse grid.
  return size >= 64 ? resampleCrop(photo, cropToPhoto(frame, size), size) : halveCrop(cropAt(photo, frame, 2 * size));
}

/** A grey image in a frame: `[size * size]` in [0, 1]. */
const shareAt = (grey: PixelImage, frame: CropFrame, size: number): Float32Array => cropAt(grey, frame, size).pixels.filter((_, i) => i % 3 === 0);

/** A photograph's point as shares of a frame's edge. */
function inFrame({ center, side, roll }: CropFrame, [x, y]: Point): Point {
  const dx = (x - center[0]) / side, dy = (y - center[1]) / side;
  return [0.5 + dx * Math.cos(roll) + dy * Math.sin(roll), 0.5 - dx * Math.sin(roll) + dy * Math.cos(roll)];
}

function describe(
  { photo, landmarks, silhouette }: FitEvidence, model: FaceModel, { frame, scene }: { frame: CropFrame; scene: SceneNumbers },
  run: { readonly size: number; readonly steps: number; readonly seconds: number },
): FaceFit {
  const { size } = run, projection = photoProjection(scene.camera, cropToPhoto(frame, size), size), drawn = renderFace(scene, model, size), { vertices } = drawn.mesh;
  const landmarkVertices68 = visibleLandmarks68(model.topology, vertices, scene.camera.eye);
  const seen = (v: number): Point => projectPoint(projection, vertices, 3 * v);
  const points5 = Array.from(model.topology.landmarks5, seen), crop = resampleCrop(photo, cropToPhoto(frame, size), size);
  let weight = 0, color = 0, pixel = 0;
  drawn.faceMask.forEach((share, p) => {
    const w = share * crop.inside[p]!, d = [0, 1, 2].map((k) => Math.min(1, drawn.colors[3 * p + k]!) - crop.pixels[3 * p + k]!);
    weight += w;
    color += (w * d.reduce((sum, x) => sum + Math.abs(x), 0)) / 3;
    pixel += w * Math.hypot(...d);
  });
  const losses = {
    pixel: weight > 0 ? pixel / weight : 0, color: weight > 0 ? color / weight : 0,
    latent: Math.sqrt(scene.latent.reduce((sum, z) => sum + z * z, 0) / Math.max(1, scene.latent.length)),
    ...(landmarks && { landmarks: landmarks.reduce((sum, [x, y], i) => sum + Math.hypot(x - points5[i]![0], y - points5[i]![1]), 0) / 5 / frame.side }),
    ...(silhouette && { silhouette: wrongArea(drawn.faceMask, shareAt(silhouette, frame, size), crop.inside) }),
  };
  return { scene, pose: 'look-at', frame, ...run, losses, landmarks5: landmarks ?? points5, landmarks68: Array.from(landmarkVertices68, seen), landmarkVertices68 };
}

/** Area in which two masks differ over the area of the second. */
function wrongArea(mask: Float32Array, silhouette: Float32Array, inside: Float32Array): number {
  let wrong = 0, area = 0;
  silhouette.forEach((share, p) => {
    wrong += inside[p]! * Math.abs(mask[p]! - share);
    area += inside[p]! * share;
  });
  return area > 0 ? wrong / area : 1;
}
