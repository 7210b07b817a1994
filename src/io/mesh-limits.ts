import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';

/** Limits on a mesh file, checked before anything of that size is made. */
export interface MeshLimits {
  /** Size of the file. */
  readonly maxBytes: number;
  readonly maxVertices: number;
  /** Triangles, after polygons have been split. */
  readonly maxFaces: number;
}

export const MESH_LIMITS: MeshLimits = { maxBytes: 1 << 28, maxVertices: 4_000_000, maxFaces: 8_000_000 };

/** Counts against the limits; each method throws {@link ArgumentError} naming the option that would allow more. */
export interface MeshBudget {
  readonly maxVertices: number;
  readonly maxFaces: number;
  vertices(count: number): void;
  faces(count: number): void;
}

/** Completes `options`, checks the size of the file, and hands out the checks on what it holds. */
export function openMeshBudget(where: string, bytes: number, options?: Partial<MeshLimits>): MeshBudget {
  const { maxBytes, maxVertices, maxFaces } = resolveOptions(where, MESH_LIMITS, options);
  const check = (what: string, count: number, limit: number, option: string): void => {
    if (count > limit) throw new ArgumentError(where, 'the file', `at most ${limit} ${what} (option ${option})`, `${count}`);
  };
  check('bytes', bytes, maxBytes, 'maxBytes');
  return {
    maxVertices, maxFaces,
    vertices: (count) => check('vertices', count, maxVertices, 'maxVertices'),
    faces: (count) => check('faces', count, maxFaces, 'maxFaces'),
  };
}
