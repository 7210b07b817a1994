import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import { BACKGROUND } from './match-anchors.ts';

/** Options of {@link mineHardExamples}. */
export interface MiningOptions {
  /** Background anchors kept for each with a face. */
  readonly ratio: number;
  /** Whether they are counted and chosen picture by picture, or over the whole batch. */
  readonly scope: 'image' | 'batch';
  /** Background anchors kept at least, of a picture or of the batch: without any, a picture without a face teaches nothing. */
  readonly minNegatives: number;
}

/** RetinaFace, arXiv 1905.00641, section 3.3: at least 3 : 1. The least number is ours: that of one face. */
export const MINING_DEFAULTS: MiningOptions = { ratio: 3, scope: 'image', minNegatives: 3 };

/**
 * The background anchors that a step learns from: those of the largest loss, `ratio` for each anchor with a face. More than 99 % of anchors are background.
 *
 * Shrivastava et al., "Training region-based object detectors with online hard example mining", arXiv 1604.03540.
 *
 * @param losses - `[B, A]` classification loss of each anchor; looked at where it is background. Of equal losses the first are kept.
 * @param faces - B times `[A]`, as `matchAnchors` gives them.
 * @returns Ascending indices into `[B, A]`.
 * @throws {@link ArgumentError} if the counts do not fit, a background loss is not a number, or an option is out of range.
 */
export function mineHardExamples(losses: ArrayLike<number>, faces: readonly Int32Array[], options?: Partial<MiningOptions>): Int32Array {
  const where = 'mineHardExamples', { ratio, scope, minNegatives } = resolveOptions(where, MINING_DEFAULTS, options), A = faces[0]?.length ?? 0;
  if (!(ratio >= 0 && ratio < Infinity)) throw new ArgumentError(where, 'ratio', 'a number of at least 0', String(ratio));
  if (!(Number.isInteger(minNegatives) && minNegatives >= 0)) throw new ArgumentError(where, 'minNegatives', 'a whole number of at least 0', String(minNegatives));
  if (scope !== 'image' && scope !== 'batch') throw new ArgumentError(where, 'scope', 'value image or batch', `${scope as string}`);
  if (faces.some(({ length }) => length !== A) || losses.length !== A * faces.length) throw new ArgumentError(where, 'losses', `${faces.length} x ${A} numbers`, String(losses.length));
  const images = faces.map((face, b) => backgroundOf(where, losses, face, b * A)), groups = scope === 'image' ? images : [joined(images)];
  return Int32Array.from(groups.flatMap(({ indices, positives }) => hardest(losses, indices, Math.max(minNegatives, Math.floor(ratio * positives)))));
}

interface Group {
  readonly indices: readonly number[];
  readonly positives: number;
}

function backgroundOf(where: string, losses: ArrayLike<number>, face: Int32Array, offset: number): Group {
  const indices: number[] = [];
  let positives = 0;
  face.forEach((f, a) => {
    if (f >= 0) positives++;
    if (f !== BACKGROUND) return;
    if (Number.isNaN(losses[offset + a]!)) throw new ArgumentError(where, `losses[${offset + a}]`, 'a number: the network has diverged', 'NaN');
    indices.push(offset + a);
  });
  return { indices, positives };
}

const joined = (groups: readonly Group[]): Group => ({ indices: groups.flatMap(({ indices }) => [...indices]), positives: groups.reduce((sum, { positives }) => sum + positives, 0) });

function hardest(losses: ArrayLike<number>, indices: readonly number[], count: number): readonly number[] {
  if (count >= indices.length) return indices;
  if (count === 0) return [];
  const bar = Float64Array.from(indices, (i) => losses[i]!).sort().at(-count)!;
  let equal = count - indices.filter((i) => losses[i]! > bar).length;
  return indices.filter((i) => losses[i]! > bar || (losses[i]! === bar && equal-- > 0));
}
