import { csrTimesDense } from '../sparse/csr-times-dense.ts';
import type { Hierarchy } from './hierarchy.ts';

/** What one level of a hierarchy keeps, and what is lost on the way back up. */
export interface LevelError {
  readonly vertices: number;
  readonly faces: number;
  /** Distance of the finest level's vertices from where this level's, up-sampled through all finer ones, put them; mesh units. */
  readonly mean: number;
  readonly max: number;
}

/**
 * Sizes and reconstruction errors of every level, finest first.
 *
 * `|x_0 - U_0 U_1 ... U_{i-1} x_i|` over the vertices of level 0. The finest level's error is 0.
 */
export function hierarchyErrors({ levels, upTransforms }: Hierarchy): LevelError[] {
  const fine = levels[0]!.vertices, count = fine.length / 3;
  return levels.map(({ vertices, faces }, i) => {
    let raised = vertices, sum = 0, max = 0;
    for (let k = i - 1; k >= 0; k--) raised = csrTimesDense(upTransforms[k]!, raised, 3);
    for (let v = 0; v < fine.length; v += 3) {
      const distance = Math.hypot(fine[v]! - raised[v]!, fine[v + 1]! - raised[v + 1]!, fine[v + 2]! - raised[v + 2]!);
      sum += distance;
      max = Math.max(max, distance);
    }
    return { vertices: vertices.length / 3, faces: faces.length / 3, mean: sum / count, max };
  });
}

/** Length of the diagonal of the box about all vertices, in mesh units. */
export function boxDiagonal(vertices: ArrayLike<number>): number {
  const low = [Infinity, Infinity, Infinity], high = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < vertices.length; i++) {
    low[i % 3] = Math.min(low[i % 3]!, vertices[i]!);
    high[i % 3] = Math.max(high[i % 3]!, vertices[i]!);
  }
  return vertices.length === 0 ? 0 : Math.hypot(...high.map((x, k) => x - low[k]!));
}
