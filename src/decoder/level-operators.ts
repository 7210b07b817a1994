import { ArgumentError } from '../core/errors.ts';
import { meshAdjacency } from '../mesh/adjacency.ts';
import type { Hierarchy } from '../mesh/hierarchy.ts';
import { laplacian, type LaplacianPreset, scaledLaplacian } from '../mesh/laplacian.ts';
import { createSparseOperator, type SparseOperator } from '../ops/sparse-operator.ts';
import type { CsrMatrix } from '../sparse/csr-matrix.ts';
import { csrFromTriplets } from '../sparse/csr-from-triplets.ts';
import { multiplyCsr } from '../sparse/multiply-csr.ts';

/** The scaled Laplacian of one level of a hierarchy, on the active backend. */
export function levelLaplacian({ levels }: Hierarchy, level: number, { kind, weights, isolated, lambdaMax }: LaplacianPreset): SparseOperator {
  const { faces, vertices } = levels[level]!;
  return createSparseOperator(scaledLaplacian(laplacian(meshAdjacency(faces, vertices.length / 3, { weights }), kind, { isolated }), lambdaMax));
}

/** `[V_0, V_level]`: the product of the up-sampling matrices from `level` to the finest, its rows in the input order of vertices. */
export function upSamplingToInput({ levels, upTransforms, permutation }: Hierarchy, level: number): CsrMatrix<Float64Array> {
  const count = levels[0]!.vertices.length / 3;
  const toInput = csrFromTriplets([count, count], Array.from(permutation), Array.from(permutation.keys()), new Float64Array(count).fill(1));
  return upTransforms.slice(0, level).reduce((product, up) => multiplyCsr(product, up), toInput);
}

/** Position of each input vertex in the finest level: the inverse of the hierarchy's permutation. */
export function positionOfInput({ permutation }: Hierarchy): Int32Array {
  const position = new Int32Array(permutation.length);
  permutation.forEach((input, at) => { position[input] = at; });
  return position;
}

/** @throws {@link ArgumentError} if the hierarchy has not one level more than there are `filters`. */
export function assertLevels(where: string, { levels }: Hierarchy, filters: readonly number[]): void {
  if (levels.length !== filters.length + 1) {
    throw new ArgumentError(where, 'hierarchy', `${filters.length + 1} levels, one more than config.filters`, `${levels.length}`);
  }
}
