import { FormatError } from '../core/errors.ts';
import type { Hierarchy } from '../mesh/hierarchy.ts';
import type { TriangleMesh } from '../mesh/triangle-mesh.ts';
import { csrFromTriplets } from '../sparse/csr-from-triplets.ts';
import type { CsrMatrix } from '../sparse/csr-matrix.ts';
import type { SafeTensor } from './safetensors.ts';

const PREFIX = 'hierarchy.';

/**
 * A hierarchy as named arrays for a safetensors file, without loss.
 *
 * `vertices`, `colors`, `permutation` of the finest level; per level i `faces.i`; per step i `kept.i` (the fine index of each coarse
 * vertex, which is `downTransforms[i]`) and the rows of `upTransforms[i]`: `up.i.count` entries per row, `up.i.index` columns,
 * `up.i.weight`. Indices take 16 bits where they fit, coordinates 32 where that loses nothing.
 */
export function hierarchyToTensors({ levels, downTransforms, upTransforms, permutation }: Hierarchy): Record<string, SafeTensor> {
  const [finest] = levels, count = permutation.length;
  const tensors: Record<string, SafeTensor> = {
    vertices: packFloats(finest!.vertices, [count, 3]),
    permutation: packIndices(permutation, [count], count),
    ...(finest!.colors && { colors: packFloats(finest!.colors, [count, 3]) }),
  };
  levels.forEach(({ vertices, faces }, i) => { tensors[`faces.${i}`] = packIndices(faces, [faces.length / 3, 3], vertices.length / 3); });
  downTransforms.forEach(({ shape: [rows, cols], colIndex }, i) => { tensors[`kept.${i}`] = packIndices(colIndex, [rows], cols); });
  upTransforms.forEach(({ shape: [rows, cols], rowPtr, colIndex, values }, i) => {
    tensors[`up.${i}.count`] = { dtype: 'U8', shape: [rows], data: Uint8Array.from({ length: rows }, (_, r) => rowPtr[r + 1]! - rowPtr[r]!) };
    tensors[`up.${i}.index`] = packIndices(colIndex, [colIndex.length], cols);
    tensors[`up.${i}.weight`] = packFloats(values, [values.length]);
  });
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [PREFIX + name, tensor]));
}

/**
 * The hierarchy that {@link hierarchyToTensors} stored; other names in `tensors` are ignored.
 *
 * Everything is checked: sizes, ranges, that the permutation is one, that rows of the up transforms sum to one and
 * that kept vertices copy themselves.
 *
 * @param where - Named in errors: the file.
 * @throws {@link FormatError} naming the tensor at fault.
 */
export function hierarchyFromTensors(tensors: Readonly<Record<string, SafeTensor>>, where = 'hierarchyFromTensors'): Hierarchy {
  const read = createReader(tensors, where);
  const vertices = read.floats('vertices', null, 3), count = vertices.length / 3;
  const colors = Object.hasOwn(tensors, `${PREFIX}colors`) ? read.floats('colors', count, 3) : undefined;
  const permutation = read.indices('permutation', count, 1, count);
  if (new Set(permutation).size !== count) read.fail('permutation', 'each index once', 'a repeated one');
  const levels: TriangleMesh<Float64Array>[] = [{ vertices, faces: read.indices('faces.0', null, 3, count), ...(colors && { colors }) }];
  const downTransforms: CsrMatrix<Float64Array>[] = [], upTransforms: CsrMatrix<Float64Array>[] = [];
  for (let i = 0; Object.hasOwn(tensors, `${PREFIX}kept.${i}`); i++) {
    const fine = levels[i]!, fineCount = fine.vertices.length / 3;
    const kept = read.indices(`kept.${i}`, null, 1, fineCount), coarseCount = kept.length;
    if (coarseCount === 0 || kept.some((v, c) => c > 0 && v <= kept[c - 1]!)) read.fail(`kept.${i}`, 'ascending indices, at least one', `${coarseCount} of them`);
    const select = (data: Float64Array): Float64Array => Float64Array.from({ length: 3 * coarseCount }, (_, k) => data[3 * kept[Math.floor(k / 3)]! + k % 3]!);
    levels.push({ vertices: select(fine.vertices), faces: read.indices(`faces.${i + 1}`, null, 3, coarseCount), ...(fine.colors && { colors: select(fine.colors) }) });
    downTransforms.push(csrFromTriplets([coarseCount, fineCount], [...kept.keys()], kept, new Float64Array(coarseCount).fill(1)));
    upTransforms.push(readUpTransform(read, i, kept, fineCount));
  }
  return { levels, downTransforms, upTransforms, permutation };
}

