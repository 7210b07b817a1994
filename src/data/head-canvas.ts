import type { Random } from '../core/random.ts';
import type { Color } from './head-palette.ts';
import type { HeadTraits } from './head-traits.ts';
import type { PaintFields } from './paint-fields.ts';

/** A head being painted. */
export interface HeadCanvas {
  readonly random: Random;
  readonly traits: HeadTraits;
  readonly fields: PaintFields;
  /** `[V, 3]` sRGB, not yet held to [0, 1]. */
  readonly colors: Float64Array;
  /** Place on the scale from light to dark, mean colour of the face, colour of the hair. */
  readonly tone: number;
  readonly face: Color;
  readonly hair: Color;
}

/** Lays a colour over a vertex with opacity `alpha`. */
export function cover({ colors }: HeadCanvas, v: number, [r, g, b]: Color, alpha: number): void {
  if (!(alpha > 0)) return;
  colors[3 * v]! += alpha * (r - colors[3 * v]!);
  colors[3 * v + 1]! += alpha * (g - colors[3 * v + 1]!);
  colors[3 * v + 2]! += alpha * (b - colors[3 * v + 2]!);
}

/** Multiplies the colour of a vertex. */
export function tint({ colors }: HeadCanvas, v: number, r: number, g = r, b = r): void {
  colors[3 * v]! *= r;
  colors[3 * v + 1]! *= g;
  colors[3 * v + 2]! *= b;
}
