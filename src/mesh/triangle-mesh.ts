import { ArgumentError } from '../core/errors.ts';
import type { FloatArray } from '../sparse/csr-matrix.ts';

/** A triangle mesh on the host, flat and row-major. */
export interface TriangleMesh<T extends FloatArray = FloatArray> {
  /** `[V, 3]` positions; millimetres for faces of this project. */
  readonly vertices: T;
  /** `[F, 3]` vertex indices, counter-clockwise seen from outside. */
  readonly faces: Int32Array;
  /** `[V, 3]` sRGB in [0, 1]; absent where the mesh has no colour. */
  readonly colors?: T;
}

/**
 * Checks that sizes fit, indices are in range and numbers are finite.
 *
 * @throws {@link ArgumentError} naming the first entry at fault.
 */
export function assertTriangleMesh(where: string, mesh: TriangleMesh): void {
  const { vertices, faces, colors } = mesh;
  const count = vertices.length / 3;
  if (!Number.isInteger(count)) throw new ArgumentError(where, 'vertices', 'a length divisible by 3', `${vertices.length}`);
  if (faces.length % 3 !== 0) throw new ArgumentError(where, 'faces', 'a length divisible by 3', `${faces.length}`);
  if (colors && colors.length !== vertices.length) throw new ArgumentError(where, 'colors', `length ${vertices.length}`, `${colors.length}`);
  const stray = faces.findIndex((v) => v < 0 || v >= count);
  if (stray >= 0) throw new ArgumentError(where, `faces[${Math.floor(stray / 3)}]`, `indices in [0, ${count})`, `${faces[stray]}`);
  const broken = vertices.findIndex((x) => !Number.isFinite(x));
  if (broken >= 0) throw new ArgumentError(where, `vertices[${Math.floor(broken / 3)}]`, 'finite coordinates', `${vertices[broken]}`);
  const unlit = colors?.findIndex((x) => !Number.isFinite(x)) ?? -1;
  if (colors && unlit >= 0) throw new ArgumentError(where, `colors[${Math.floor(unlit / 3)}]`, 'finite values', `${colors[unlit]}`);
}
