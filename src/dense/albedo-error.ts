import { ArgumentError } from '../core/errors.ts';

/** How far a fitted albedo is from the true one. */
export interface AlbedoError {
  /** Mean absolute difference over vertices and channels, sRGB in [0, 1]. */
  readonly plain: number;
  /** The same after each channel of the fitted albedo was multiplied by `scale`: what is left when the light's strength and colour are given away. */
  readonly scaled: number;
  /** `[3]` least squares: `sum(true fitted) / sum(fitted^2)`. Above 1: fitted too dark, under too much light. */
  readonly scale: readonly number[];
}

/**
 * Compares a fitted albedo with the true one at some vertices, as it is and up to the light.
 *
 * @param fitted - `[V, 3]`
 * @param truth - `[V, 3]`
 * @throws {@link ArgumentError} if the lengths differ or no vertex is given.
 */
export function albedoError(fitted: ArrayLike<number>, truth: ArrayLike<number>, vertices: ArrayLike<number>): AlbedoError {
  if (fitted.length !== truth.length) throw new ArgumentError('albedoError', 'fitted', `the ${truth.length} numbers of the true albedo`, String(fitted.length));
  if (vertices.length === 0) throw new ArgumentError('albedoError', 'vertices', 'at least one vertex', 'none');
  const at = Array.from(vertices), sum = (k: number, of: (a: number, t: number) => number): number => at.reduce((total, v) => total + of(fitted[3 * v + k]!, truth[3 * v + k]!), 0), channels = [0, 1, 2];
  const scale = channels.map((k) => sum(k, (a, t) => a * t) / Math.max(1e-12, sum(k, (a) => a * a))), mean = (scales: readonly number[]): number => channels.reduce((total, k) => total + sum(k, (a, t) => Math.abs(scales[k]! * a - t)), 0) / (3 * at.length);
  return { plain: mean([1, 1, 1]), scaled: mean(scale), scale };
}
