import type { TensorInfo } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { DeformSizes, PixelRange } from '../impl/deform-sample.ts';
import { createArena, FLOAT } from './arena.ts';
import { wasmFunction, wasmPointer, withScratch } from './module.ts';

/** What is sampled, and where: see `DeformInputs` of ../impl/deform-sample.ts. */
export type DeformTensors = Readonly<Record<'x' | 'offsets' | 'mask', TensorInfo>>;

/** Output pixels that are located together, and floats of a sample in the kernels' table. */
const BLOCK = 32, SAMPLE = 8;

/**
 * Samples all taps of some output pixels, for a matrix product elsewhere.
 *
 * @param columns - `[pixels, taps, I]`, overwritten with mask times sample.
 */
export function deformColumns(backend: BackendWasm, { x, offsets, mask }: DeformTensors, columns: TensorInfo, sizes: DeformSizes, range: PixelRange): void {
  const pointers = [x, offsets, mask, columns].map((t) => wasmPointer(backend, t));
  withSpace(backend, sizes, (zeros, _spill, table) => wasmFunction(backend, 'deformColumns')(...pointers, zeros, table, BLOCK, range.begin, range.end, ...argumentsOf(sizes)));
}

/**
 * Carries gradients of such columns back to what was sampled.
 *
 * @param columns - `[pixels, taps, I]`.
 * @param gradients - Of x, offsets and mask, in their shapes: the first is added to, of the others these pixels are written.
 */
export function scatterColumns(
  backend: BackendWasm, { x, offsets, mask }: DeformTensors, columns: TensorInfo, gradients: readonly [TensorInfo, TensorInfo, TensorInfo], sizes: DeformSizes, range: PixelRange,
): void {
  const pointers = [x, offsets, mask, columns, ...gradients].map((t) => wasmPointer(backend, t));
  withSpace(backend, sizes, (zeros, spill, table) => wasmFunction(backend, 'scatterColumns')(...pointers, zeros, spill, table, BLOCK, range.begin, range.end, ...argumentsOf(sizes)));
}

const argumentsOf = ({ height, width, inputs, kernelHeight, kernelWidth, outHeight, outWidth, stride, padding }: DeformSizes): number[] =>
  [height, width, inputs, kernelWidth, kernelHeight * kernelWidth, outHeight, outWidth, stride, padding];

function withSpace(backend: BackendWasm, { inputs }: DeformSizes, body: (zeros: number, spill: number, table: number) => void): void {
  withScratch(backend, FLOAT * (2 * inputs + BLOCK * SAMPLE + 16), (scratch) => {
    const take = createArena(scratch);
    body(take(inputs), take(inputs), take(BLOCK * SAMPLE));
  });
}
