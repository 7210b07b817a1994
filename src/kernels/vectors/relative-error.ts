/** Largest `|a - b| / max(|a|, |b|, 1e-3 of the largest |b| of the group)`: small entries are held to a share of the large ones; 0 / 0 is 0. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>, largest: number): number {
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const a = actual[i]!, b = expected[i]!, scale = Math.max(Math.abs(a), Math.abs(b), 1e-3 * largest);
    if (a !== b) worst = Math.max(worst, Math.abs(a - b) / scale || Infinity); // NaN counts as infinite
  }
  return worst;
}

/** Largest absolute value. */
export function largestOf(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]!));
  return largest;
}
