import type { TensorInfo } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { assertFragments } from '../raster-arguments.ts';
import { defineKernel } from '../registry.ts';
import { wasmFunction, wasmPointer, withScratch } from './module.ts';

const FLOAT = 4;

defineKernel<'InterpolateAttributes', BackendWasm>('InterpolateAttributes', 'wasm', ({ attributes, faces, faceIndex, barycentrics }, backend): TensorInfo => {
  const sizes = sizesOf(attributes.shape, faces, faceIndex), { rows, channels, wide } = sizes, at = (t: TensorInfo): number => wasmPointer(backend, t);
  const out = backend.makeOutput([...faceIndex.shape, channels], 'float32');
  withWideRows(backend, sizes, (tail, table) => {
    const source = widen(backend, at(attributes), table, rows, channels, wide);
    const stray = wasmFunction(backend, 'interpolateAttributes')(source, at(faces), at(faceIndex), at(barycentrics), at(out), tail, ...argumentsOf(sizes));
    assertStray(backend, stray, sizes, faces, faceIndex);
  });
  return out;
});

defineKernel<'InterpolateAttributesBackpropAttributes', BackendWasm>(
  'InterpolateAttributesBackpropAttributes', 'wasm', ({ dy, faces, faceIndex, barycentrics }, backend, { batch, rows: vertexCount }): TensorInfo => {
    const shape = [batch, vertexCount, dy.shape[3]!], sizes = sizesOf(shape, faces, faceIndex), { rows, channels, wide } = sizes;
    const out = backend.makeOutput(shape, 'float32'), at = (t: TensorInfo): number => wasmPointer(backend, t);
    withWideRows(backend, sizes, (tail, table) => {
      const sums = table || at(out);
      const stray = wasmFunction(backend, 'interpolateAttributesBackpropAttributes')(at(dy), at(faces), at(faceIndex), at(barycentrics), sums, tail, ...argumentsOf(sizes));
      assertStray(backend, stray, sizes, faces, faceIndex);
      if (table) wasmFunction(backend, 'resizeRows')(table, at(out), rows, wide, channels);
    });
    return out;
  },
);

defineKernel<'InterpolateAttributesBackpropBarycentrics', BackendWasm>(
  'InterpolateAttributesBackpropBarycentrics', 'wasm', ({ dy, attributes, faces, faceIndex }, backend): TensorInfo => {
    const sizes = sizesOf(attributes.shape, faces, faceIndex), { rows, channels, wide } = sizes, at = (t: TensorInfo): number => wasmPointer(backend, t);
    const out = backend.makeOutput([...faceIndex.shape, 3], 'float32');
    withWideRows(backend, sizes, (tail, table) => {
      const source = widen(backend, at(attributes), table, rows, channels, wide);
      const stray = wasmFunction(backend, 'interpolateAttributesBackpropBarycentrics')(at(dy), source, at(faces), at(faceIndex), at(out), tail, ...argumentsOf(sizes));
      assertStray(backend, stray, sizes, faces, faceIndex);
    });
    return out;
  },
);

interface WideSizes {
  readonly batch: number;
  readonly shared: boolean;
  readonly vertexCount: number;
  readonly faceCount: number;
  readonly channels: number;
  /** Channels filled up to whole vectors. */
  readonly wide: number;
  readonly pixels: number;
  /** Rows of attributes, of all samples together. */
  readonly rows: number;
}

function sizesOf(attributes: readonly number[], faces: TensorInfo, { shape: [batch, height, width] }: TensorInfo): WideSizes {
  const [copies, vertexCount, channels] = attributes as [number, number, number];
  return {
    batch: batch!, shared: copies === 1, vertexCount, faceCount: faces.shape[0]!, channels, wide: 4 * Math.ceil(channels / 4), pixels: height! * width!,
    rows: copies * vertexCount,
  };
}

const argumentsOf = ({ batch, shared, vertexCount, faceCount, channels, wide, pixels }: WideSizes): number[] =>
  [batch, Number(shared), vertexCount, faceCount, channels, wide, pixels];

/** Lends scratch for one pixel, and for all rows of attributes (0 where they are whole vectors already). */
function withWideRows(backend: BackendWasm, { rows, channels, wide }: WideSizes, body: (tail: number, table: number) => void): void {
  const table = wide === channels ? 0 : rows * wide;
  withScratch(backend, FLOAT * (wide + table), (tail) => body(tail, table && tail + FLOAT * wide));
}

function widen(backend: BackendWasm, source: number, table: number, rows: number, channels: number, wide: number): number {
  if (table) wasmFunction(backend, 'resizeRows')(source, table, rows, channels, wide);
  return table || source;
}

function assertStray(backend: BackendWasm, stray: number, { vertexCount, faceCount }: WideSizes, faces: TensorInfo, faceIndex: TensorInfo): void {
  const read = (t: TensorInfo) => () => backend.readSync(t.dataId) as Int32Array;
  assertFragments(stray, vertexCount, faceCount, { faces: read(faces), faceIndex: read(faceIndex) });
}
