import { TENSOR_STORAGE, type SafeTensorData } from './tensor-storage.ts';
import type { TorchTensor } from './torch-objects.ts';

/**
 * The numbers of a tensor in row-major order, copied out of its storage whatever its strides.
 *
 * @param storage - The bytes of the storage.
 */
export function torchNumbers({ storage: { dtype }, offset, shape, strides }: TorchTensor, storage: Uint8Array): SafeTensorData {
  const { bytes, read } = TENSOR_STORAGE[dtype], count = countOf(shape);
  if (count === 0) return read(new ArrayBuffer(0));
  const last = shape.reduce((sum, n, axis) => sum + (n - 1) * strides[axis]!, 0);
  // A Node Buffer's own slice would be a view.
  const span = Uint8Array.prototype.slice.call(storage, offset * bytes, (offset + last + 1) * bytes).buffer as ArrayBuffer;
  return read(isRowMajor(shape, strides) ? span : gather(span, bytes, shape, strides));
}

/** Product of a shape; 1 for none. */
export const countOf = (shape: readonly number[]): number => (shape.includes(0) ? 0 : shape.reduce((product, n) => product * n, 1));

function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}

// Copies bits, so that no NaN changes; numbers of 8 bytes are two words, which are one more axis.
function gather(span: ArrayBuffer, bytes: number, shape: readonly number[], strides: readonly number[]): ArrayBuffer {
  const words = bytes === 8 ? 2 : 1, Words = bytes === 1 ? Uint8Array : bytes === 2 ? Uint16Array : Uint32Array;
  const axes = shape.map((n, axis) => ({ n, stride: strides[axis]! * words })).filter(({ n }) => n > 1);
  if (words > 1) axes.push({ n: words, stride: 1 });
  const inner = axes.pop()!, index = axes.map(() => 0), source = new Words(span), out = new Words(countOf(shape) * words);
  for (let to = 0, from = 0; ;) {
    for (let i = 0; i < inner.n; i++) out[to++] = source[from + i * inner.stride]!;
    let axis = axes.length - 1;
    for (; axis >= 0; axis--) {
      const { n, stride } = axes[axis]!;
      from += stride;
      if (++index[axis]! < n) break;
      from -= n * stride;
      index[axis] = 0;
    }
    if (axis < 0) return out.buffer;
  }
}
