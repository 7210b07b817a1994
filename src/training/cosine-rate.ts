/**
 * Learning rate of a step: rises linearly over the first `warmup` steps, then falls as half a cosine to `final` of its height.
 *
 * Loshchilov and Hutter, "SGDR", ICLR 2017, equation 5, without restarts.
 */
export function cosineRate(step: number, { steps, rate, warmup = 0, final = 0 }: { steps: number; rate: number; warmup?: number; final?: number }): number {
  if (step < warmup) return rate * (step + 1) / warmup;
  const along = Math.min(1, (step - warmup) / Math.max(1, steps - warmup));
  return rate * (final + (1 - final) * (1 + Math.cos(Math.PI * along)) / 2);
}
