import { meshAdjacency } from '../mesh/adjacency.ts';
import type { Hierarchy } from '../mesh/hierarchy.ts';
import { csrFromTriplets } from '../sparse/csr-from-triplets.ts';
import type { CsrMatrix } from '../sparse/csr-matrix.ts';
import { multiplyCsr } from '../sparse/multiply-csr.ts';
import { upSamplingToInput } from './level-operators.ts';

/** What a coarse vertex one edge away from the barycentric corners counts when the nearest are chosen. */
const NEXT = 1 / 64;

/**
 * Where a fitted up-sampling may have weights: per vertex of the finest level, in input order, the `neighbours` coarse vertices
 * that matter most to it, its barycentric corners first, then those around them. Equal ones go to the lower index.
 *
 * @returns `[V_0, V_level]`; the values are what they were chosen by.
 */
export function upSamplingPattern(hierarchy: Hierarchy, level: number, neighbours: number): CsrMatrix<Float64Array> {
  const { faces, vertices } = hierarchy.levels[level]!, count = vertices.length / 3, around = meshAdjacency(faces, count);
  const r: number[] = [], c: number[] = [], values: number[] = [];
  for (let v = 0; v < count; v++) {
    r.push(v);
    c.push(v);
    values.push(1);
    for (let p = around.rowPtr[v]!; p < around.rowPtr[v + 1]!; p++) {
      r.push(v);
      c.push(around.colIndex[p]!);
      values.push(NEXT);
    }
  }
  const wide = multiplyCsr(upSamplingToInput(hierarchy, level), csrFromTriplets([count, count], r, c, Float64Array.from(values))), rows = wide.shape[0];
  const rowPtr = new Int32Array(rows + 1), kept: number[] = [];
  for (let v = 0; v < rows; v++) {
    const entries = Array.from({ length: wide.rowPtr[v + 1]! - wide.rowPtr[v]! }, (_, i) => wide.rowPtr[v]! + i);
    kept.push(...entries.sort((a, b) => wide.values[b]! - wide.values[a]! || a - b).slice(0, neighbours).sort((a, b) => a - b));
    rowPtr[v + 1] = kept.length;
  }
  return { shape: wide.shape, rowPtr, colIndex: Int32Array.from(kept, (p) => wide.colIndex[p]!), values: Float64Array.from(kept, (p) => wide.values[p]!) };
}
