import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';

/** Where a cell's anchors are centred, k the cell's index: `(k + 0.5) stride`, or the official code's `7.5 + k stride`. */
export type AnchorCenters = 'cell' | 'official';

/** How the network wants its pixels: order of the channels, what is subtracted from values of 0 to 255, what the rest is divided by. */
export interface PixelScaling {
  readonly order: 'bgr' | 'rgb';
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

/** One level of the feature pyramid, finest first. */
export interface PyramidLevel {
  /** Pixels of the input that one cell spans. */
  readonly stride: number;
  /** Edges of the square anchors of a cell, in pixels of the input. */
  readonly anchorSizes: readonly number[];
}

/** Everything that decides the layers of a detector and the meaning of its numbers. */
export interface DetectorConfig {
  readonly backbone: 'mobilenet0.25' | 'paper-mobilenet0.25' | 'resnet50' | 'resnet152';
  readonly levels: readonly PyramidLevel[];
  /** Channels of the pyramid. */
  readonly channels: number;
  /** Whether a level is merged with the merged level above it, or with that level's lateral connection, as the official code has it. */
  readonly topDown: 'recursive' | 'lateral';
  /** Whether the 3 x 3 convolutions of pyramid and context modules are deformable (modulated, version 2). */
  readonly deformable: boolean;
  /** Whether one set of heads serves all levels. */
  readonly sharedHeads: boolean;
  /** K, the landmarks of a face. */
  readonly landmarks: number;
  /** Whether every anchor also gets the 144 numbers of the dense branch. */
  readonly dense: boolean;
  readonly anchorCenters: AnchorCenters;
  /** Divisors of the encoded box: of centre (and landmarks) and of the logarithm of the size; `null` where they are not divided. */
  readonly variances: readonly [number, number] | null;
  readonly pixels: PixelScaling;
  /** Prefixes of the paths of parameters that training leaves as they are. */
  readonly frozen: readonly string[];
}

const PUBLISHED_LEVELS: readonly PyramidLevel[] = [
  { stride: 8, anchorSizes: [16, 32] }, { stride: 16, anchorSizes: [64, 128] }, { stride: 32, anchorSizes: [256, 512] },
];

/** Table 2 of the paper: three anchors a cell, 2^(1/3) apart, from 16 pixels on P2 to 406 on P6. */
const PAPER_LEVELS: readonly PyramidLevel[] = [4, 8, 16, 32, 64].map((stride) => ({ stride, anchorSizes: [0, 1, 2].map((i) => 4 * stride * 2 ** (i / 3)) }));

/** BGR less ImageNet's mean in Caffe's order, as the published networks were trained. */
const PUBLISHED_PIXELS: PixelScaling = { order: 'bgr', mean: [104, 117, 123], deviation: [1, 1, 1] };

const PUBLISHED = {
  levels: PUBLISHED_LEVELS, topDown: 'recursive', deformable: false, sharedHeads: false, landmarks: 5, dense: false, anchorCenters: 'cell',
  variances: [0.1, 0.2], pixels: PUBLISHED_PIXELS, frozen: [],
} as const satisfies Partial<DetectorConfig>;

/** The networks by name; `mobilenet0.25` and `resnet50` are laid out as their published weights. */
export const DETECTOR_PRESETS = {
  'mobilenet0.25': { ...PUBLISHED, backbone: 'mobilenet0.25', channels: 64 },
  /** RetinaFace, arXiv 1905.00641, section 3.3: a stem of 7 x 7 with stride 4, anchors on P3 to P5. */
  'paper-mobilenet0.25': { ...PUBLISHED, backbone: 'paper-mobilenet0.25', channels: 64, levels: PAPER_LEVELS.slice(1, 4), sharedHeads: true, variances: null, frozen: ['body.stage1.0.', 'body.stage1.1.'] },
  resnet50: { ...PUBLISHED, backbone: 'resnet50', channels: 256 },
  /** The same, section 3.3 and table 2: P2 to P6, deformable convolutions, 102,300 anchors at 640 x 640. */
  'paper-resnet152': { ...PUBLISHED, backbone: 'resnet152', channels: 256, levels: PAPER_LEVELS, deformable: true, sharedHeads: true, variances: null },
} as const satisfies Record<string, DetectorConfig>;

export type DetectorPreset = keyof typeof DETECTOR_PRESETS;

export const DETECTOR_PRESET_NAMES = Object.keys(DETECTOR_PRESETS) as readonly DetectorPreset[];

/**
 * The configuration of a preset, with `changes` made to it.
 *
 * @throws {@link ArgumentError} for a preset or a key that does not exist.
 */
export function resolveDetectorConfig(preset: DetectorPreset, changes?: Partial<DetectorConfig>): DetectorConfig {
  if (!Object.hasOwn(DETECTOR_PRESETS, preset)) throw new ArgumentError('resolveDetectorConfig', 'preset', `a name of ${DETECTOR_PRESET_NAMES.join(', ')}`, preset);
  return resolveOptions<DetectorConfig>('resolveDetectorConfig', DETECTOR_PRESETS[preset], changes);
}
