import * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import { type Affine, applyAffine, type Box, type CropFrame, invertAffine, type Point } from '../dense/crop-frame.ts';
import { resampleCrop } from '../dense/resample.ts';
import { imageFromFloats, type PixelImage } from '../io/image.ts';
import type { FaceWindow } from './choose-faces.ts';
import type { DetectorConfig } from './config.ts';
import type { Detector } from './detector.ts';
import { scaledImage } from './scale-pixels.ts';

/** An anchor by its size: where its numbers stand in a detector. */
export interface AnchorKind {
  readonly size: number;
  /** Index of its level, and its place among the anchors of a cell. */
  readonly level: number;
  readonly slot: number;
  readonly stride: number;
}

/**
 * The anchor of a size.
 *
 * @throws {@link ArgumentError} if the detector has none.
 */
export function anchorKind(where: string, { levels }: Pick<DetectorConfig, 'levels'>, size: number): AnchorKind {
  const level = levels.findIndex(({ anchorSizes }) => anchorSizes.includes(size));
  if (level < 0) throw new ArgumentError(where, 'anchor', `one of the sizes ${levels.flatMap(({ anchorSizes }) => [...anchorSizes])}`, String(size));
  return { size, level, slot: levels[level]!.anchorSizes.indexOf(size), stride: levels[level]!.stride };
}

/** How a face is put before the detector: none of it is zero shift, scale 1, no roll. */
export interface HeadView {
  /** Pixels by which the face is off the middle of the picture. */
  readonly shift: readonly [number, number];
  /** Size of the face over that of the anchor. */
  readonly scale: number;
  /** Radians. */
  readonly roll: number;
  readonly flip: boolean;
}

/** A face before the detector, and what the detector says where its anchor is. */
export interface HeadSample {
  /** {@link PICTURE} anchors wide and high. */
  readonly picture: PixelImage;
  /** `[C]`: what the heads see in the cell of the anchor. */
  readonly features: Float32Array;
  /** The anchor, in pixels of the picture, with the label's five points. */
  readonly window: Omit<FaceWindow, 'landmarks'> & { readonly landmarks: readonly Point[] };
  /** The anchor as a frame on the photograph; of a picture that is not flipped. */
  readonly frame: CropFrame;
}

/** Edge of a picture in anchors. */
const PICTURE = 2;

/** Landmarks of a mirrored face in the order of the picture. */
const MIRRORED = [1, 0, 2, 4, 3] as const;

/** Cuts a labelled face out so that an anchor fits it, and runs the detector. */
export function headSample(detector: Detector, kind: AnchorKind, photo: PixelImage, label: { readonly box: Box; readonly landmarks5: readonly Point[] }, { shift, scale, roll, flip }: HeadView): HeadSample {
  const { size, stride } = kind, edge = PICTURE * size, [x1, y1, x2, y2] = label.box, center: Point = [(x1 + x2) / 2, (y1 + y2) / 2];
  const pixel = Math.sqrt((x2 - x1) * (y2 - y1)) / (size * scale), cos = pixel * Math.cos(roll), sin = pixel * Math.sin(roll), side = flip ? -1 : 1;
  const [px, py] = [edge / 2 + shift[0], edge / 2 + shift[1]];
  const toPhoto: Affine = [[side * cos, -sin, center[0] - side * cos * px + sin * py], [side * sin, cos, center[1] - side * sin * px - cos * py]];
  const picture = imageFromFloats(resampleCrop(photo, toPhoto, edge).pixels, edge, edge), toPicture = invertAffine(toPhoto);
  const points = label.landmarks5.map((p) => applyAffine(toPicture, p)), landmarks = flip ? MIRRORED.map((k) => points[k]!) : points;
  const cell = [px, py].map((x) => Math.round(x / stride - 0.5)) as [number, number], [ax, ay] = cell.map((k) => (k + 0.5) * stride) as [number, number];
  return {
    picture, features: featuresAt(detector, kind, picture, cell), frame: { center: applyAffine(toPhoto, [ax, ay]), side: size * pixel, roll },
    window: { image: 0, box: [ax - size / 2, ay - size / 2, ax + size / 2, ay + size / 2], landmarks },
  };
}

function featuresAt(detector: Detector, { level }: AnchorKind, picture: PixelImage, [column, row]: readonly [number, number]): Float32Array {
  const { layout: { context }, network, config } = detector, name = context[level]!;
  return tf.tidy(() => network.run(scaledImage(picture, config.pixels), { outputs: [name] })[name]!.slice([0, row, column, 0], [1, 1, 1, -1]).dataSync<'float32'>().slice());
}
