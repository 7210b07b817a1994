import type { TensorInfo } from '@tensorflow/tfjs';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';

/** Values of an int32 tensor of the cpu backend, not copied. */
export const cpuInts = (backend: MathBackendCPU, t: TensorInfo): Int32Array => backend.data.get(t.dataId).values as Int32Array;

/** Values of a float32 tensor of the cpu backend, not copied. */
export const cpuFloats = (backend: MathBackendCPU, t: TensorInfo): Float32Array => backend.data.get(t.dataId).values as Float32Array;
