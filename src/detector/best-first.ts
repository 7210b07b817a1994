/**
 * The rows with the highest scores, best first; of equal scores the earlier row first.
 *
 * @param scores - `[N]`, no NaN.
 * @param limit - At most so many.
 */
export function bestFirst(scores: ArrayLike<number>, limit = Infinity): Uint32Array {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i);
  let sorted = true;
  for (let i = 1; i < scores.length && sorted; i++) sorted = scores[i - 1]! >= scores[i]!;
  if (!sorted) order.sort((a, b) => scores[b]! - scores[a]! || a - b);
  return limit < order.length ? order.subarray(0, limit) : order;
}
