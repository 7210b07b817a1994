import type { FloatArray } from '../../sparse/csr-matrix.ts';

/**
 * Reference: the cross-entropy of softmaxed logits with a label, `-log softmax(x)[label]`, and its gradient `softmax(x) - onehot(label)`. Overwrites `out` and `gradient`.
 *
 * Exact for logits of any size: `m + log1p(sum of exp(x_j - m), but for the largest, m) - x[label]`; a loss of 1e-12 keeps its digits.
 *
 * @param logits - `[N, C]`
 * @param labels - `[N]`, each in [0, C).
 * @param out - `[N]`
 * @param gradient - `[N, C]`, or `null` where it is not wanted.
 */
export function softmaxCrossEntropyImpl(logits: ArrayLike<number>, labels: ArrayLike<number>, classes: number, out: FloatArray, gradient: FloatArray | null): void {
  for (let n = 0; n < out.length; n++) {
    const at = n * classes, label = labels[n]!;
    // 1. The largest logit.
    let top = 0;
    for (let c = 1; c < classes; c++) if (logits[at + c]! > logits[at + top]!) top = c;
    const m = logits[at + top]!;
    // 2. The others, beside it.
    let rest = 0;
    for (let c = 0; c < classes; c++) if (c !== top) rest += Math.exp(logits[at + c]! - m);
    out[n] = Math.log1p(rest) + (m - logits[at + label]!);
    if (!gradient) continue;
    // 3. p - onehot; at the label minus the sum of the other probabilities, which 1 - p would round.
    let others = 0;
    for (let c = 0; c < classes; c++) {
      if (c === label) continue;
      gradient[at + c] = Math.exp(logits[at + c]! - m) / (1 + rest);
      others += gradient[at + c]!;
    }
    gradient[at + label] = -others;
  }
}
