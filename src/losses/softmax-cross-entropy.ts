import * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import { assertShape } from '../core/shape.ts';

/**
 * Cross-entropy of softmaxed logits with a label, row by row: `-log softmax(x)[label]`.
 *
 * Stable for logits of any size. Differentiable in the logits: `softmax(x) - onehot(label)`, where a gradient far below float32's resolution of 1 keeps its digits; the
 * value is rounded to that resolution, about 1e-7. `kernels/impl/softmax-cross-entropy.ts` is the reference, which rounds neither.
 *
 * @param logits - float32 `[N, C]`.
 * @param labels - `[N]` whole numbers in [0, C), on the host.
 * @returns float32 `[N]`.
 * @throws {@link ArgumentError} if the shapes do not fit or a label is out of range.
 */
export function softmaxCrossEntropy(logits: tf.Tensor2D, labels: ArrayLike<number>): tf.Tensor1D {
  const where = 'softmaxCrossEntropy';
  assertShape(where, 'logits', logits.shape, ['N', 'C']);
  const [rows, classes] = logits.shape;
  if (labels.length !== rows) throw new ArgumentError(where, 'labels', `${rows} numbers, one a row`, String(labels.length));
  const onehot = new Float32Array(rows * classes);
  for (let n = 0; n < rows; n++) {
    const label = labels[n]!;
    if (!(Number.isInteger(label) && label >= 0 && label < classes)) throw new ArgumentError(where, `labels[${n}]`, `a whole number from 0 to ${classes - 1}`, String(label));
    onehot[n * classes + label] = 1;
  }
  return tf.customGrad((...inputs) => {
    const x = inputs[0] as tf.Tensor2D, save = inputs[1] as tf.GradSaveFunc, chosen = tf.tensor2d(onehot, [rows, classes]);
    const shifted = x.sub(x.max(1, true)), value = shifted.exp().sum(1).log().sub(shifted.mul(chosen).sum(1)) as tf.Tensor1D;
    save([x]);
    const gradFunc = (dy: tf.Tensor1D, [kept]: tf.Tensor[]): tf.Tensor => {
      // At the label minus the sum of the other probabilities, which p - 1 would round.
      const label = tf.tensor2d(onehot, [rows, classes]), others = tf.softmax(kept as tf.Tensor2D).mul(tf.sub(1, label));
      return others.sub(label.mul(others.sum(1, true))).mul(dy.expandDims(1));
    };
    return { value, gradFunc: gradFunc as (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor };
  })(logits) as tf.Tensor1D;
}
