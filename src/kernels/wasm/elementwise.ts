import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { replaceKernel } from '../replace-kernel.ts';
import { wasmFunction, wasmPointer } from './module.ts';

// Kernels that a training step spends its time in, in the forms that it uses: leaky ReLU and its mask, and what batch normalisation and
// biases do over all but the last axes. The stock kernels compute every element's place, or transpose before they sum.

const count = (shape: readonly number[]): number => shape.reduce((n, size) => n * size, 1);

replaceKernel<'LeakyRelu', BackendWasm>('LeakyRelu', 'wasm', ({ x }, backend, { alpha }) => {
  if (x.dtype !== 'float32') return null;
  const out = backend.makeOutput(x.shape, 'float32');
  wasmFunction(backend, 'leakyRelu')(wasmPointer(backend, x), wasmPointer(backend, out), count(x.shape), alpha);
  return out;
});

replaceKernel<'Greater', BackendWasm>('Greater', 'wasm', ({ a, b }, backend) => {
  if (a.dtype !== 'float32' || b.dtype !== 'float32' || b.shape.length > 0) return null;
  const out = backend.makeOutput(a.shape, 'bool'), [bound] = backend.readSync(b.dataId) as Float32Array;
  wasmFunction(backend, 'greaterThan')(wasmPointer(backend, a), wasmPointer(backend, out), count(a.shape), bound!);
  return out;
});

replaceKernel<'Tile', BackendWasm>('Tile', 'wasm', ({ x }, backend, { reps }) => {
  const first = x.shape.findIndex((size) => size !== 1), kept = first < 0 ? x.shape.length : first; // axes before it are repeated, the others are copied
  if ((x.dtype !== 'float32' && x.dtype !== 'int32') || reps.some((n, i) => i >= kept && n !== 1)) return null;
  const out = backend.makeOutput(x.shape.map((size, i) => size * reps[i]!), x.dtype);
  wasmFunction(backend, 'repeatRow')(wasmPointer(backend, x), count(x.shape), count(reps), wasmPointer(backend, out));
  return out;
});

replaceKernel<'Sum', BackendWasm>('Sum', 'wasm', ({ x }, backend, attrs) => sumLeadingAxes(backend, x, attrs, 1));

replaceKernel<'Mean', BackendWasm>('Mean', 'wasm', ({ x }, backend, attrs) => sumLeadingAxes(backend, x, attrs, null));

/** Sums over all but the last axes, times `factor`; `null` for `factor` is one over their number. Other axes are not done here. */
function sumLeadingAxes(backend: BackendWasm, { dataId, shape, dtype }: tf.TensorInfo, { axis, keepDims }: tf.SumAttrs, factor: number | null): tf.TensorInfo | null {
  const axes = tf.util.parseAxisParam(axis, [...shape]).sort((a, b) => a - b), kept = shape.slice(axes.length), rows = count(shape.slice(0, axes.length));
  if (dtype !== 'float32' || axes.length === 0 || axes.length === shape.length || axes.some((a, i) => a !== i) || rows === 0) return null;
  const out = backend.makeOutput(keepDims ? [...axes.map(() => 1), ...kept] : kept, 'float32');
  wasmFunction(backend, 'sumLeading')(backend.getMemoryOffset(dataId), wasmPointer(backend, out), rows, count(kept), factor ?? 1 / rows);
  return out;
}
