import * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import { createRandom } from '../core/random.ts';
import { assertShape } from '../core/shape.ts';
import type { FaceModel } from '../decoder/face-model.ts';
import { applyAffine, cropToPhoto, frameFromBox, invertAffine } from '../dense/crop-frame.ts';
import { compareFaces, DENSE_LOSS_DEFAULTS, type DenseLossOptions } from '../dense/dense-loss.ts';
import { FaceRenderer } from '../dense/face-renderer.ts';
import { resamplePixels } from '../dense/resample.ts';
import { POSE_AND_LIGHT } from '../dense/scene.ts';
import { sceneFromRaw } from '../dense/scene-map.ts';
import { chooseFaces, type FaceWindow } from './choose-faces.ts';
import { pickRows } from './pick-rows.ts';

/** Options of {@link createDenseBranch}. */
export interface DenseBranchOptions extends DenseLossOptions {
  /** Edge of the crop that is drawn and compared, pixels. */
  readonly size: number;
  /** Edge of the crop over the longer edge of the window. */
  readonly enlarge: number;
  /** Windows with a shorter edge below this, in pixels, are passed over. */
  readonly minSize: number;
  /** Faces of a batch that are drawn at most, chosen by chance. */
  readonly maxFaces: number;
  /** Of the mean squared distance of the five points, as a share of the crop's edge; 0: they are not looked at. In the fit the two terms stand to each other as with about 10. */
  readonly landmarkWeight: number;
  /** First step at which the branch counts, and steps until it counts wholly. */
  readonly start: number;
  readonly ramp: number;
  /** Of the choice of faces. */
  readonly seed: number;
}

/** Windows are not levelled, so the pose has a roll. Anchors are square and faces taller than wide, by about 1.4: in an anchor enlarged by as much a face that fits it is seen whole, and as large as in a scene of zeros. */
export const DENSE_BRANCH_DEFAULTS: DenseBranchOptions = {
  ...DENSE_LOSS_DEFAULTS, pose: 'roll', size: 64, enlarge: 1.4, minSize: 32, maxFaces: 8, landmarkWeight: 0, start: 0, ramp: 0, seed: 0,
};

/** What {@link DenseBranch.loss} returns. */
export interface DenseBranchLoss {
  /** `pixel + landmarkWeight landmarks`. */
  readonly loss: tf.Scalar;
  /** Mean over the chosen faces of their `denseLoss`. */
  readonly pixel: tf.Scalar;
  /** Mean squared distance of the known points of the chosen faces, as a share of the crop's edge. */
  readonly landmarks: tf.Scalar;
  /** Indices of the windows that were looked at. */
  readonly chosen: readonly number[];
}

/** RetinaFace's fourth loss. Free it with `dispose`; the model stays. */
export interface DenseBranch {
  readonly options: DenseBranchOptions;
  /**
   * Draws the face that each window's numbers stand for, and compares it with the pixels of the window.
   *
   * Differentiable in `raw`, and in the decoder's weights: train those of the head alone to leave the decoder as it is. Waits for the pictures.
   *
   * @param raw - float32 `[N, 144]`, any numbers: `sceneFromRaw` is the map.
   * @param images - float32 `[B, H, W, 3]` sRGB in [0, 1].
   * @param windows - N.
   * @param step - Decides, with the seed, which faces are chosen.
   * @throws {@link ArgumentError} if a shape does not fit or a window is of no picture or not finite.
   */
  loss(raw: tf.Tensor2D, images: tf.Tensor4D, windows: readonly FaceWindow[], step?: number): DenseBranchLoss;
  /** What the branch counts at a step, from 0 to 1. */
  rampAt(step: number): number;
  dispose(): void;
}

/**
 * The dense branch by itself, for any detector: from 144 numbers of a window to the loss of their picture against it.
 *
 * RetinaFace, arXiv 1905.00641, section 3.2.
 *
 * @param options - The model, and what differs from {@link DENSE_BRANCH_DEFAULTS}.
 * @throws {@link ArgumentError} for an option that is out of range.
 *
 * @example
 * ```ts
 * const branch = createDenseBranch({ model });
 * const { loss } = branch.loss(raw, images, [{ image: 0, box: [40, 30, 168, 158] }]);
 * ```
 */
