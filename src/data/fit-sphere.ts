import { Cholesky } from '../sparse/cholesky.ts';

/** A ball. */
export interface Sphere {
  readonly centre: readonly [number, number, number];
  readonly radius: number;
}

/**
 * The sphere nearest to points in the algebraic sense: least squares of `|p|^2 - 2 p.c - (r^2 - |c|^2)`, about their middle.
 *
 * @param points - `[n, 3]`, at least four, not in one plane.
 */
export function fitSphere(points: ArrayLike<number>): Sphere {
  const n = points.length / 3, middle = [0, 0, 0], normal = new Float64Array(16), right = new Float64Array(4);
  for (let i = 0; i < points.length; i++) middle[i % 3]! += points[i]! / n;
  for (let i = 0; i < n; i++) {
    const p = [0, 1, 2].map((k) => points[3 * i + k]! - middle[k]!), row = [2 * p[0]!, 2 * p[1]!, 2 * p[2]!, 1], square = p.reduce((sum, x) => sum + x * x, 0);
    for (let a = 0; a < 4; a++) {
      right[a]! += row[a]! * square;
      for (let b = 0; b < 4; b++) normal[4 * a + b]! += row[a]! * row[b]!;
    }
  }
  const factor = new Cholesky(normal, 4), [x, y, z, rest] = factor.backward(factor.forward(right)) as unknown as [number, number, number, number];
  return { centre: [x + middle[0]!, y + middle[1]!, z + middle[2]!], radius: Math.sqrt(rest + x * x + y * y + z * z) };
}
