import type { TensorInfo } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type DeformSizes, deformSizes } from '../impl/deform-sample.ts';
import { defineKernel } from '../registry.ts';
import { createArena, FLOAT } from './arena.ts';
import { wasmFunction, wasmPointer, withScratch } from './module.ts';

/**
 * Output pixels that are sampled and multiplied together. From 16 to 256 the output takes the same time; the gradient by the weights takes, of
 * 24 x 24 x 256 -> 256, 12.2 ms at 32 and 16.4 at 64, where rows a kilobyte apart no longer find room in the sets of the first-level cache.
 */
const BLOCK = 32;

/** Floats of a sample in the kernels' table. */
const SAMPLE = 8;

const argumentsOf = ({ batch, height, width, inputs, outputs, kernelHeight, kernelWidth, outHeight, outWidth, stride, padding }: DeformSizes): number[] =>
  [batch, height, width, inputs, outputs, kernelHeight, kernelWidth, outHeight, outWidth, stride, padding];

/** Lends what a block needs (two rows of channels, the table, the tile), and `more` floats: 1.1 KB + 136 bytes a channel, whatever the image. */
function withBlock(backend: BackendWasm, inputs: number, more: number, body: (zeros: number, spill: number, table: number, tile: number, rest: number) => void): void {
  withScratch(backend, FLOAT * ((BLOCK + 2) * inputs + BLOCK * SAMPLE + more + 16), (scratch) => {
    const take = createArena(scratch);
    body(take(inputs), take(inputs), take(BLOCK * SAMPLE), take(BLOCK * inputs), take(more));
  });
}

defineKernel<'DeformConv2D', BackendWasm>('DeformConv2D', 'wasm', ({ x, weights, offsets, mask, bias }, backend, steps): TensorInfo => {
  const sizes = deformSizes(x.shape, weights.shape, offsets.shape, steps), at = (t: TensorInfo): number => wasmPointer(backend, t);
  const out = backend.makeOutput([sizes.batch, sizes.outHeight, sizes.outWidth, sizes.outputs], 'float32');
  withBlock(backend, sizes.inputs, 0, (zeros, _spill, table, tile) => {
    wasmFunction(backend, 'deformConv2d')(at(x), at(weights), at(offsets), at(mask), bias ? at(bias) : 0, at(out), zeros, table, tile, BLOCK, ...argumentsOf(sizes));
  });
  return out;
});

defineKernel<'DeformConv2DBackpropSamples', BackendWasm>('DeformConv2DBackpropSamples', 'wasm', ({ x, weights, offsets, mask, dy }, backend, steps): [TensorInfo, TensorInfo, TensorInfo] => {
  const sizes = deformSizes(x.shape, weights.shape, offsets.shape, steps), { inputs, outputs } = sizes, taps = sizes.kernelHeight * sizes.kernelWidth;
  const [dx, dOffsets, dMask] = [x, offsets, mask].map(({ shape }) => backend.makeOutput(shape, 'float32')) as [TensorInfo, TensorInfo, TensorInfo];
  const at = (t: TensorInfo): number => wasmPointer(backend, t);
  withBlock(backend, inputs, taps * inputs * outputs, (zeros, spill, table, tile, weightsT) => {
    wasmFunction(backend, 'transposeBlocks')(at(weights), weightsT, taps, inputs, outputs);
    wasmFunction(backend, 'deformConv2dBackpropSamples')(
      at(x), weightsT, at(offsets), at(mask), at(dy), at(dx), at(dOffsets), at(dMask), zeros, spill, table, tile, BLOCK, ...argumentsOf(sizes),
    );
  });
  return [dx, dOffsets, dMask];
});

defineKernel<'DeformConv2DBackpropWeights', BackendWasm>('DeformConv2DBackpropWeights', 'wasm', ({ x, offsets, mask, dy }, backend, { kernelSize, ...steps }): TensorInfo => {
  const shape = [...kernelSize, x.shape[3]!, dy.shape[3]!], sizes = deformSizes(x.shape, shape, offsets.shape, steps), at = (t: TensorInfo): number => wasmPointer(backend, t);
  const dWeights = backend.makeOutput(shape, 'float32');
  withBlock(backend, sizes.inputs, 0, (zeros, _spill, table, tile) => {
    wasmFunction(backend, 'deformConv2dBackpropWeights')(at(x), at(offsets), at(mask), at(dy), at(dWeights), zeros, table, tile, BLOCK, ...argumentsOf(sizes));
  });
  return dWeights;
});
