import { UnsupportedError } from '../core/errors.ts';
import type { FloatArray } from '../sparse/csr-matrix.ts';

/** Corners beyond which a polygon that is not convex is refused: ear clipping is cubic at worst. */
const MAX_CONCAVE_CORNERS = 1000;

/**
 * Splits a polygon into triangles of its own corners and orientation, `n - 2` of them, appended to `faces`.
 *
 * A convex polygon, and one of no area, becomes a fan from its first corner; any other is clipped ear by ear in the plane
 * that it is nearest to. O(n) if convex, O(n^3) at worst if not.
 *
 * Meisters, "Polygons have ears", American Mathematical Monthly 82, 1975; normal after Newell.
 *
 * @param vertices - `[V, 3]`.
 * @param corners - Vertex indices, in range, at least three.
 * @param where - Named in errors: the file, if there is one.
 * @throws {@link UnsupportedError} for a polygon of over 1,000 corners that is not convex.
 */
export function triangulatePolygon(vertices: FloatArray, corners: readonly number[], faces: number[], where = 'triangulatePolygon'): void {
  const n = corners.length;
  const [u, v] = n > 3 ? projectAlongNormal(vertices, corners) : [[], []];
  const turn = (a: number, b: number, c: number): number => (u[b]! - u[a]!) * (v[c]! - v[a]!) - (v[b]! - v[a]!) * (u[c]! - u[a]!);
  const left = Array.from(corners.keys());
  if (!left.every((i) => !(turn((i + n - 1) % n, i, (i + 1) % n) < 0))) {
    if (n > MAX_CONCAVE_CORNERS) throw new UnsupportedError(where, `a polygon of ${n} corners that is not convex`, `split it into faces of at most ${MAX_CONCAVE_CORNERS}`);
    clipEars(left, turn, (a, b, c) => faces.push(corners[a]!, corners[b]!, corners[c]!));
  }
  for (let i = 2; i < left.length; i++) faces.push(corners[left[0]!]!, corners[left[i - 1]!]!, corners[left[i]!]!);
}

// Takes corners out of `left` while there is an ear; what stays is a triangle, or crosses itself.
function clipEars(left: number[], turn: (a: number, b: number, c: number) => number, cut: (a: number, b: number, c: number) => void): void {
  const isEar = (i: number): boolean => {
    const m = left.length, a = left[(i + m - 1) % m]!, b = left[i]!, c = left[(i + 1) % m]!;
    if (!(turn(a, b, c) > 0)) return false;
    return left.every((p) => p === a || p === b || p === c || turn(a, b, p) < 0 || turn(b, c, p) < 0 || turn(c, a, p) < 0);
  };
  // Going on behind the last ear, rather than from the start, keeps most polygons quadratic.
  for (let i = 0, tried = 0; left.length > 3 && tried < left.length;) {
    i %= left.length;
    if (!isEar(i)) {
      i++;
      tried++;
      continue;
    }
    const m = left.length;
    cut(left[(i + m - 1) % m]!, left[i]!, left[(i + 1) % m]!);
    left.splice(i, 1);
    tried = 0;
  }
}

// Coordinates of the corners in the two axes that the normal is least along, counter-clockwise.
function projectAlongNormal(vertices: FloatArray, corners: readonly number[]): readonly [number[], number[]] {
  const at = (i: number, k: number): number => vertices[3 * corners[i % corners.length]! + k]!;
  const normal = [0, 1, 2].map((k) => {
    const y = (k + 1) % 3, z = (k + 2) % 3;
    return corners.reduce((sum, _, i) => sum + (at(i, y) - at(i + 1, y)) * (at(i, z) + at(i + 1, z)), 0);
  });
  const axis = [0, 1, 2].reduce((best, k) => (Math.abs(normal[k]!) > Math.abs(normal[best]!) ? k : best));
  const y = corners.map((_, i) => at(i, (axis + 1) % 3)), z = corners.map((_, i) => at(i, (axis + 2) % 3));
  return normal[axis]! < 0 ? [z, y] : [y, z];
}
