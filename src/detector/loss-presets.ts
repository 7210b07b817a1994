import type { SmoothL1Options } from '../losses/smooth-l1.ts';
import { MATCH_DEFAULTS, type MatchOptions } from './match-anchors.ts';
import { MINING_DEFAULTS, type MiningOptions } from './mine-hard-examples.ts';

/** What each part of the loss counts. */
export interface LossWeights {
  readonly classification: number;
  readonly box: number;
  readonly landmarks: number;
  /** Of the dense branch, once its ramp is over. */
  readonly dense: number;
}

/** Everything that decides the multi-task loss of given predictions and faces. */
export interface MultiTaskLossOptions {
  readonly weights: LossWeights;
  readonly matching: MatchOptions;
  readonly mining: MiningOptions;
  /** Of boxes and landmarks; the official code has `{ sigma: 3 }`. */
  readonly smoothL1: SmoothL1Options;
}

/** The losses by name; matching goes with the anchors, so use both from one preset. */
export const MULTI_TASK_LOSS_PRESETS = {
  /** RetinaFace, arXiv 1905.00641, equation 1 and section 3.3, for targets without variances. It prints no smooth-L1 parameter and no divisor. */
  paper: { weights: { classification: 1, box: 0.25, landmarks: 0.1, dense: 0.01 }, matching: MATCH_DEFAULTS, mining: MINING_DEFAULTS, smoothL1: { beta: 1 } },
  /** The published implementation, Pytorch_Retinaface, for targets with variances 0.1 and 0.2. It has no dense part; its weight here is that of the paper beside the classification. */
  published: {
    weights: { classification: 1, box: 2, landmarks: 1, dense: 0.01 }, matching: { positive: 0.35, negative: 0.35, forceBest: true, minForced: 0.2 },
    mining: { ratio: 7, scope: 'image', minNegatives: 0 }, smoothL1: { beta: 1 },
  },
} as const satisfies Record<string, MultiTaskLossOptions>;

export type MultiTaskLossPreset = keyof typeof MULTI_TASK_LOSS_PRESETS;
