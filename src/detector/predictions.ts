import type * as tf from '@tensorflow/tfjs';

/** What the heads say of every anchor: levels finest first, rows before columns, a cell's anchors smallest first. A anchors, K landmarks. */
export interface Predictions {
  /** `[B, A, 2]`: background, face; before the softmax. */
  readonly logits: tf.Tensor3D;
  /** `[B, A, 4]`: the encoded box, see `detector/box-coding.ts`. */
  readonly boxDeltas: tf.Tensor3D;
  /** `[B, A, 2 K]`: the encoded landmarks, x before y. */
  readonly landmarkDeltas: tf.Tensor3D;
  /** `[B, A, 144]`: raw latent, camera and illumination, as `dense/scene-map.ts` reads them; `null` where the dense head is off. */
  readonly dense: tf.Tensor3D | null;
}
