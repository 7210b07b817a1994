/** 0 at `from` and before, 1 at `to` and beyond, smooth between (Hermite); `from` may be the larger. */
export function smoothstep(from: number, to: number, x: number): number {
  const t = Math.min(1, Math.max(0, (x - from) / (to - from)));
  return t * t * (3 - 2 * t);
}
