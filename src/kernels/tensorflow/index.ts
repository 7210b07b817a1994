// Registers every kernel of this library on the `tensorflow` backend, in Node only.
import * as tf from '@tensorflow/tfjs';
import { resolveOptions } from '../../core/options.ts';
import { UnsupportedError } from '../../core/errors.ts';
import { borrowKernel, registeredKernels } from '../registry.ts';
import { useWasmBackend } from '../wasm/index.ts';
import './deform-conv2d.ts';
import { padByNumbers } from './convolutions.ts';
import { fuseConvolutions } from './fused-convolutions.ts';
import { defaultTensorflowHome } from './home-node.ts';
import { loadTensorflow, type TensorflowSource } from './load-node.ts';
import { keepInPlace } from './keep-in-place.ts';

/** Options of {@link useTensorflowBackend}. */
export interface TensorflowOptions {
  /** Where `retinamesh setup tensorflow` installed. */
  readonly home: string;
}

/**
 * Makes native TensorFlow current: convolutions and what else is dense run there, this library's own kernels on the memory of the wasm backend
 * (the product of a sparse matrix takes TensorFlow 25 times as long). Load it first in a process: the environment variables
 * `TF_NUM_INTRAOP_THREADS` and `TF_NUM_INTEROP_THREADS` are read once.
 *
 * @returns Where the addon came from.
 * @throws {@link UnsupportedError} if TensorFlow is not set up, or does not load.
 */
export async function useTensorflowBackend(options?: Partial<TensorflowOptions>): Promise<TensorflowSource> {
  const { home } = resolveOptions('useTensorflowBackend', { home: defaultTensorflowHome() }, options), source = loadTensorflow(home);
  await useWasmBackend();
  for (const name of registeredKernels('wasm')) borrowKernel(name, 'tensorflow', 'wasm');
  if (!(await tf.setBackend('tensorflow'))) throw new UnsupportedError('useTensorflowBackend', 'the TensorFlow that was loaded', 'set TF_CPP_MIN_LOG_LEVEL=0 to see why it does not start, or choose another backend');
  keepInPlace();
  padByNumbers();
  fuseConvolutions();
  return source;
}
