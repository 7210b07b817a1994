import { ArgumentError } from '../core/errors.ts';
import { HEAD_REGIONS, type HeadTopology } from './head-topology.ts';

const SKIN = HEAD_REGIONS.indexOf('skin');

/** The vertices of the face's skin: region `skin` where the face mask exceeds 0.5, so without brows, eyes, lips, ears and neck. */
export const skinVertices = ({ faceMask, region }: Pick<HeadTopology, 'faceMask' | 'region'>): Int32Array => Int32Array.from(region.keys()).filter((v) => region[v] === SKIN && faceMask[v]! > 0.5);

/**
 * The mean colour of a face's skin, `[3]`.
 *
 * @param colors - `[V, 3]` sRGB albedo.
 * @throws {@link ArgumentError} if it has not one colour a vertex.
 */
export function skinColor(colors: ArrayLike<number>, topology: Pick<HeadTopology, 'faceMask' | 'region'>): [red: number, green: number, blue: number] {
  if (colors.length !== 3 * topology.region.length) throw new ArgumentError('skinColor', 'colors', `${3 * topology.region.length} numbers, three a vertex`, String(colors.length));
  const skin = skinVertices(topology);
  return [0, 1, 2].map((k) => skin.reduce((sum, v) => sum + colors[3 * v + k]!, 0) / skin.length) as [number, number, number];
}