export function createDenseBranch({ model, ...given }: { readonly model: Pick<FaceModel, 'decoder' | 'topology'> } & Partial<DenseBranchOptions>): DenseBranch {
  const where = 'createDenseBranch', options = resolveOptions(where, DENSE_BRANCH_DEFAULTS, given), renderer = new FaceRenderer(model), random = createRandom(options.seed);
  assertOptions(where, options);
  return {
    options,
    rampAt: (step) => (step < options.start ? 0 : options.ramp > 0 ? Math.min(1, (step - options.start + 1) / options.ramp) : 1),
    loss: (raw, images, windows, step = 0) => {
      assertWindows(raw, images, windows, model.decoder.config.latentSize);
      let chosen: number[] = [];
      const [loss, pixel, landmarks] = tf.tidy((): tf.Scalar[] => {
        chosen = chooseFaces(windows, options, random.fork(`step ${step}`));
        const rows = raw.shape[0] > 0 ? pickRows(raw.expandDims<tf.Tensor3D>(0), chosen) : null;
        if (!rows || chosen.length === 0) return [rows ? rows.sum() : tf.scalar(0), tf.scalar(0), tf.scalar(0)];
        return lossOf(renderer, rows, images, chosen.map((i) => windows[i]!), options);
      });
      return { loss: loss!, pixel: pixel!, landmarks: landmarks!, chosen };
    },
    dispose: () => renderer.dispose(),
  };
}

/** Loss, pixel part and landmark part of chosen windows. */
function lossOf(renderer: FaceRenderer, raw: tf.Tensor2D, images: tf.Tensor4D, windows: readonly FaceWindow[], options: DenseBranchOptions): tf.Scalar[] {
  const { size, enlarge, pose, shadingSpace, landmarkWeight } = options, [, height, width] = images.shape, pixels = images.dataSync<'float32'>(), count = windows.length;
  const maps = windows.map(({ box }) => cropToPhoto(frameFromBox(box, enlarge), size));
  const crops = windows.map(({ image }, i) => resamplePixels({ width, height, channels: 3, data: pixels.subarray(3 * width * height * image, 3 * width * height * (image + 1)) }, 1, maps[i]!, size));
  const scene = sceneFromRaw(raw, { pose, latentSize: raw.shape[1] - POSE_AND_LIGHT }), drawn = renderer.render(scene, { height: size, width: size, shadingSpace });
  const stacked = (of: 'pixels' | 'inside', channels: number): tf.Tensor4D => tf.concat(crops.map((crop) => tf.tensor4d(crop[of], [1, size, size, channels])), 0);
  const pixel = compareFaces(drawn, stacked('pixels', 3), options, stacked('inside', 1)).mean() as tf.Scalar;
  const points = windows.map(({ landmarks }, i) => Array.from({ length: 5 }, (_, k) => landmarks?.[k] && applyAffine(invertAffine(maps[i]!), landmarks[k]!).map((x) => x / size)));
  const known = tf.tensor3d(points.flat().map((p) => (p ? 1 : 0)), [count, 5, 1]), targets = tf.tensor3d(points.flat().flatMap((p) => p ?? [0, 0]), [count, 5, 2]);
  const landmarks = renderer.landmarks5(drawn.vertices, scene.camera, 1).sub(targets).square().mul(known).sum().div(known.sum().maximum(1)) as tf.Scalar;
  return [landmarkWeight > 0 ? pixel.add(landmarks.mul(landmarkWeight)) : pixel, pixel, landmarks];
}

function assertWindows(raw: tf.Tensor2D, images: tf.Tensor4D, windows: readonly FaceWindow[], latentSize: number): void {
  const where = 'DenseBranch.loss';
  assertShape(where, 'images', images.shape, ['B', 'H', 'W', 3]);
  assertShape(where, 'raw', raw.shape, [windows.length, latentSize + POSE_AND_LIGHT]);
  windows.forEach(({ image, box, landmarks }, i) => {
    if (!(Number.isInteger(image) && image >= 0 && image < images.shape[0])) throw new ArgumentError(where, `windows[${i}].image`, `the index of one of ${images.shape[0]} images`, String(image));
    if (box.length !== 4 || !box.every(Number.isFinite)) throw new ArgumentError(where, `windows[${i}].box`, 'four finite numbers x1, y1, x2, y2', `[${box}]`);
    if (landmarks && landmarks.length !== 5) throw new ArgumentError(where, `windows[${i}].landmarks`, 'five points', String(landmarks.length));
  });
}

function assertOptions(where: string, { size, enlarge, minSize, maxFaces, landmarkWeight, start, ramp }: DenseBranchOptions): void {
  if (!(Number.isInteger(size) && size >= 8 && size <= 1024)) throw new ArgumentError(where, 'size', 'a whole number from 8 to 1024', String(size));
  if (!(Number.isInteger(maxFaces) && maxFaces >= 1)) throw new ArgumentError(where, 'maxFaces', 'a whole number of at least 1', String(maxFaces));
  if (!(enlarge > 0 && enlarge < Infinity)) throw new ArgumentError(where, 'enlarge', 'a positive number', String(enlarge));
  if (!(minSize > 0)) throw new ArgumentError(where, 'minSize', 'a positive number', String(minSize));
  for (const [name, value] of Object.entries({ landmarkWeight, start, ramp })) if (!(value >= 0 && value < Infinity)) throw new ArgumentError(where, name, 'a number of at least 0', String(value));
}
