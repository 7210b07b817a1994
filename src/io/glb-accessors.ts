import { UnsupportedError } from '../core/errors.ts';
import type { Json, JsonChecker } from './json-checker.ts';

const COMPONENT_BYTES: Readonly<Record<number, number>> = { 5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4 };
const TYPE_SIZES: Readonly<Record<string, number>> = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4 };
const FLOAT = 5126;

/** Checks buffers and views against the binary chunk: everything lies inside the file. */
export function checkGlbViews({ list, index, fail }: JsonChecker, where: string, json: Json, binary: Uint8Array, views: readonly Json[]): void {
  const buffers = list(json, 'buffers');
  buffers.forEach((buffer, i) => {
    if (i > 0 || buffer.uri !== undefined) throw new UnsupportedError(where, 'a buffer outside the file', 'save everything as one .glb');
    if (index(buffer.byteLength, Number.MAX_SAFE_INTEGER, `buffers[${i}].byteLength`) > binary.length) fail(`buffers[${i}].byteLength`, `at most the ${binary.length} bytes of the binary chunk`, `${buffer.byteLength}`);
  });
  views.forEach((view, i) => {
    index(view.buffer, buffers.length, `bufferViews[${i}].buffer`);
    const begin = index(view.byteOffset ?? 0, Number.MAX_SAFE_INTEGER, `bufferViews[${i}].byteOffset`), length = index(view.byteLength, Number.MAX_SAFE_INTEGER, `bufferViews[${i}].byteLength`);
    if (begin + length > binary.length) fail(`bufferViews[${i}]`, `its end within ${binary.length} bytes`, `${begin + length}`);
    if (view.byteStride !== undefined && !(index(view.byteStride, 253, `bufferViews[${i}].byteStride`) >= 4)) fail(`bufferViews[${i}].byteStride`, 'at least 4', `${view.byteStride}`);
  });
}

/** Checks that an accessor's count, type and place fit its view, and those of its sparse part. */
export function checkGlbAccessor({ record, index, fail }: JsonChecker, accessor: Json, i: number, views: readonly Json[], quantized: boolean): void {
  const path = `accessors[${i}]`, bytes = COMPONENT_BYTES[accessor.componentType as number] ?? fail(`${path}.componentType`, 'a known value', `${accessor.componentType}`);
  const size = bytes * TYPE_SIZES[accessor.type as string]!, count = accessor.count as number;
  if (count === 0) fail(`${path}.count`, 'at least 1', '0');
  const fits = (view: Json, offset: unknown, what: string, n: number, element: number): void => {
    const begin = index(offset ?? 0, Number.MAX_SAFE_INTEGER, `${what}.byteOffset`), stride = (view.byteStride as number | undefined) ?? element, end = begin + stride * (n - 1) + element;
    if (begin % Math.min(element, bytes) !== 0) fail(`${what}.byteOffset`, 'a multiple of its component', `${begin}`);
    if (end > (view.byteLength as number)) fail(what, `its end within the ${view.byteLength} bytes of its view`, `${end}`);
  };
  if (accessor.type === 'VEC3' && accessor.componentType !== FLOAT && !quantized && accessor.normalized !== true) fail(`${path}.componentType`, `value ${FLOAT} without KHR_mesh_quantization`, `${accessor.componentType}`);
  if (accessor.bufferView !== undefined) fits(views[index(accessor.bufferView, views.length, `${path}.bufferView`)]!, accessor.byteOffset, path, count, size);
  if (accessor.sparse === undefined) return;
  const sparse = record(accessor.sparse, `${path}.sparse`), indices = record(sparse.indices, `${path}.sparse.indices`), values = record(sparse.values, `${path}.sparse.values`);
  const n = index(sparse.count, count + 1, `${path}.sparse.count`);
  if (![5121, 5123, 5125].includes(indices.componentType as number)) fail(`${path}.sparse.indices.componentType`, 'an unsigned type', `${indices.componentType}`);
  fits(views[index(indices.bufferView, views.length, `${path}.sparse.indices.bufferView`)]!, indices.byteOffset, `${path}.sparse.indices`, n, COMPONENT_BYTES[indices.componentType as number]!);
  fits(views[index(values.bufferView, views.length, `${path}.sparse.values.bufferView`)]!, values.byteOffset, `${path}.sparse.values`, n, size);
}
