import { along, clipGradient, directions, SILHOUETTE_CASES, SILHOUETTE_SIZE, type SilhouetteCase, supersampled, unmoved } from './silhouette-cases.ts';

/** How far the gradient through visibility is off for one way of moving one shape. */
export interface SilhouetteCheck {
  /** `sphere.rotation` ... */
  readonly name: string;
  /** Length of the difference over the length of the numeric gradient. */
  readonly relativeError: number;
  readonly cosine: number;
}

/** What {@link checkSilhouetteGradients} may find. */
export const SILHOUETTE_BOUNDS = { relativeError: 0.1, cosine: 0.98 } as const;

/** Steps in units of the scene: a third of a pixel; a single vertex by a tenth. */
const STEP = 0.03, VERTEX_STEP = 0.012;

/** At least this share of the directions must have one derivative rather than two. */
const SMOOTH_SHARE = 0.8;

const length = (v: readonly number[]): number => Math.hypot(...v);
const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from(a).reduce((sum, x, i) => sum + x * b[i]!, 0);

/**
 * The float64 reference of antialiased pictures: its gradient through barycentrics and outlines against central differences of pictures of 16 x 16
 * samples a pixel, when a triangle, a sphere, one before the other and a sheet with an open border are shifted, scaled, turned and bent.
 */
export function checkSilhouetteGradients(names: readonly string[] = Object.keys(SILHOUETTE_CASES)): SilhouetteCheck[] {
  const { height, width } = SILHOUETTE_SIZE;
  const weights = Float64Array.from({ length: 3 * height * width }, (_, i) => {
    const p = Math.floor(i / 3), c = p % width, r = Math.floor(p / width);
    return Math.sin(0.23 * c + 0.11 * r + 1.3 * (i % 3)) + 0.4 * Math.cos(0.31 * r);
  });
  return names.flatMap((name) => checkShape(name, SILHOUETTE_CASES[name]!, weights));
}

function checkShape(name: string, shape: SilhouetteCase, weights: Float64Array): SilhouetteCheck[] {
  const at = unmoved(shape), gradient = clipGradient(shape, at, weights), base = dot(supersampled(shape, at), weights);
  return Object.entries(directions(shape)).map(([group, moves]) => {
    const step = group === 'vertices' ? VERTEX_STEP : STEP;
    const sides = moves.map((move) => [step, -step].map((d) => (dot(supersampled(shape, move(at, d)), weights) - base) / d) as [number, number]);
    const size = length(sides.flat()) / Math.sqrt(2 * moves.length);
    // Where a face is about to come into view or to vanish, the picture has two derivatives, one to each side.
    const smooth = moves.map((move, i) => ({ move, sides: sides[i]! })).filter(({ sides: [plus, minus] }) => Math.abs(plus - minus) <= Math.max(0.5 * size, 0.25 * Math.abs(plus + minus)));
    const numeric = smooth.map(({ sides: [plus, minus] }) => (plus + minus) / 2), analytic = smooth.map(({ move }) => along(shape, at, gradient, move));
    const few = smooth.length < SMOOTH_SHARE * moves.length;
    return {
      name: `${name}.${group}`, relativeError: few ? Infinity : length(numeric.map((x, i) => x - analytic[i]!)) / length(numeric),
      cosine: few ? -1 : dot(numeric, analytic) / length(numeric) / length(analytic),
    };
  });
}
