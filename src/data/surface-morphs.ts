import type { LinearSurface } from './linear-surface.ts';
import type { MorphTarget } from './makehuman.ts';

/** A morph of a surface: what it adds to some vertices. */
export interface SurfaceMorph {
  /** Vertices moved, ascending. */
  readonly index: Int32Array;
  /** `[index.length, 3]` millimetres. */
  readonly delta: Float32Array;
}

/** Prepares the passage of morphs of the base mesh to a surface; decimetres become millimetres. */
export function createMorphProjector({ matrix }: LinearSurface): (target: MorphTarget) => SurfaceMorph {
  const [rows, cols] = matrix.shape, columns: { row: number; weight: number }[][] = Array.from({ length: cols }, () => []);
  for (let r = 0; r < rows; r++) for (let p = matrix.rowPtr[r]!; p < matrix.rowPtr[r + 1]!; p++) columns[matrix.colIndex[p]!]!.push({ row: r, weight: matrix.values[p]! });
  const sum = new Float64Array(3 * rows);
  return ({ index, delta }) => {
    const touched = new Set<number>();
    index.forEach((v, i) => {
      for (const { row, weight } of columns[v]!) {
        touched.add(row);
        for (let k = 0; k < 3; k++) sum[3 * row + k]! += 100 * weight * delta[3 * i + k]!;
      }
    });
    const moved = [...touched].sort((a, b) => a - b).filter((row) => sum[3 * row] !== 0 || sum[3 * row + 1] !== 0 || sum[3 * row + 2] !== 0);
    const out = { index: Int32Array.from(moved), delta: Float32Array.from(moved.flatMap((row) => [...sum.subarray(3 * row, 3 * row + 3)])) };
    for (const row of touched) sum.fill(0, 3 * row, 3 * row + 3);
    return out;
  };
}