interface Reader {
  fail(name: string, expected: string, actual: string): never;
  /** `[rows, cols]` finite numbers; `[rows]` where cols is 1; `null` rows: any. */
  floats(name: string, rows: number | null, cols: number): Float64Array;
  /** Likewise, integers in [0, limit). */
  indices(name: string, rows: number | null, cols: number, limit: number): Int32Array;
}

function createReader(tensors: Readonly<Record<string, SafeTensor>>, where: string): Reader {
  const fail = (name: string, expected: string, actual: string): never => {
    throw new FormatError(where, 'the values', expected, actual, `tensor ${PREFIX}${name}`);
  };
  const find = (name: string, rows: number | null, cols: number): SafeTensor['data'] => {
    if (!Object.hasOwn(tensors, PREFIX + name)) return fail(name, 'a place in the file', 'none');
    const { shape, data } = tensors[PREFIX + name]!, wanted = [rows ?? shape[0], ...(cols > 1 ? [cols] : [])];
    if (shape.length !== wanted.length || shape.some((n, k) => n !== wanted[k])) fail(name, `shape [${[rows ?? 'any', ...wanted.slice(1)]}]`, `[${shape}]`);
    if (data instanceof BigInt64Array || data instanceof BigUint64Array) fail(name, 'at most 32-bit integers', 'larger');
    return data;
  };
  return {
    fail,
    floats(name, rows, cols) {
      const values = Float64Array.from(find(name, rows, cols) as Float64Array), stray = values.findIndex((x) => !Number.isFinite(x));
      return stray < 0 ? values : fail(name, 'finite numbers', `${values[stray]} at ${stray}`);
    },
    indices(name, rows, cols, limit) {
      const values = find(name, rows, cols) as Float64Array, stray = values.findIndex((x) => !(Number.isInteger(x) && x >= 0 && x < limit));
      return stray < 0 ? Int32Array.from(values) : fail(name, `integers in [0, ${limit})`, `${values[stray]} at ${stray}`);
    },
  };
}

function readUpTransform(read: Reader, i: number, kept: Int32Array, fineCount: number): CsrMatrix<Float64Array> {
  const counts = read.indices(`up.${i}.count`, fineCount, 1, 4), nnz = counts.reduce((sum, n) => sum + n, 0);
  const colIndex = read.indices(`up.${i}.index`, nnz, 1, kept.length), values = read.floats(`up.${i}.weight`, nnz, 1);
  const rowPtr = new Int32Array(fineCount + 1);
  for (let r = 0; r < fineCount; r++) {
    rowPtr[r + 1] = rowPtr[r]! + counts[r]!;
    let sum = 0;
    for (let p = rowPtr[r]!; p < rowPtr[r + 1]!; p++) {
      if (p > rowPtr[r]! && colIndex[p]! <= colIndex[p - 1]!) read.fail(`up.${i}.index`, 'ascending columns in each row', `${colIndex[p]} at ${p}`);
      if (!(values[p]! > 0)) read.fail(`up.${i}.weight`, 'positive weights', `${values[p]} at ${p}`);
      sum += values[p]!;
    }
    if (!(Math.abs(sum - 1) < 1e-6)) read.fail(`up.${i}.weight`, 'rows that sum to 1', `${sum} in row ${r}`);
  }
  const astray = kept.findIndex((v, c) => counts[v] !== 1 || colIndex[rowPtr[v]!] !== c);
  if (astray >= 0) read.fail(`up.${i}.index`, 'kept vertices that copy themselves', `another row ${kept[astray]}`);
  return { shape: [fineCount, kept.length], rowPtr, colIndex, values };
}

function packIndices(indices: Int32Array, shape: readonly number[], limit: number): SafeTensor {
  return limit <= 65536 ? { dtype: 'U16', shape, data: Uint16Array.from(indices) } : { dtype: 'I32', shape, data: indices };
}

function packFloats(values: Float64Array, shape: readonly number[]): SafeTensor {
  const narrow = Float32Array.from(values);
  return narrow.every((x, i) => x === values[i]) ? { dtype: 'F32', shape, data: narrow } : { dtype: 'F64', shape, data: values };
}
