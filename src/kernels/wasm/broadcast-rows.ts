import type { TensorInfo } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { replaceKernel } from '../replace-kernel.ts';
import { FLOAT } from './arena.ts';
import { wasmFunction, wasmPointer, withScratch } from './module.ts';

// Two maps, or a map and numbers per channel, the forms of batch normalisation and its gradient: the stock kernels compute every element's place.

const count = (shape: readonly number[]): number => shape.reduce((n, size) => n * size, 1);

replaceKernel<'Multiply', BackendWasm>('Multiply', 'wasm', ({ a, b }, backend) => scaled(backend, a, b) ?? overRows(backend, 'multiplyRows', a, b) ?? overRows(backend, 'multiplyRows', b, a));

replaceKernel<'Sub', BackendWasm>('Sub', 'wasm', ({ a, b }, backend) => overRows(backend, 'subtractRows', a, b));

replaceKernel<'FusedBatchNorm', BackendWasm>('FusedBatchNorm', 'wasm', ({ x, mean, variance, offset, scale }, backend, { varianceEpsilon }) => {
  const channels = x.shape.at(-1)!, perChannel = [mean, variance, ...(offset ? [offset] : []), ...(scale ? [scale] : [])];
  if (x.dtype !== 'float32' || perChannel.some(({ dtype, shape }) => dtype !== 'float32' || shape.length !== 1 || shape[0] !== channels)) return null;
  const out = backend.makeOutput(x.shape, 'float32'), at = (t?: TensorInfo): number => (t ? wasmPointer(backend, t) : 0);
  withScratch(backend, FLOAT * (channels + 4), (factors) => wasmFunction(backend, 'batchNormRows')(
    at(x), at(mean), at(variance), at(offset), at(scale), varianceEpsilon, factors, at(out), count(x.shape) / channels, channels,
  ));
  return out;
});

/** `a` and, for each of its rows, `b`: whose shape is, after ones, that of the last axes of `a`, or of all. `null` if it is not, or is a few numbers. */
function overRows(backend: BackendWasm, name: 'multiplyRows' | 'subtractRows', a: TensorInfo, b: TensorInfo): TensorInfo | null {
  const ones = b.shape.findIndex((size) => size !== 1), tail = ones < 0 ? [] : b.shape.slice(ones), columns = count(tail), rows = count(a.shape) / columns;
  const fits = a.dtype === 'float32' && b.dtype === 'float32' && a.shape.length >= b.shape.length && tail.every((size, i) => size === a.shape[a.shape.length - tail.length + i]);
  if (!fits || columns < 4 || rows < 1) return null;
  const out = backend.makeOutput(a.shape, 'float32');
  wasmFunction(backend, name)(wasmPointer(backend, a), wasmPointer(backend, b), wasmPointer(backend, out), rows, columns);
  return out;
}

/** `a` times a single number. */
function scaled(backend: BackendWasm, a: TensorInfo, b: TensorInfo): TensorInfo | null {
  if (a.dtype !== 'float32' || b.dtype !== 'float32' || b.shape.length > 0) return null;
  const out = backend.makeOutput(a.shape, 'float32'), [factor] = backend.readSync(b.dataId) as Float32Array;
  wasmFunction(backend, 'scaleNumbers')(wasmPointer(backend, a), factor!, wasmPointer(backend, out), count(a.shape));
  return out;
}
