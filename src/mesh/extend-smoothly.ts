import { ArgumentError } from '../core/errors.ts';
import { conjugateGradient } from '../sparse/conjugate-gradient.ts';
import { csrFromTriplets } from '../sparse/csr-from-triplets.ts';
import { smoothness } from './smoothness.ts';
import type { TriangleMesh } from './triangle-mesh.ts';

const SOLVER = { tolerance: 1e-5, maxIterations: 20000 };

/**
 * Prepares the filling in of fields that are known at some vertices: the others take the values of least {@link smoothness}, `S_ff x_f = -S_fk x_k`. Vertices of no face
 * are left alone.
 *
 * @param known - `[V]`.
 * @returns A function that fills `values`, row-major `[V, cols]`, in place.
 * @throws {@link ArgumentError} if `known` has another length; in the solver, if a part of the mesh has no known vertex.
 */
export function createExtension(mesh: TriangleMesh, known: ArrayLike<number | boolean>): (values: Float64Array, cols: number) => void {
  const V = mesh.vertices.length / 3, S = smoothness(mesh), row = new Int32Array(V).fill(-1), free: number[] = [];
  if (known.length !== V) throw new ArgumentError('createExtension', 'known', `length ${V}`, `${known.length}`);
  for (let v = 0; v < V; v++) if (!known[v] && S.rowPtr[v + 1]! > S.rowPtr[v]!) row[v] = free.push(v) - 1;
  const rows: number[] = [], columns: number[] = [], values: number[] = [], held: { r: number; v: number; value: number }[] = [];
  free.forEach((i, r) => {
    for (let p = S.rowPtr[i]!; p < S.rowPtr[i + 1]!; p++) {
      const j = S.colIndex[p]!, value = S.values[p]!;
      if (row[j]! < 0) held.push({ r, v: j, value });
      else { rows.push(r); columns.push(row[j]!); values.push(value); }
    }
  });
  const matrix = csrFromTriplets([free.length, free.length], rows, columns, Float64Array.from(values));
  return (field, cols) => {
    const right = new Float64Array(free.length * cols);
    for (const { r, v, value } of held) for (let n = 0; n < cols; n++) right[r * cols + n]! -= value * field[v * cols + n]!;
    const x = conjugateGradient(matrix, right, cols, SOLVER);
    free.forEach((v, r) => { for (let n = 0; n < cols; n++) field[v * cols + n] = x[r * cols + n]!; });
  };
}
