import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import { csrFromTriplets } from '../sparse/csr-from-triplets.ts';
import type { CsrMatrix, FloatArray } from '../sparse/csr-matrix.ts';
import { meshAdjacency } from './adjacency.ts';
import { assertImportance, createDecimator, DECIMATE_DEFAULTS, type DecimateOptions } from './decimate.ts';
import { reverseCuthillMckee } from './reverse-cuthill-mckee.ts';
import { assertTriangleMesh, type TriangleMesh } from './triangle-mesh.ts';
import { upTransform, type UpSampling } from './up-transform.ts';

/** A mesh at several resolutions, with the matrices that carry per-vertex data between them. */
export interface Hierarchy {
  /** Finest first. A coarse vertex is one of the finer level, unmoved; vertices are in an order that keeps neighbours near. */
  readonly levels: readonly TriangleMesh<Float64Array>[];
  /** Entry i: `[V_{i+1}, V_i]`, selects the vertices kept, columns ascending. */
  readonly downTransforms: readonly CsrMatrix<Float64Array>[];
  /** Entry i: `[V_i, V_{i+1}]`, barycentric rows that sum to 1; `downTransforms[i] upTransforms[i]` is the identity. */
  readonly upTransforms: readonly CsrMatrix<Float64Array>[];
  /** `[V_0]`: input index of vertex i of the finest level. */
  readonly permutation: Int32Array;
}

/** Options of {@link buildHierarchy}. */
export interface HierarchyOptions extends DecimateOptions {
  /** Coarser levels to make; the hierarchy has one more. */
  readonly levels: number;
  /** Each level has `ceil(V / factor)` vertices of the one before; a list gives one factor per level. */
  readonly factor: number | readonly number[];
  /** Whether to reorder vertices so that sparse products and gathers stay local. */
  readonly reorder: boolean;
  /** Where fine vertices find their place on the coarse surface. */
  readonly upSampling: UpSampling;
}

export const HIERARCHY_DEFAULTS: HierarchyOptions = { ...DECIMATE_DEFAULTS, levels: 4, factor: 4, reorder: true, upSampling: 'connected' };

/**
 * Builds the levels of a mesh by quadric decimation and the matrices between them.
 *
 * Any triangle mesh will do: open borders are kept, components, isolated vertices, non-manifold edges and degenerate faces
 * are allowed (see `createDecimator` for what becomes of them). The finest level has the input's faces, all of them, in
 * their order. The same input gives the same bits.
 *
 * Ranjan et al., "Generating 3D Faces Using Convolutional Mesh Autoencoders", ECCV 2018, section 3.
 *
 * @throws {@link ArgumentError} if the mesh is invalid or empty, or an option out of range.
 *
 * @example
 * ```ts
 * const { levels, downTransforms, upTransforms } = buildHierarchy(mesh, { levels: 4, factor: 4 });
 * ```
 */
export function buildHierarchy(mesh: TriangleMesh, options?: Partial<HierarchyOptions>): Hierarchy {
  const where = 'buildHierarchy', resolved = resolveOptions(where, HIERARCHY_DEFAULTS, options);
  const { levels: depth, factor, reorder, upSampling, importance, borderWeight, evenness } = resolved;
  assertTriangleMesh(where, mesh);
  const count = mesh.vertices.length / 3;
  if (count === 0) throw new ArgumentError(where, 'mesh', 'at least one vertex', 'none');
  assertImportance(where, importance, count);
  if (!(Number.isInteger(depth) && depth >= 0 && depth <= 32)) throw new ArgumentError(where, 'levels', 'an integer in [0, 32]', `${depth}`);
  const factors = typeof factor === 'number' ? new Array<number>(depth).fill(factor) : factor;
  if (factors.length !== depth || !factors.every((x) => x >= 1 && x < Infinity)) throw new ArgumentError(where, 'factor', `a number of at least 1, or ${depth} of them`, `${factor}`);
  if (upSampling !== 'connected' && upSampling !== 'nearest') throw new ArgumentError(where, 'upSampling', 'value connected or nearest', `${upSampling as string}`);

  const permutation = reorder ? reverseCuthillMckee(meshAdjacency(mesh.faces, count)) : Int32Array.from({ length: count }, (_, i) => i);
  const place = new Int32Array(count);
  permutation.forEach((input, i) => { place[input] = i; });
  const levels = [selectVertices(mesh, permutation, mesh.faces.map((v) => place[v]!))];
  const ordered = { importance: importance && Float64Array.from(permutation, (input) => importance[input]!), borderWeight, evenness };
  const decimator = createDecimator(levels[0]!, ordered);

  const downTransforms: CsrMatrix<Float64Array>[] = [], upTransforms: CsrMatrix<Float64Array>[] = [];
  let finer: Int32Array = Int32Array.from({ length: count }, (_, i) => i);
  for (const ratio of factors) {
    const { kept, faces, mergedInto } = decimator.reduceTo(Math.ceil(finer.length / ratio));
    // Finest-level indices to those of this level; the merge of those still there before.
    const local = new Int32Array(count).fill(-1);
    kept.forEach((v, i) => { local[v] = i; });
    const fine = levels.at(-1)!, coarse = selectVertices(levels[0]!, kept, faces.map((v) => local[v]!));
    const keptLocal = kept.map((v) => finer.indexOf(v));
    const mergedLocal = finer.map((v) => (mergedInto[v]! < 0 ? -1 : local[mergedInto[v]!]!));
    levels.push(coarse);
    downTransforms.push(csrFromTriplets([kept.length, finer.length], kept.map((_, i) => i), keptLocal, new Float64Array(kept.length).fill(1)));
    upTransforms.push(upTransform(fine, coarse, keptLocal, mergedLocal, upSampling));
    finer = kept;
  }
  return { levels, downTransforms, upTransforms, permutation };
}

function selectVertices({ vertices, colors }: TriangleMesh, index: Int32Array, faces: Int32Array): TriangleMesh<Float64Array> {
  const select = (data: FloatArray): Float64Array => Float64Array.from({ length: 3 * index.length }, (_, i) => data[3 * index[Math.floor(i / 3)]! + i % 3]!);
  return { vertices: select(vertices), faces, ...(colors && { colors: select(colors) }) };
}
