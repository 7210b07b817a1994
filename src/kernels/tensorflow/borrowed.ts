import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** The wasm backend of this process, which {@link useTensorflowBackend} has started: this library's own kernels run on its memory. */
export const wasmBackend = (): BackendWasm => tf.findBackend('wasm') as BackendWasm;

/** The backend that holds a tensor's values now: TensorFlow.js moves them when a kernel of another one reads them. */
export const holderOf = (dataId: tf.DataId): tf.KernelBackend => tf.engine().state.tensorInfo.get(dataId)!.backend;

/** Puts another kernel in the place of TensorFlow's; `make` is given the one that was there. Does nothing the second time. */
export function replaceKernel(kernelName: string, make: (stock: tf.KernelFunc) => tf.KernelFunc): void {
  const kernel = tf.getKernel(kernelName, 'tensorflow');
  if (!kernel || replaced.has(kernel.kernelFunc)) return;
  const kernelFunc = make(kernel.kernelFunc);
  replaced.add(kernelFunc);
  tf.unregisterKernel(kernelName, 'tensorflow');
  tf.registerKernel({ ...kernel, kernelFunc });
}

const replaced = new WeakSet<tf.KernelFunc>();
