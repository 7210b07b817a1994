import { createBorderTest } from './border-test.ts';
import { createClosestPoint, type SurfacePoint } from './closest-point.ts';
import { faceNormals } from './face-normals.ts';
import type { TriangleMesh } from './triangle-mesh.ts';
import { vertexNormals } from './vertex-normals.ts';

/** Which points of a surface a vertex may be matched to. */
export interface MatchLimits {
  /** Least cosine between the vertex's normal and the face's. */
  readonly minCosine: number;
  /** Mesh units. */
  readonly maxDistance: number;
}

/** The match of each vertex; `null` where there is none. */
export type SurfaceMatches = readonly (SurfacePoint | null)[];

/**
 * Prepares the matching of meshes to a surface: for each vertex the nearest point among the faces with compatible normals. A vertex
 * whose nearest point lies on an open border has no match, for the surface goes on where it was not measured.
 */
export function createSurfaceMatcher(surface: TriangleMesh): (mesh: TriangleMesh, limits: MatchLimits, wanted?: ArrayLike<number>) => SurfaceMatches {
  const closest = createClosestPoint(surface), normals = faceNormals(surface), onBorder = createBorderTest(surface.faces);
  return (mesh, { minCosine, maxDistance }, wanted) => {
    const own = vertexNormals(mesh), count = mesh.vertices.length / 3;
    return Array.from({ length: count }, (_, v) => {
      if (wanted && !(wanted[v]! > 0)) return null;
      const [nx, ny, nz] = [own[3 * v]!, own[3 * v + 1]!, own[3 * v + 2]!];
      const point = closest(mesh.vertices[3 * v]!, mesh.vertices[3 * v + 1]!, mesh.vertices[3 * v + 2]!, (f) => nx * normals[3 * f]! + ny * normals[3 * f + 1]! + nz * normals[3 * f + 2]! > minCosine);
      return point.distance <= maxDistance && !onBorder(point) ? point : null;
    });
  };
}
