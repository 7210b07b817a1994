import type * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import type { Box } from '../dense/crop-frame.ts';
import type { AnchorTargets } from './assign-targets.ts';
import type { FaceWindow } from './choose-faces.ts';
import type { DenseBranch } from './dense-branch.ts';
import type { FaceTarget } from './face-target.ts';
import { anchorCorners } from './match-anchors.ts';
import type { DensePart } from './multi-task-loss.ts';
import { pickRows } from './pick-rows.ts';
import type { Predictions } from './predictions.ts';

/** What {@link densePart} looks at beside the predictions. */
export interface DensePartInputs {
  /** float32 `[B, H, W, 3]` sRGB in [0, 1]: what the predictions are of. */
  readonly images: tf.Tensor4D;
  /** `[A, 4]`: centre x, centre y, width, height. */
  readonly anchors: Float32Array;
  /** One a picture. */
  readonly targets: readonly AnchorTargets[];
  readonly faces: readonly (readonly FaceTarget[])[];
  readonly step: number;
}

/**
 * The fourth part of `multiTaskLoss`: the dense branch on the windows of positive anchors, one anchor a face. Nothing is drawn before the branch's first step.
 *
 * @throws {@link ArgumentError} if the predictions have no dense head, or targets and faces are not as many as pictures.
 */
export function densePart(branch: DenseBranch, { dense }: Pick<Predictions, 'dense'>, { images, anchors, targets, faces, step }: DensePartInputs): DensePart {
  const where = 'densePart', A = anchors.length / 4, corners = anchorCorners(anchors);
  if (!dense) throw new ArgumentError(where, 'predictions', 'the numbers of a dense head (the configuration `dense: true`)', 'none');
  for (const [name, list] of Object.entries({ targets, faces })) if (list.length !== images.shape[0]) throw new ArgumentError(where, name, `${images.shape[0]} entries, one a picture`, String(list.length));
  const ramp = branch.rampAt(step), windows: FaceWindow[] = [], rows: number[] = [];
  if (ramp > 0) {
    targets.forEach(({ positives, face }, image) => positives.forEach((a) => {
      windows.push({ image, box: Array.from(corners.subarray(4 * a, 4 * a + 4)) as unknown as Box, landmarks: faces[image]![face[a]!]!.landmarks, face: face[a]! });
      rows.push(image * A + a);
    }));
  }
  if (windows.length === 0) return { loss: pickRows(dense, []).sum(), ramp, faces: 0 };
  const { loss, chosen } = branch.loss(pickRows(dense, rows), images, windows, step);
  return { loss, ramp, faces: chosen.length };
}
