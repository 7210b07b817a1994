import { ArgumentError } from '../core/errors.ts';

/**
 * Throws if the rasterizer stopped at an index out of range or at a number that is not finite.
 *
 * @param read - Reads the values of `faces [F, 3]` and `vertices [B, V, 4]`.
 * @param stray - As `rasterizeMeshImpl` returns it.
 * @throws {@link ArgumentError} naming it.
 */
export function assertRasterizable(stray: number, vertexCount: number, faceCount: number, read: { faces: () => ArrayLike<number>; vertices: () => ArrayLike<number> }): void {
  if (stray < 0) return;
  const where = 'rasterizeMesh', position = stray - 3 * faceCount;
  if (position < 0) throw new ArgumentError(where, `faces[${Math.floor(stray / 3)}, ${stray % 3}]`, `a vertex in [0, ${vertexCount})`, `${read.faces()[stray]}`);
  const vertex = Math.floor(position / 4);
  throw new ArgumentError(
    where, `vertices[${Math.floor(vertex / vertexCount)}, ${vertex % vertexCount}, ${position % 4}]`, 'a finite coordinate', `${read.vertices()[position]}`,
  );
}

/**
 * Throws if an interpolation stopped at an index out of range.
 *
 * @param stray - As `strayFragment` returns it.
 * @throws {@link ArgumentError} naming it.
 */
export function assertFragments(stray: number, vertexCount: number, faceCount: number, read: { faces: () => ArrayLike<number>; faceIndex: () => ArrayLike<number> }, where = 'interpolateAttributes'): void {
  if (stray < 0) return;
  const position = stray - 3 * faceCount;
  if (position < 0) throw new ArgumentError(where, `faces[${Math.floor(stray / 3)}, ${stray % 3}]`, `a vertex in [0, ${vertexCount})`, `${read.faces()[stray]}`);
  throw new ArgumentError(where, `faceIndex[${position}]`, `-1 or a face in [0, ${faceCount})`, `${read.faceIndex()[position]}`);
}

/**
 * Throws if a projection stopped at a camera that looks nowhere.
 *
 * @throws {@link ArgumentError} naming it.
 */
export function assertCamera(stray: number, cameras: ArrayLike<number>): void {
  if (stray < 0) return;
  const numbers = Array.from({ length: 8 }, (_, k) => cameras[8 * stray + k]!);
  throw new ArgumentError(
    'projectVertices', `camera ${stray}`, 'finite numbers, an eye away from the look-at point and not straight above or below it', `eye [${numbers.slice(0, 3)}], look-at [${numbers.slice(3, 6)}]`,
  );
}

/**
 * Throws if a kernel stopped at a face that names no vertex.
 *
 * @param stray - Position in `faces [F, 3]`, or -1.
 * @throws {@link ArgumentError} naming it.
 */
export function assertFaceIndices(where: string, stray: number, vertexCount: number, faces: () => ArrayLike<number>): void {
  if (stray < 0) return;
  throw new ArgumentError(where, `faces[${Math.floor(stray / 3)}, ${stray % 3}]`, `a vertex in [0, ${vertexCount})`, `${faces()[stray]}`);
}

/**
 * Throws if a walk along silhouettes stopped at an index out of range.
 *
 * @param stray - As `strayEdge` returns it.
 * @throws {@link ArgumentError} naming it.
 */
export function assertSilhouettes(
  stray: number, vertexCount: number, faceCount: number, edgeCount: number, read: Record<'faces' | 'edges' | 'faceIndex', () => ArrayLike<number>>,
): void {
  if (stray < 0) return;
  const where = 'antialiasEdges', position = stray - 3 * faceCount, pixel = position - 4 * edgeCount;
  if (position < 0) throw new ArgumentError(where, `faces[${Math.floor(stray / 3)}, ${stray % 3}]`, `a vertex in [0, ${vertexCount})`, `${read.faces()[stray]}`);
  if (pixel < 0) {
    const range = `a vertex in [0, ${vertexCount})`;
    throw new ArgumentError(where, `edges[${Math.floor(position / 4)}, ${position % 4}]`, position % 4 < 2 ? range : `-1 or ${range}`, `${read.edges()[position]}`);
  }
  throw new ArgumentError(where, `faceIndex[${pixel}]`, `-1 or a face in [0, ${faceCount})`, `${read.faceIndex()[pixel]}`);
}
