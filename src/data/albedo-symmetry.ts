import { ArgumentError } from '../core/errors.ts';
import type { HeadTopology } from './head-topology.ts';

type Symmetric = Pick<HeadTopology, 'faceMask' | 'mirror'>;

/** `[V, 3]` values with each vertex's taken from the one on the other side. */
export function mirrorColors(colors: ArrayLike<number>, mirror: Int32Array): Float32Array {
  if (colors.length !== 3 * mirror.length) throw new ArgumentError('mirrorColors', 'colors', `${3 * mirror.length} numbers, three a vertex`, String(colors.length));
  return Float32Array.from(colors, (_, i) => colors[3 * mirror[Math.floor(i / 3)]! + (i % 3)]!);
}

/** `[V, 3]` means of both sides. */
export function symmetricColors(colors: ArrayLike<number>, mirror: Int32Array): Float32Array {
  const other = mirrorColors(colors, mirror);
  return other.map((x, i) => (x + colors[i]!) / 2);
}

/** The vertices of the face (mask above 0.5) that have another one on the other side. */
export const pairedVertices = ({ faceMask, mirror }: Symmetric): Int32Array => Int32Array.from(mirror.keys()).filter((v) => mirror[v] !== v && faceMask[v]! > 0.5 && faceMask[mirror[v]!]! > 0.5);

/** Mean absolute difference of two colourings, `[V, 3]` each, over some vertices and the three channels. */
export function colorDistance(a: ArrayLike<number>, b: ArrayLike<number>, vertices: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < vertices.length; i++) for (let k = 0; k < 3; k++) sum += Math.abs(a[3 * vertices[i]! + k]! - b[3 * vertices[i]! + k]!);
  return sum / (3 * vertices.length);
}

/** How unlike the two sides of a face are: mean |A - mirror(A)| over {@link pairedVertices} and channels. */
export const albedoAsymmetry = (colors: ArrayLike<number>, topology: Symmetric): number => colorDistance(colors, mirrorColors(colors, topology.mirror), pairedVertices(topology));

/**
 * By how much the side of the face that the light comes from is brighter than the other in an albedo, mean of the channels: what a fit bakes in is positive; what is the face's own has no sign over many faces.
 *
 * @param vertices - `[V, 3]` of any head of the topology: which side a vertex is on.
 * @param side - Positive: light from +x.
 */
export function litSideExcess(colors: ArrayLike<number>, topology: Symmetric, vertices: ArrayLike<number>, side: number): number {
  const other = mirrorColors(colors, topology.mirror), lit = pairedVertices(topology).filter((v) => vertices[3 * v]! * side > 0);
  return lit.reduce((sum, v) => sum + [0, 1, 2].reduce((s, k) => s + colors[3 * v + k]! - other[3 * v + k]!, 0) / 3, 0) / lit.length;
}
