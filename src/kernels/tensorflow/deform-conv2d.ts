import * as tf from '@tensorflow/tfjs';
import type { TensorInfo } from '@tensorflow/tfjs';
import { type DeformSizes, deformSizes, type PixelRange } from '../impl/deform-sample.ts';
import { defineKernel } from '../registry.ts';
import { type DeformTensors, deformColumns, scatterColumns } from '../wasm/deform-columns.ts';
import { wasmFunction, wasmPointer } from '../wasm/module.ts';
import { wasmBackend } from './borrowed.ts';
import type { TensorflowBackend } from './tensorflow-backend.ts';

// Samples are taken on the memory of the wasm backend, and multiplied by TensorFlow, a matrix of all taps of some pixels at a time.

/** Numbers in such a matrix: 32 MiB, whatever the image. */
const MATRIX = 2 ** 23;

defineKernel<'DeformConv2D', TensorflowBackend>('DeformConv2D', 'tensorflow', ({ x, weights, offsets, mask, bias }, _, steps): TensorInfo => tf.tidy(() => {
  const sizes = deformSizes(x.shape, weights.shape, offsets.shape, steps), matrix = asMatrix(weights, sizes);
  const y = tf.concat(pixelRanges(sizes).map((range) => tf.tidy(() => tf.matMul(sampledColumns({ x, offsets, mask }, sizes, range), matrix))), 0);
  return tf.reshape(bias ? tf.add(y, bias as tf.Tensor1D) : y, [sizes.batch, sizes.outHeight, sizes.outWidth, sizes.outputs]);
}));

defineKernel<'DeformConv2DBackpropSamples', TensorflowBackend>('DeformConv2DBackpropSamples', 'tensorflow', ({ x, weights, offsets, mask, dy }, _, steps): [TensorInfo, TensorInfo, TensorInfo] => {
  const wasm = wasmBackend(), sizes = deformSizes(x.shape, weights.shape, offsets.shape, steps);
  const gradients = [x, offsets, mask].map(({ shape }) => tf.engine().makeTensorFromTensorInfo(wasm.makeOutput(shape, 'float32'), wasm)) as [tf.Tensor, tf.Tensor, tf.Tensor];
  wasmFunction(wasm, 'zero')(wasmPointer(wasm, gradients[0]), tf.util.sizeFromShape(x.shape));
  tf.tidy(() => {
    const matrix = asMatrix(weights, sizes), rows = tf.reshape<tf.Rank.R2>(dy as tf.Tensor, [-1, sizes.outputs]);
    for (const range of pixelRanges(sizes)) {
      tf.tidy(() => {
        const columns = tf.matMul(tf.slice(rows, [range.begin, 0], [range.end - range.begin, sizes.outputs]), matrix, false, true);
        scatterColumns(wasm, { x, offsets, mask }, columns, gradients, sizes, range);
      });
    }
  });
  return gradients;
});

defineKernel<'DeformConv2DBackpropWeights', TensorflowBackend>('DeformConv2DBackpropWeights', 'tensorflow', ({ x, offsets, mask, dy }, _, { kernelSize, ...steps }): TensorInfo => tf.tidy(() => {
  const shape = [...kernelSize, x.shape[3]!, dy.shape[3]!], sizes = deformSizes(x.shape, shape, offsets.shape, steps), rows = tf.reshape<tf.Rank.R2>(dy as tf.Tensor, [-1, sizes.outputs]);
  const parts = pixelRanges(sizes).map((range) => tf.tidy(() =>
    tf.matMul(sampledColumns({ x, offsets, mask }, sizes, range), tf.slice(rows, [range.begin, 0], [range.end - range.begin, sizes.outputs]), true)));
  return tf.reshape(tf.addN(parts), shape);
}));

const depthOf = ({ kernelHeight, kernelWidth, inputs }: DeformSizes): number => kernelHeight * kernelWidth * inputs;

const asMatrix = (weights: TensorInfo, sizes: DeformSizes): tf.Tensor2D => tf.reshape(weights as tf.Tensor, [depthOf(sizes), sizes.outputs]);

/** The output's pixels in runs whose matrix is not larger than {@link MATRIX}. */
function pixelRanges(sizes: DeformSizes): PixelRange[] {
  const pixels = sizes.batch * sizes.outHeight * sizes.outWidth, most = Math.max(1, Math.floor(MATRIX / depthOf(sizes)));
  return Array.from({ length: Math.max(1, Math.ceil(pixels / most)) }, (_, i) => ({ begin: i * most, end: Math.min(pixels, (i + 1) * most) }));
}

/** `[pixels, taps I]`: what the taps of the pixels read, times the mask. */
function sampledColumns(tensors: DeformTensors, sizes: DeformSizes, range: PixelRange): tf.Tensor2D {
  const wasm = wasmBackend(), columns = wasm.makeOutput([range.end - range.begin, depthOf(sizes)], 'float32');
  deformColumns(wasm, tensors, columns, sizes, range);
  return tf.engine().makeTensorFromTensorInfo(columns, wasm) as tf.Tensor2D;
}
