// Registers every kernel of this library on the `wasm` backend.
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { UnsupportedError } from '../../core/errors.ts';
import './antialias-edges.ts';
import './broadcast-rows.ts';
import './cheb-conv.ts';
import './chebyshev-basis.ts';
import './concat.ts';
import './conv2d.ts';
import './conv2d-backprop-filter.ts';
import './conv2d-backprop-input.ts';
import './depthwise-conv2d.ts';
import './depthwise-conv2d-backprop.ts';
import './deform-conv2d.ts';
import './elementwise.ts';
import './interpolate-attributes.ts';
import './identity.ts';
import './linear.ts';
import './rasterize-mesh.ts';
import './project-vertices.ts';
import './rows.ts';
import './shade-fragments.ts';
import './sparse-mat-mul.ts';
import './vertex-normals.ts';

/**
 * Makes the WebAssembly SIMD backend current.
 *
 * In a page, call `setWasmPaths` of `@tensorflow/tfjs-backend-wasm` first, as for that package itself; Node needs nothing.
 *
 * @throws {@link UnsupportedError} where the runtime has no WebAssembly SIMD.
 */
export async function useWasmBackend(): Promise<void> {
  if (!(await tf.setBackend('wasm'))) throw new UnsupportedError('useWasmBackend', 'WebAssembly with SIMD on this runtime', 'choose the cpu backend');
}
