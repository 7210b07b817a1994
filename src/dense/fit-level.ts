import type { PixelImage } from '../io/image.ts';
import { Cholesky } from '../sparse/cholesky.ts';
import { type CropFrame, cropToPhoto, type Point } from './crop-frame.ts';
import type { FaceRenderer } from './face-renderer.ts';
import { FitObjective, type FitWeights } from './fit-objective.ts';
import type { FitStart } from './fit-start.ts';
import { occlusionMask } from './occlusion-mask.ts';
import { type Crop, halveCrop, resampleCrop } from './resample.ts';
import { POSE_AND_LIGHT, sceneNumbers } from './scene.ts';
import { WhitenedAdam } from './whitened-adam.ts';

/** What a fit is told. */
export interface FitEvidence {
  readonly photo: PixelImage;
  readonly landmarks: readonly Point[] | null;
  /** Grey. */
  readonly silhouette: PixelImage | null;
  /** Whether the photograph has no colours. */
  readonly isGrey: boolean;
}

/** How a level of a fit goes. */
export interface FitLevel {
  /** Edge of the crop. */
  readonly size: number;
  /** Edge of the crop on which curvature is worked out, `size` halved some times, at the first start for all; `null`: each start has its own of the level before, if there was one. */
  readonly curvatureSize: number | null;
  /** Differences from a start, in means of them, at which a pixel counts half (`occlusionMask`); `null`: all count alike. */
  readonly occlusion: number | null;
  readonly steps: number;
  /** Share of the first step that the last has. */
  readonly last: number;
}

/** A start as far as it has come: its objective, and the mean pixel difference in it. */
export interface ScoredStart extends FitStart {
  readonly loss: number;
  readonly pixel: number;
}

/** First step of a level in deviations of what is uncertain. */
const RATE = 0.5;

/** First step of a raw number where no curvature is known. */
const UNPLACED = { latent: 0.09, scene: 0.05 } as const;

/**
 * Runs Adam on every start against its own crop, in coordinates that the Gauss-Newton matrix at its place makes even: the best first, each with its roll
 * folded into its frame.
 */
export async function fitLevel(
  renderer: FaceRenderer, { photo, landmarks, silhouette, isGrey }: FitEvidence, starts: readonly FitStart[], { size, curvatureSize, occlusion, steps, last }: FitLevel, weights: FitWeights,
  breathe: (note: string, best: () => ScoredStart) => Promise<void>,
): Promise<FitStart[]> {
  const results: ScoredStart[] = [];
  let shared: Cholesky | null = null;
  for (const start of starts) {
    const shares = landmarks?.map((p) => inFrame(start.frame, p)) ?? null, raw = Float32Array.from(start.raw);
    const whole = (edge: number): Crop => cropAt(photo, start.frame, edge);
    const against = (edge: number, crop: (edge: number) => Crop): FitObjective => new FitObjective(renderer, crop(edge), shares, weights, 'roll', silhouette && shareAt(silhouette, start.frame, edge), isGrey);
    const crop = occlusion === null ? whole : weighedCrops(whole(size), using(against(size, whole), (objective) => occlusionMask(objective.differences(raw), size, occlusion)));
    if (!shared && curvatureSize !== null) shared = using(against(curvatureSize, crop), (objective) => new Cholesky(objective.curvature(raw), raw.length));
    const factor = shared ?? start.factor ?? priorUnits(raw.length), objective = against(size, crop), optimizer = new WhitenedAdam(factor, raw.length);
    let loss = Infinity, pixel = NaN;
    const here = (): ScoredStart => ({ ...foldRoll({ ...start, raw: Float64Array.from(raw), factor }), loss, pixel });
    try {
      for (let step = 0; step < steps; step++) {
        const value = objective.evaluate(raw);
        ({ loss, pixel } = value);
        optimizer.update(raw, value.gradient, RATE * (last + (1 - last) * 0.5 * (1 + Math.cos((Math.PI * step) / steps))));
        await breathe(`difference ${pixel.toFixed(3)}`, () => [...results, here()].reduce((a, b) => (b.loss < a.loss ? b : a)));
      }
      results.push(here());
    } finally {
      objective.dispose();
    }
  }
  return results.sort((a, b) => a.loss - b.loss);
}

/** Steps in raw numbers, shorter for camera and light. */
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

/** A crop of which pixels count by their shares, and the same halved until its edge is the one asked for. */
function weighedCrops(finest: Crop, shares: Float32Array): (edge: number) => Crop {
  const seen = { ...finest, inside: finest.inside.map((share, p) => share * shares[p]!) }, of = (edge: number): Crop => (edge === finest.size ? seen : halveCrop(of(2 * edge)));
  return of;
}

/** A grey image in a frame: `[size * size]` in [0, 1]. */
export const shareAt = (grey: PixelImage, frame: CropFrame, size: number): Float32Array => cropAt(grey, frame, size).pixels.filter((_, i) => i % 3 === 0);

/** A photograph's point as shares of a frame's edge. */
function inFrame({ center, side, roll }: CropFrame, [x, y]: Point): Point {
  const dx = (x - center[0]) / side, dy = (y - center[1]) / side;
  return [0.5 + dx * Math.cos(roll) + dy * Math.sin(roll), 0.5 - dx * Math.sin(roll) + dy * Math.cos(roll)];
}
