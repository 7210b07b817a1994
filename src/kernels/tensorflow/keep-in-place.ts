import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { wasmMemory, wasmPointer } from '../wasm/module.ts';
import { holderOf, replaceKernel, wasmBackend } from './borrowed.ts';

/**
 * Replaces two kernels that would move a tensor from the memory of the wasm backend to TensorFlow, and make the next kernel of this library move it back: the
 * tape clones every tensor that a gradient reads, and results are reshaped on their way.
 */
export function keepInPlace(): void {
  replaceKernel('Identity', () => ({ inputs }) => {
    const { dataId, shape, dtype } = inputs.x as tf.TensorInfo;
    holderOf(dataId).incRef(dataId);
    return { dataId, shape, dtype };
  });
  replaceKernel('Reshape', (stock) => (args) => {
    const x = args.inputs.x as tf.TensorInfo, wasm = wasmBackend();
    if (x.dtype === 'string' || holderOf(x.dataId) !== wasm) return stock(args);
    const size = tf.util.sizeFromShape(x.shape), shape = tf.util.inferFromImplicitShape((args.attrs as unknown as { readonly shape: number[] }).shape, size);
    return tf.engine().makeTensorFromTensorInfo(copyOf(wasm, x, shape, size), wasm);
  });
}

/** A copy: data that two shapes share would be moved with one of them only. */
function copyOf(wasm: BackendWasm, x: tf.TensorInfo, shape: number[], size: number): tf.TensorInfo {
  const out = wasm.makeOutput(shape, x.dtype), from = wasmPointer(wasm, x), bytes = size * tf.util.bytesPerElement(x.dtype);
  new Uint8Array(wasmMemory(wasm).buffer).copyWithin(wasmPointer(wasm, out), from, from + bytes);
  return out;
}
