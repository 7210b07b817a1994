import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import { csrFromTriplets } from '../sparse/csr-from-triplets.ts';
import type { CsrMatrix } from '../sparse/csr-matrix.ts';

/** How an edge is weighted: `binary` 1; `coma` the number of faces at it, as the CoMA code does (2 inside, 1 on a border). */
export type EdgeWeights = 'binary' | 'coma';

/** Options of {@link meshAdjacency}. */
export interface AdjacencyOptions {
  readonly weights: EdgeWeights;
}

export const ADJACENCY_DEFAULTS: AdjacencyOptions = { weights: 'binary' };

/**
 * The symmetric adjacency matrix of a triangle mesh's edges, without a diagonal.
 *
 * A vertex of no face has an empty row. An edge of three or more faces is one edge, of `coma` weight 3 or more. The sides that a
 * degenerate face has left count once each; its side from a vertex to itself is none.
 *
 * @param faces - `[F, 3]`.
 * @returns `[V, V]`.
 * @throws {@link ArgumentError} if a face has an index out of range.
 */
export function meshAdjacency(faces: Int32Array, vertexCount: number, options?: Partial<AdjacencyOptions>): CsrMatrix<Float64Array> {
  const { weights } = resolveOptions('meshAdjacency', ADJACENCY_DEFAULTS, options);
  if (weights !== 'binary' && weights !== 'coma') throw new ArgumentError('meshAdjacency', 'weights', 'value binary or coma', `${weights as string}`);
  const stray = faces.findIndex((v) => v < 0 || v >= vertexCount);
  if (stray >= 0) throw new ArgumentError('meshAdjacency', `faces[${Math.floor(stray / 3)}]`, `indices in [0, ${vertexCount})`, `${faces[stray]}`);
  const from: number[] = [], to: number[] = [];
  const connect = (a: number, b: number): void => { from.push(a, b); to.push(b, a); };
  for (let f = 0; f < faces.length; f += 3) {
    const a = faces[f]!, b = faces[f + 1]!, c = faces[f + 2]!;
    if (a !== b) connect(a, b);
    if (b !== c && c !== a) connect(b, c);
    if (c !== a && a !== b && b !== c) connect(c, a);
  }
  const matrix = csrFromTriplets([vertexCount, vertexCount], from, to, new Float64Array(from.length).fill(1));
  if (weights === 'binary') matrix.values.fill(1);
  return matrix;
}
