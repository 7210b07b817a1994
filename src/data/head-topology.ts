import { FormatError } from '../core/errors.ts';
import type { SafeTensor } from '../io/safetensors.ts';

/** What a vertex belongs to; `HeadTopology.region` holds positions in this list. */
export const HEAD_REGIONS = ['skin', 'brow', 'eye', 'lips', 'mouth', 'ear'] as const;

/** What every head of one topology shares, in the order of its vertices. */
export interface HeadTopology {
  /** `[F, 3]`, counter-clockwise seen from outside. */
  readonly faces: Int32Array;
  /** `[V]` in [0, 1]: how much a vertex counts as face; 0 on ears, neck and the cut border. */
  readonly faceMask: Float32Array;
  /** `[V]` positions in {@link HEAD_REGIONS}. */
  readonly region: Uint8Array;
  /** `[68]` vertices in iBUG order; 0-16 the outline of the frontal face. */
  readonly landmarks68: Int32Array;
  /** `[5]` vertices: image-left pupil, image-right pupil, nose tip, image-left mouth corner, image-right mouth corner. */
  readonly landmarks5: Int32Array;
  /** `[V]` the vertex on the other side; its own index on the middle line. */
  readonly mirror: Int32Array;
}

const PREFIX = 'topology.';

/** A topology as named arrays for a safetensors file; `faceMask` in 255ths. */
export function topologyToTensors({ faces, faceMask, region, landmarks68, landmarks5, mirror }: HeadTopology): Record<string, SafeTensor> {
  const count = region.length;
  const indices = (values: Int32Array, shape: readonly number[]): SafeTensor =>
    (count <= 65536 ? { dtype: 'U16', shape, data: Uint16Array.from(values) } : { dtype: 'I32', shape, data: values });
  return {
    [`${PREFIX}faces`]: indices(faces, [faces.length / 3, 3]),
    [`${PREFIX}faceMask`]: { dtype: 'U8', shape: [count], data: Uint8Array.from(faceMask, (x) => Math.round(255 * x)) },
    [`${PREFIX}region`]: { dtype: 'U8', shape: [count], data: region },
    [`${PREFIX}landmarks68`]: indices(landmarks68, [68]),
    [`${PREFIX}landmarks5`]: indices(landmarks5, [5]),
    [`${PREFIX}mirror`]: indices(mirror, [count]),
  };
}

/**
 * The topology that {@link topologyToTensors} stored; other names are ignored.
 *
 * @param vertexCount - Of the mesh that it must fit.
 * @param where - Named in errors: the file.
 * @throws {@link FormatError} naming the tensor that is missing, misshapen or out of range.
 */
export function topologyFromTensors(tensors: Readonly<Record<string, SafeTensor>>, vertexCount: number, where = 'topologyFromTensors'): HeadTopology {
  const read = (name: string, shape: readonly number[], limit: number): ArrayLike<number> => {
    const fail = (expected: string, actual: string): never => { throw new FormatError(where, `tensor ${PREFIX}${name}`, expected, actual, 'the header'); };
    if (!Object.hasOwn(tensors, PREFIX + name)) return fail('a place in the file', 'none');
    const { shape: found, data } = tensors[PREFIX + name]!;
    if (found.length !== shape.length || shape.some((n, i) => n >= 0 && n !== found[i])) fail(`shape [${shape.map((n) => (n < 0 ? 'any' : n))}]`, `[${found}]`);
    if (data instanceof BigInt64Array || data instanceof BigUint64Array) return fail('at most 32-bit integers', 'larger');
    const stray = (data as Int32Array).findIndex((x) => !(Number.isInteger(x) && x >= 0 && x < limit));
    return stray < 0 ? data : fail(`integers in [0, ${limit})`, `${data[stray]} at ${stray}`);
  };
  const V = vertexCount;
  return {
    faces: Int32Array.from(read('faces', [-1, 3], V)), faceMask: Float32Array.from(read('faceMask', [V], 256), (x) => x / 255),
    region: Uint8Array.from(read('region', [V], HEAD_REGIONS.length)), landmarks68: Int32Array.from(read('landmarks68', [68], V)),
    landmarks5: Int32Array.from(read('landmarks5', [5], V)), mirror: Int32Array.from(read('mirror', [V], V)),
  };
}
